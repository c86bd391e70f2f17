//! From a decoded leaf back to the source that it stands in.

use std::ops::Range;

use super::{Hit, Retyped};
use crate::{
    detect::{Context, Role},
    json::{self, SourceMap, Token},
};

/// Where a leaf's decoded text stands in the source.
pub(super) struct Source {
    span: Range<usize>,
    map: SourceMap,
    written: Written,
}

/// How a replacement is written in the place of a leaf.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// In the string that the leaf is.
    InString,
    /// As a string in the place of a number.
    AsString,
    /// As a number: structured content has a schema, and a client that checks it would drop the whole result.
    Zero,
}

impl Written {
    pub(super) fn of(context: &Context<'_>) -> Self {
        match (context.role, context.names.first()) {
            (Role::Number, Some(first)) if first == "structuredContent" => Self::Zero,
            (Role::Number, _) => Self::AsString,
            _ => Self::InString,
        }
    }
}

impl Source {
    pub(super) fn new(token: &Token<'_>, written: Written) -> Self {
        Self {
            span: token.span.clone(),
            map: SourceMap::new(token),
            written,
        }
    }

    /// `hit`, found in the decoded leaf, as a hit in the source.
    pub(super) fn hit(&self, hit: Hit) -> Hit {
        let whole = |with| Hit {
            span: self.span.clone(),
            with,
            matched: hit.matched.clone().filter(|_| hit.span.len() == self.span.len()),
            ..hit.clone()
        };
        match self.written {
            Written::AsString => {
                return Hit {
                    retyped: Retyped::FromNumber,
                    ..whole(json::quote(&hit.with))
                };
            }
            Written::Zero => return whole("0".to_owned()),
            Written::InString => {}
        }
        let from = self.span.start + 1;
        let span = from + self.map.source(hit.span.start)..from + self.map.source(hit.span.end);
        if hit.retyped == Retyped::ToNumber && span == (from..self.span.end - 1) {
            return Hit {
                span: self.span.clone(),
                ..hit
            };
        }
        let quoted = json::quote(&hit.with);
        Hit {
            span,
            with: quoted[1..quoted.len() - 1].to_owned(),
            ..hit
        }
    }
}
