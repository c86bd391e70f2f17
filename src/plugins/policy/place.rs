//! Where a rule looks: a glob over paths into a message.

use wildmatch::WildMatch;

/// A glob over places.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// As it is written.
    written: WildMatch,
    /// The same and what stands beneath, whatever the capitals: some servers read `Path` as `path`, and many take a list
    /// where they take a text.
    covered: Vec<WildMatch>,
}

impl Place {
    pub(super) fn new(glob: &str) -> Self {
        let beneath = [glob.to_owned(), format!("{glob}.*"), format!("{glob}[*")];
        // And a text where they take a list.
        let alone = glob.strip_suffix(']').and_then(|items| items.rsplit_once('['));
        let alone = alone.map(|(list, _)| list.to_owned()).filter(|list| !list.is_empty());
        let globs = beneath.into_iter().chain(alone);
        Self {
            written: WildMatch::new(glob),
            covered: globs.map(|glob| WildMatch::new_case_insensitive(&glob)).collect(),
        }
    }

    /// Whether a path leads exactly there.
    pub(super) fn is(&self, path: &str) -> bool {
        self.written.matches(path)
    }

    /// Whether a path leads there, or to what a server may take for it.
    pub(super) fn covers(&self, path: &str) -> bool {
        self.covered.iter().any(|glob| glob.matches(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_covers_what_a_server_may_take_for_it() {
        let path = Place::new("path");
        assert!(path.is("path") && !path.is("path[0]"));
        for covered in ["path", "path[0]", "path[0].x", "path.x[1]", "Path"] {
            assert!(path.covers(covered), "{covered}");
        }
        for other in ["paths", "a.path", "pat", "path_2"] {
            assert!(!path.covers(other), "{other}");
        }
        let items = Place::new("paths[*]");
        assert!(
            items.covers("paths") && items.covers("paths[3]") && items.covers("paths[3][0]") && !items.covers("path")
        );
    }
}
