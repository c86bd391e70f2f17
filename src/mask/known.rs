//! What was learnt of the ways to the leaves of a text, so that it is asked once and not for each record of an answer.

use super::{Masker, siblings};
use crate::message::Leaf;

/// How many ways are remembered at a time. A power of two.
const PLACES: usize = 256;

/// The longest name that is judged by itself and by those that lead to it alone, in bytes as written: what
/// [`Detector::find`](crate::detect::Detector::find) says of names.
const LONGEST_NAME: usize = 32;

/// What is known of a way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Known {
    way: u32,
    /// Whether nothing is found in the last of its names.
    clean: bool,
    /// Whether its names say nothing of what they lead to, to the detector and to the members beside it.
    pub(super) silent: bool,
    pub(super) dull: bool,
    asked: bool,
}

/// The ways that leaves came on.
#[derive(Default)]
pub(super) struct Ways {
    rows: Vec<Known>,
}

impl Ways {
    /// What is known of a way that is told from others.
    fn row(&mut self, way: u32) -> Option<&mut Known> {
        if way == 0 {
            return None;
        }
        if self.rows.is_empty() {
            self.rows.resize(PLACES, Known::default());
        }
        let row = &mut self.rows[way as usize % PLACES];
        if row.way != way {
            *row = Known {
                way,
                ..Known::default()
            };
        }
        Some(row)
    }

    /// Whether `leaf` is a name in which nothing was found before.
    pub(super) fn is_clean(&mut self, leaf: &Leaf<'_, '_>) -> bool {
        leaf.token.raw.len() <= LONGEST_NAME && self.row(leaf.way).is_some_and(|row| row.clean)
    }

    /// Remembers that nothing is found in the name that `leaf` is.
    pub(super) fn set_clean(&mut self, leaf: &Leaf<'_, '_>) {
        if let Some(row) = self.row(leaf.way) {
            row.clean = true;
        }
    }

    /// What is known of the way to a value.
    pub(super) fn to(&mut self, leaf: &Leaf<'_, '_>, masker: &Masker) -> Known {
        let Some(row) = self.row(leaf.way) else {
            return Known::default();
        };
        if !row.asked {
            row.asked = true;
            row.silent = masker.detector.is_silent(leaf.context.names);
            row.dull = siblings::is_dull(leaf.context.names);
        }
        *row
    }
}
