//! A remote server: its address, headers and OAuth client.

use super::raw::{Field, Raw};
use super::source::Node;
use super::values::Reader;
use super::{Launch, OAuthClient, Transport};
use crate::text::folded;

impl Reader<'_, '_> {
    /// The launch of the server at `url`; `None` if a problem was reported.
    pub(super) fn remote(&mut self, node: &Node<'_>, transport: Transport, raw: &Raw<'_>) -> Option<Launch> {
        let headers = self.headers(raw);
        let oauth = raw.get(Field::Auth).and_then(|node| self.oauth(node));
        let ca = raw.get(Field::Authority).and_then(|node| self.text(node));
        let ca = ca.map(|path| self.variables.dirs.resolve(&path, &self.variables.workspace));
        let url = self.text(node)?;
        if !is_web_address(&url) {
            let mend = r#"write the whole address, such as "https://example.com/mcp""#;
            self.report.fault(node, "is not an http or https address", mend);
            return None;
        }
        Some(Launch::Remote {
            url,
            transport,
            headers,
            oauth,
            ca,
        })
    }

    fn headers(&mut self, raw: &Raw<'_>) -> Vec<(String, String)> {
        let mut headers = raw.get(Field::Headers).map(|node| self.pairs(node)).unwrap_or_default();
        if let Some(node) = raw.get(Field::Headers)
            && headers
                .iter()
                .any(|(name, value)| !is_header_name(name) || value.contains(char::is_control))
        {
            self.report.fault(
                node,
                "has a header that cannot be sent",
                "use letters, digits and `-`, on one line",
            );
        }
        let Some(node) = raw.get(Field::BearerVariable) else {
            return headers;
        };
        if headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("authorization"))
        {
            self.report
                .fault(node, "stands beside an `Authorization` header", "keep one of the two");
        }
        let token = self
            .text(node)
            .and_then(|name| self.expand(node, &format!("${{env:{name}}}")));
        headers.extend(token.map(|token| ("Authorization".to_owned(), format!("Bearer {token}"))));
        headers
    }

    /// The client that is registered with the server: Cursor writes `CLIENT_ID`, others `clientId`.
    fn oauth(&mut self, node: &Node<'_>) -> Option<OAuthClient> {
        let members = self.report.members(node)?;
        let mut client = OAuthClient::default();
        for (key, member) in members.iter().filter(|(_, member)| !member.is_null()) {
            match folded(key).as_deref() {
                Some("clientid") => client.id = self.text(member)?,
                Some("clientsecret") => client.secret = Some(self.text(member)?),
                Some("scope" | "scopes") if member.items().is_some() => client.scopes = self.texts(member),
                Some("scope" | "scopes") => {
                    client.scopes = self.text(member)?.split_whitespace().map(str::to_owned).collect();
                }
                _ => self.report.note(
                    member,
                    "is not a key that is known",
                    "it stays in the file, and is not used",
                ),
            }
        }
        (!client.id.is_empty()).then_some(client)
    }
}

fn is_web_address(url: &str) -> bool {
    let rest = ["https://", "http://"].into_iter().find_map(|scheme| {
        let start = url.get(..scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then(|| &url[scheme.len()..])
    });
    rest.is_some_and(|rest| !rest.starts_with(['/', '?', '#', ':']) && !rest.is_empty())
        && !url.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// A token of RFC 9110, section 5.6.2.
fn is_header_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{problems, server};
    use super::*;

    #[test]
    fn an_address_is_http_or_https() {
        for url in [
            "https://h",
            "HTTP://h:8080/mcp?x=y",
            "https://[::1]/mcp",
            "https://user@h/",
        ] {
            assert!(is_web_address(url), "{url}");
        }
        for url in [
            "",
            "h/mcp",
            "https://",
            "https:///mcp",
            "ftp://h",
            "file:///etc",
            "https://h /x",
            "httpsé",
            "ws://h",
        ] {
            assert!(!is_web_address(url), "{url}");
        }
    }

    #[test]
    fn a_client_of_oauth_is_read_in_both_spellings() {
        for auth in [
            r#"{"CLIENT_ID": "id", "CLIENT_SECRET": "s", "scopes": ["a", "b"]}"#,
            r#"{"clientId": "id", "clientSecret": "s", "scope": "a b"}"#,
        ] {
            let server = server(&format!(r#"{{"url": "https://h", "auth": {auth}}}"#));
            let Launch::Remote {
                oauth: Some(client), ..
            } = server.launch
            else {
                panic!("no client: {auth}")
            };
            assert_eq!((client.id.as_str(), client.secret.as_deref()), ("id", Some("s")));
            assert_eq!(client.scopes, ["a", "b"]);
        }
    }

    #[test]
    fn each_mistake_is_named_and_no_value_is_repeated() {
        for (entry, says) in [
            (r#"{"url": "s3cret"}"#, "`url` is not an http or https address"),
            (r#"{"url": 5, "type": "http"}"#, "`url` is not an http or https address"),
            (
                r#"{"url": "https://h", "headers": {"A B": "s3cret"}}"#,
                "`headers` has a header that cannot be sent",
            ),
            (
                r#"{"url": "https://h", "headers": {"A": "s3cret\n"}}"#,
                "`headers` has a header that cannot be sent",
            ),
            (
                r#"{"url": "https://h", "bearer_token_env_var": "NONE"}"#,
                "the environment variable `NONE`",
            ),
            (
                r#"{"url": "https://h", "bearer_token_env_var": "TOKEN", "headers": {"authorization": "s3cret"}}"#,
                "`bearer_token_env_var` stands beside an `Authorization` header",
            ),
            (
                r#"{"url": "https://h", "auth": {"CLIENT_ID": []}}"#,
                "`CLIENT_ID` must be text, not a list",
            ),
        ] {
            let problems = problems(entry);
            assert!(
                problems.len() == 1 && problems[0].contains(says),
                "{entry}: {problems:?}"
            );
            assert!(!problems[0].contains("s3cret"), "{problems:?}");
        }
    }
}
