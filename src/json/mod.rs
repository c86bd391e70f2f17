//! JSON as bytes: a strict, non-recursive pass over a text that says where its tokens stand, without building a tree.
//!
//! Payloads are relayed as the bytes they arrived in, so what is needed is where each leaf begins and ends, its decoded
//! text, and a way to put another text in its place. The grammar is RFC 8259, with one leniency that a relay needs: an
//! escaped lone surrogate is accepted and kept, and is decoded to U+FFFD for whoever reads the text.

mod object;
mod pointer;
mod repeated;
mod shallow;
mod splice;
mod stops;
mod strict;
mod text;

pub use object::{with_member, without_members};
pub use pointer::{pointer_name, pointer_token};
pub use repeated::repeated_name;
pub use shallow::{Members, Shallow, first_members, items, members};
pub use splice::{Edit, splice};
pub use strict::{Container, Events, Fault, MAX_DEPTH, Token, scan, validate};
pub use text::{SourceMap, decode, quote};
