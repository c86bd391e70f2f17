//! The names of members in a JSON pointer (RFC 6901, section 3).

/// A name as a reference token of a pointer.
pub fn pointer_token(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The name that a reference token stands for.
pub fn pointer_name(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_comes_back() {
        for (name, token) in [("a/b", "a~1b"), ("~1", "~01"), ("m~n", "m~0n"), ("", "")] {
            assert_eq!(pointer_token(name), token);
            assert_eq!(pointer_name(token), name);
        }
    }
}
