//! `mcp-gateway auth`: signing in to remote servers, and what becomes of the tokens.

mod told;

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf, time::Duration};

use serde_json::json;

use crate::{
    harness::{Client, Finished, Gateway, Setup, eventually, text_of},
    remote::http::{self, Http, Issuer, Manners, Mcp},
};

/// What is in every token of the issuer, and must not be in any log.
const SECRET: &str = "s3cret";

pub(crate) fn behind(server: &Mcp) -> Setup {
    Gateway::with([])
        .server("it", server.entry())
        .args(["--log-level", "DEBUG"])
}

/// Signs in with a browser that goes where it is sent.
#[track_caller]
pub(crate) fn sign_in(setup: &Setup) -> Finished {
    sign_in_by(setup, |address, _| drop(http::get(&back(address))))
}

/// Where the authorization server sends the browser back to.
#[track_caller]
fn back(address: &str) -> String {
    let answer = http::get(address);
    let location = answer.lines().find_map(|line| line.strip_prefix("Location: "));
    location.expect("it sends the browser back").to_owned()
}

/// Signs in, with a person who is shown an address.
#[track_caller]
fn sign_in_by(setup: &Setup, person: impl FnOnce(&str, &Client)) -> Finished {
    let mut process = Client::start(setup.command(&["auth", "it"]));
    let said = || process.stderr().lines().map(str::to_owned).collect::<Vec<_>>();
    let ended = || said().iter().any(|line| line.starts_with("mcp-gateway: "));
    let address = || {
        let shown = |line: &String| Some(line.strip_prefix("  http://")?.split(' ').next()?.to_owned());
        said().iter().find_map(shown)
    };
    eventually(Duration::from_secs(10), || address().is_some() || ended());
    if let Some(address) = address() {
        person(&format!("http://{address}"), &process);
    }
    let status = process.exit();
    let (stdout, stderr) = process.last_words();
    assert!(
        !stderr.contains(SECRET) && !stdout.contains(SECRET),
        "{stdout}\n{stderr}"
    );
    Finished {
        status,
        took: Duration::ZERO,
        stdout,
        stderr,
    }
}

/// Asserts that nobody is signed in, for a reason with these words.
#[track_caller]
fn assert_refused(server: &Mcp, words: &str) {
    let setup = behind(server);
    let finished = sign_in(&setup);
    assert_eq!(finished.status.code(), Some(1), "{}", finished.stderr);
    assert!(finished.stderr.contains(words), "{}", finished.stderr);
    assert!(tokens(&setup).is_empty());
}

fn tokens(setup: &Setup) -> Vec<PathBuf> {
    let folder = fs::read_dir(setup.sandbox.path("state/mcp-gateway/tokens"));
    let files = folder.into_iter().flatten().flatten().map(|file| file.path());
    files
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect()
}

#[test]
fn who_has_signed_in_is_let_in() {
    let issuer = Issuer::honest();
    let server = issuer.guards("");
    let setup = behind(&server);
    let finished = sign_in(&setup);
    finished.assert_exit(0);
    assert_eq!(finished.stdout, "Signed in to `it`.\n");
    let files = tokens(&setup);
    let mode = |path: &PathBuf| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(files.iter().map(mode).collect::<Vec<_>>(), [0o600]);
    let asked: Vec<_> = issuer
        .requests()
        .into_iter()
        .filter(|request| request.target.starts_with("/authorize"))
        .collect();
    let parameter = |name: &str| asked[0].parameter(name).unwrap_or_default();
    assert_eq!(
        (parameter("resource"), parameter("scope")),
        (server.url(), "tools:call".into())
    );
    assert!(parameter("state").len() >= 43 && parameter("code_challenge").len() == 43);

    sign_out(&setup, "its tokens are forgotten here, and revoked.\n");
    assert_eq!(issuer.good(), 0);
    sign_in(&setup).assert_exit(0);
    let mut gateway = setup.open();
    assert_eq!(text_of(&gateway.run("it", "echo", "{}")), "{}");
    assert!(!gateway.stderr().contains(SECRET));
}

/// Signs out, and asserts that what is said of it ends so.
#[track_caller]
fn sign_out(setup: &Setup, words: &str) {
    let finished = setup.run(&["auth", "it", "--sign-out"], "");
    finished.assert_exit(0);
    assert!(
        finished.stdout.starts_with("Signed out of `it`: "),
        "{}",
        finished.stdout
    );
    assert!(finished.stdout.ends_with(words), "{}", finished.stdout);
    assert!(tokens(setup).is_empty());
}

#[test]
fn what_could_not_be_revoked_is_forgotten_all_the_same_and_said() {
    let with = |metadata| Manners {
        metadata,
        ..Manners::default()
    };
    for (manners, words) in [
        (
            with(|it| it["revocation_endpoint"] = json!(null)),
            " has no way to revoke them (RFC 7009), so a copy would be good until it runs out.\n",
        ),
        // A token is shown to nobody but who gave it.
        (
            with(|it| it["revocation_endpoint"] = json!("https://elsewhere.example/revoke")),
            "so a copy would be good until it runs out.\n",
        ),
        (
            with(|it| it["revocation_endpoint"] = json!("http://127.0.0.1:1/revoke")),
            "your network may not let you there\n",
        ),
    ] {
        let issuer = Issuer::with(manners);
        let setup = behind(&issuer.guards(""));
        sign_in(&setup).assert_exit(0);
        sign_out(&setup, words);
        assert_eq!(issuer.good(), 1);
    }
    let issuer = Issuer::honest();
    let setup = behind(&issuer.guards(""));
    sign_in(&setup).assert_exit(0);
    fs::write(&tokens(&setup)[0], "{").expect("writable");
    sign_out(&setup, "the file of its tokens could not be read, and is removed.\n");
}

#[test]
fn a_gateway_that_runs_says_how_to_sign_in_and_goes_on_once_somebody_has() {
    let issuer = Issuer::honest();
    let server = issuer.guards("");
    let mut gateway = behind(&server).open();
    let says = text_of(&gateway.run("it", "echo", "{}"));
    assert!(says.contains("run `mcp-gateway auth it`"), "{says}");
    assert!(issuer.requests().is_empty(), "nothing is started by itself");
    let state = gateway.sandbox.path("state");
    let other = behind(&server).env("XDG_STATE_HOME", &state.to_string_lossy());
    sign_in(&other).assert_exit(0);
    let answered = || text_of(&gateway.run("it", "echo", "{}")) == "{}";
    assert!(eventually(Duration::from_secs(10), answered));
}

#[test]
fn a_token_is_renewed_once_however_many_need_it() {
    let issuer = Issuer::honest();
    let server = issuer.guards("");
    let setup = behind(&server);
    sign_in(&setup).assert_exit(0);
    let state = setup.sandbox.path("state");
    let other = behind(&server).env("XDG_STATE_HOME", &state.to_string_lossy());
    let mut gateways = [setup.open(), other.open()];
    for gateway in &mut gateways {
        assert_eq!(text_of(&gateway.run("it", "echo", "{}")), "{}");
    }
    issuer.revoke();
    let calls: Vec<Vec<_>> = gateways
        .iter_mut()
        .map(|it| (0..5).map(|_| it.start_run("it", "echo", "{}")).collect())
        .collect();
    for (gateway, calls) in gateways.iter_mut().zip(calls) {
        for call in calls {
            assert_eq!(text_of(gateway.answer(&call).result()), "{}");
        }
        assert!(!gateway.stderr().contains(SECRET));
    }
    let renewed = issuer
        .requests()
        .iter()
        .filter(|request| request.parameter("refresh_token").is_some())
        .count();
    assert_eq!((renewed, issuer.reused()), (1, 0));
}

#[test]
fn a_token_that_has_run_out_is_renewed_before_it_is_sent() {
    let issuer = Issuer::with(Manners {
        lifetime: 1,
        ..Manners::default()
    });
    let server = issuer.guards("");
    let setup = behind(&server);
    sign_in(&setup).assert_exit(0);
    let mut gateway = setup.open();
    assert_eq!(text_of(&gateway.run("it", "echo", "{}")), "{}");
    let first = server
        .received("POST", "initialize")
        .first()
        .map(|request| request.header("authorization").to_owned());
    assert_ne!(
        first.as_deref(),
        Some("Bearer s3cret-access-2"),
        "the first token had run out"
    );
    assert_eq!(issuer.reused(), 0);
}

#[test]
fn an_answer_to_another_question_is_not_taken() {
    let with = |answer| {
        Issuer::with(Manners {
            answer,
            ..Manners::default()
        })
    };
    assert_refused(
        &with(|query| drop(query.insert("iss", "https://evil.example".into()))).guards(""),
        "RFC 9207",
    );
    assert_refused(&with(|query| drop(query.remove("iss"))).guards(""), "RFC 9207");
    assert_refused(
        &with(|query| drop(query.insert("error", "access_denied".into()))).guards(""),
        "access_denied",
    );
    assert_refused(
        &with(|query| drop(query.insert("code", "other".into()))).guards(""),
        "invalid_grant",
    );
    let honest = Issuer::honest();
    let setup = behind(&honest.guards(""));
    let finished = sign_in_by(&setup, |address, _| {
        let back = back(address);
        let page = back.split_once('?').expect("a query").0;
        for stray in ["code=code-1&state=guess", "code=code-1", "error=access_denied&state="] {
            let answer = http::get(&format!("{page}?{stray}"));
            assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
        }
        http::get(&back);
    });
    finished.assert_exit(0);
    assert_eq!(
        finished
            .stderr
            .matches("does not belong to this sign-in (`state`)")
            .count(),
        3,
        "{}",
        finished.stderr
    );
    assert_eq!(tokens(&setup).len(), 1);
}

#[test]
fn metadata_that_cannot_be_believed_is_not() {
    let with = |metadata| {
        Issuer::with(Manners {
            metadata,
            ..Manners::default()
        })
        .guards("")
    };
    assert_refused(&with(|it| it["issuer"] = json!("https://evil.example")), "RFC 9207");
    assert_refused(
        &with(|it| it["code_challenge_methods_supported"] = json!(["plain"])),
        "PKCE",
    );
    assert_refused(
        &with(|it| it["token_endpoint"] = json!("http://auth.example/token")),
        "not an https address",
    );
    assert_refused(
        &with(|it| it["token_endpoint"] = json!("https://169.254.169.254/token")),
        "nearer",
    );
    assert_refused(
        &with(|it| it["authorization_endpoint"] = json!("file:///etc/passwd")),
        "not an https address",
    );
    assert_refused(
        &with(|it| it["registration_endpoint"] = json!(null)),
        "registers no clients",
    );
    let honest = Issuer::honest();
    assert_refused(&with(|it| *it = json!("<html>")), "can't be understood");
    assert_refused(&honest.guards("https://169.254.169.254/latest"), "169.254.169.254");
    assert_refused(&honest.guards("http://auth.example/metadata"), "not an https address");
    assert_refused(
        &honest.guards(&format!("{}/.well-known/nothing", honest.url())),
        "offers no sign-in",
    );
    let moved = Http::start(|_, reply| reply.whole("302 Found", &["Location: http://127.0.0.1:1/"], ""));
    assert_refused(&honest.guards(&moved.url("/")), "HTTP 302");
}

#[test]
fn a_token_goes_nowhere_else() {
    let elsewhere = Http::start(|_, reply| reply.status("200 OK"));
    let location = format!("Location: {}", elsewhere.url("/mcp"));
    let issuer = Issuer::honest();
    let server = issuer.guards("");
    let setup = behind(&server);
    sign_in(&setup).assert_exit(0);
    let state = setup.sandbox.path("state").to_string_lossy().into_owned();
    // The same name at another address, which also tries to pass on what it is sent.
    let other = Mcp::twisted(move |_, _, reply| {
        reply.whole("307 Temporary Redirect", &[&location], "");
        true
    });
    let mut gateway = behind(&other).env("XDG_STATE_HOME", &state).open();
    assert!(text_of(&gateway.run("it", "echo", "{}")).contains("redirects to"));
    assert!(elsewhere.requests().is_empty());
    assert!(
        other
            .requests()
            .iter()
            .all(|request| request.header("authorization").is_empty())
    );
}
