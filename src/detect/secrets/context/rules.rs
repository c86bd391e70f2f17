//! The rules of this part, for the list of all rules.

use super::names::Promise;
use crate::detect::Finding;
use crate::detect::secrets::RuleInfo;
use std::ops::Range;

/// Every rule that [`finding`] and [`named`] name.
pub(in crate::detect::secrets) const RULES: &[RuleInfo] = &[
    rule(
        "context-password",
        "a password beside a name that tells it",
        "PASSWORD",
        "password = \"Tr0ub4dor&3\"",
    ),
    rule(
        "context-secret",
        "a secret beside a name that tells it",
        "SECRET",
        "client_secret: 'geruj4LFyu0NBeBOnQvo'",
    ),
    rule(
        "context-token",
        "a token or API key beside a name that tells it",
        "TOKEN",
        "HUBSPOT_TOKEN=38b92bdc-2fd1-e5a2-6e52-c72b200aa9cc",
    ),
    rule(
        "context-key",
        "a random value beside `key`, `auth` or the like",
        "KEY",
        "some_key = \"8zBhTTWfBKWP9hJ8wunD7zMaEvWOGg\"",
    ),
    rule(
        "context-bearer",
        "the credentials of a bearer scheme",
        "BEARER_TOKEN",
        "Authorization: Bearer 8zBhTTWfBKWP9hJ8wunD7zMaEvWOGg",
    ),
    rule(
        "context-basic",
        "user and password of basic authentication",
        "BASIC_AUTH",
        "Authorization: Basic a2V2aW46cFJmN3ZHMmgxTDhuUWtXOQ==",
    ),
    rule(
        "context-authorization",
        "an Authorization header of another scheme",
        "AUTHORIZATION",
        "Authorization: SSWS 00QCjAl4MlV-WPXM-ABCDEFGHIJKL-0HmjFx-vbGua",
    ),
    rule(
        "context-cookie",
        "a cookie's value",
        "COOKIE",
        "Cookie: sessionid=a1b2c3d4e5f6a7b8c9d0e1f2",
    ),
    rule(
        "context-provider",
        "a key of a provider beside the provider's name",
        "API_KEY",
        "mistral abcdefghij1234567890ABCDEFGHIJ12",
    ),
    rule(
        "kubernetes-secret",
        "a value of a Kubernetes Secret manifest",
        "SECRET",
        "kind: Secret\ndata:\n  extra: YWRtaW46cGFzc3dvcmQ=",
    ),
];

/// A row of [`RULES`].
const fn rule(id: &'static str, what: &'static str, label: &'static str, example: &'static str) -> RuleInfo {
    RuleInfo {
        id,
        provider: "generic",
        what,
        label,
        example,
    }
}

/// A finding of the rule with this id.
pub(super) fn named(id: &str, span: Range<usize>, score: f32) -> Finding {
    let rule = RULES
        .iter()
        .find(|rule| rule.id == id)
        .expect("ids are those of the table");
    rule.finding(span, score)
}

/// The finding of a value whose name promised it.
pub(super) fn finding(promise: Promise, span: Range<usize>, score: f32) -> Finding {
    let id = match promise {
        Promise::Password | Promise::Pass => "context-password",
        Promise::Secret => "context-secret",
        Promise::Token => "context-token",
        Promise::Faint => "context-key",
        Promise::Authorization => "context-authorization",
        Promise::Cookie => "context-cookie",
    };
    named(id, span, score)
}
