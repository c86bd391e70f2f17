//! The servers behind the gateway: their processes, the sessions with them, what they offer, and the fleet of them all.

mod asker;
mod catalog;
mod connection;
mod filter;
mod fleet;
mod gate;
mod handshake;
mod pairs;
pub mod remote;
mod server;
mod session;
mod supervise;

pub use catalog::{Catalog, Changes, Item, Offering, Tool};
pub use fleet::{Fleet, Surroundings, Wanted};
pub use gate::{Declared, Gate, Ruling, Withheld};
pub use server::{MOST_CALLS, Ready, Server, State, Unavailable};
pub use session::{Answer, Failure, Inbound, Progress, Session};
