//! Numbers of things, as people write them.

use std::fmt::Display;

/// `1 call`, `2 calls`, `0 calls`. `one` is what one of them is called, whose plural takes an `s`.
pub fn counted(count: impl Display, one: &str) -> String {
    let count = count.to_string();
    let s = if count == "1" { "" } else { "s" };
    format!("{count} {one}{s}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_no_plural() {
        let all = [0, 1, 2, 11, 21].map(|count| counted(count, "call"));
        assert_eq!(all, ["0 calls", "1 call", "2 calls", "11 calls", "21 calls"]);
    }
}
