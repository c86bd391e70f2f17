//! Texts as people read them: what hides in one is written out, names are quoted, things are counted, long ones are cut.

mod counted;
mod cut;
mod letters;
mod nearest;
mod quoted;
mod visible;

pub use counted::counted;
pub use cut::{cut, line};
pub use letters::to_the_letter;
pub use nearest::{did_you_mean, nearest};
pub(crate) use nearest::{folded, is_same};
pub use quoted::{listed, printable, quoted};
pub use visible::{in_one_line, visible, visible_json, visible_line};
