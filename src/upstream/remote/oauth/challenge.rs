//! What a server that wants a token says of it: the `WWW-Authenticate` header (RFC 9110, RFC 6750, RFC 9728).

use reqwest::header::HeaderValue;

/// The parameters of a `Bearer` challenge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::upstream::remote) struct Challenge {
    /// Where the metadata of the resource is.
    pub(in crate::upstream::remote) resource_metadata: Option<String>,
    /// The scopes that are needed, with spaces between them.
    pub(in crate::upstream::remote) scope: Option<String>,
    /// What is wrong with the token that was sent.
    pub(in crate::upstream::remote) error: Option<String>,
}

impl Challenge {
    /// The `Bearer` challenge in these headers; empty where there is none.
    pub(in crate::upstream::remote) fn of<'h>(headers: impl IntoIterator<Item = &'h HeaderValue>) -> Self {
        let mut challenge = Self::default();
        for header in headers.into_iter().filter_map(|header| header.to_str().ok()) {
            challenge.read(header);
        }
        challenge
    }

    fn read(&mut self, header: &str) {
        let mut rest = header;
        let mut bearer = false;
        loop {
            rest = rest.trim_start_matches([' ', '\t', ',']);
            let (word, after) = rest.split_at(rest.find([' ', '\t', ',', '=']).unwrap_or(rest.len()));
            let Some(value) = after.trim_start().strip_prefix('=').filter(|_| !word.is_empty()) else {
                if rest.is_empty() {
                    return;
                }
                // A word without a value begins another challenge.
                bearer = word.eq_ignore_ascii_case("bearer");
                rest = if word.is_empty() { &rest[1..] } else { after };
                continue;
            };
            let (value, after) = value_of(value.trim_start());
            rest = after;
            let place = match word.to_ascii_lowercase().as_str() {
                "resource_metadata" => &mut self.resource_metadata,
                "scope" => &mut self.scope,
                "error" => &mut self.error,
                _ => continue,
            };
            if bearer {
                place.get_or_insert(value);
            }
        }
    }
}

/// A token or a quoted string, and what follows it.
fn value_of(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let (value, rest) = text.split_at(text.find([' ', '\t', ',']).unwrap_or(text.len()));
        return (value.to_owned(), rest);
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (value, &quoted[at + 1..]),
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            _ => value.push(character),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bearer_challenge_is_read_among_others() {
        for (header, metadata, scope, error) in [
            ("Bearer", None, None, None),
            ("", None, None, None),
            (
                r#"Bearer resource_metadata="https://h/m", scope="a b""#,
                Some("https://h/m"),
                Some("a b"),
                None,
            ),
            (
                r#"bearer realm="x, y=\"z\"",error=invalid_token"#,
                None,
                None,
                Some("invalid_token"),
            ),
            (r#"Basic realm="x", Bearer scope = "s""#, None, Some("s"), None),
            (r#"Bearer scope="s", DPoP scope="t", error="e""#, None, Some("s"), None),
            (r#"Negotiate abc==, Bearer scope=s"#, None, Some("s"), None),
            (r#"Bearer scope="never closed"#, None, Some("never closed"), None),
            ("=,=, Bearer error=e", None, None, Some("e")),
        ] {
            let header = HeaderValue::from_str(header).unwrap();
            let challenge = Challenge::of([&header]);
            let got = (
                challenge.resource_metadata.as_deref(),
                challenge.scope.as_deref(),
                challenge.error.as_deref(),
            );
            assert_eq!(got, (metadata, scope, error), "{header:?}");
        }
    }
}
