//! What a person and a model are told of a sign-in.

use serde_json::json;

use super::{SECRET, assert_refused, back, behind, sign_in, sign_in_by};
use crate::{
    harness::text_of,
    remote::http::{Issuer, Manners, Mcp},
};

#[test]
fn a_person_is_told_who_gets_what_and_may_bring_the_answer_from_elsewhere() {
    let issuer = Issuer::with(Manners {
        metadata: |it| {
            // Another name of this machine, as that of another owner.
            for name in ["authorization_endpoint", "token_endpoint"] {
                it[name] = json!(it[name].as_str().map(|url| url.replace("127.0.0.1", "localhost")));
            }
            it["authorization_response_iss_parameter_supported"] = json!(false);
        },
        answer: |query| drop(query.remove("iss")),
        ..Manners::default()
    });
    let server = issuer.guards("");
    let setup = behind(&server);
    let finished = sign_in_by(&setup, |address, process| {
        process.send_line("http://127.0.0.1:1/callback?code=x&state=guess");
        process.send_line(&back(&address.replace("localhost", "127.0.0.1")));
    });
    finished.assert_exit(0);
    let host = server.url().replace("http://", "").replace("/mcp", "");
    let issuer = issuer.url().replace("http://127.0.0.1", "localhost");
    for said in [
        format!("`it` at {host} asks for a token of {issuer}, good for: tools:call\n"),
        format!("only if {host} is to act in your name at {issuer}."),
        "does not belong to this sign-in".to_owned(),
        "paste here the address where that ends (http://127.0.0.1:".to_owned(),
    ] {
        assert!(
            finished.stderr.contains(&said),
            "`{said}` is not in {}",
            finished.stderr
        );
    }
}

#[test]
fn a_page_of_one_owner_answers_no_other() {
    let issuer = Issuer::with(Manners {
        metadata: |it| {
            let elsewhere = it["authorization_endpoint"]
                .as_str()
                .map(|url| url.replace("127.0.0.1", "localhost"));
            it["authorization_endpoint"] = json!(elsewhere);
            it["authorization_response_iss_parameter_supported"] = json!(false);
        },
        answer: |query| drop(query.remove("iss")),
        ..Manners::default()
    });
    assert_refused(&issuer.guards(""), "no page was opened");
    let asked = issuer.requests();
    assert!(
        asked.iter().all(|request| request.method == "GET"),
        "it is not even registered with: {asked:?}"
    );
}

#[test]
fn a_token_that_the_server_does_not_take_is_told_at_once_and_later() {
    let issuer = Issuer::honest();
    let url = issuer.url();
    let server = Mcp::twisted(move |request, _, reply| {
        let base = format!("http://{}", request.header("host"));
        match request.target.starts_with("/.well-known/oauth-protected-resource") {
            true => reply.json(&json!({"resource": format!("{base}/mcp"), "authorization_servers": [url]})),
            false => reply.status("401 Unauthorized"),
        }
        true
    });
    let setup = behind(&server);
    let finished = sign_in(&setup);
    finished.assert_exit(1);
    assert!(
        finished.stderr.contains("signed in, but `it` does not take the token"),
        "{}",
        finished.stderr
    );
    let says = text_of(&setup.open().run("it", "echo", "{}"));
    assert!(
        says.contains("does not take the token of the sign-in: run `mcp-gateway auth it`"),
        "{says}"
    );
}

#[test]
fn a_sign_in_that_has_run_out_is_told_from_a_server_that_can_not_renew_it_now() {
    for (status, says, is_over) in [
        (
            "400 Bad Request",
            "has run out or was taken back: run `mcp-gateway auth it`",
            true,
        ),
        (
            "429 Too Many Requests",
            "HTTP 429 Too Many Requests: it has had enough",
            false,
        ),
        ("403 Forbidden", "HTTP 403 Forbidden: its operator", false),
        (
            "500 Oops",
            "HTTP 500 Internal Server Error: that is a fault at its end",
            false,
        ),
    ] {
        let issuer = Issuer::with(Manners {
            renews: Some(status),
            ..Manners::default()
        });
        let server = issuer.guards("");
        let setup = behind(&server);
        sign_in(&setup).assert_exit(0);
        issuer.revoke();
        let mut gateway = setup.open();
        let text = text_of(&gateway.run("it", "echo", "{}"));
        assert!(text.contains(says), "{status}: {text}");
        assert_eq!(text.contains("mcp-gateway auth"), is_over, "{status}: {text}");
        assert!(!gateway.stderr().contains(SECRET));
    }
}

#[test]
fn what_a_server_wants_beside_is_asked_for_at_the_next_sign_in_and_told_to_no_model() {
    const WANTED: &str = "files.write but a sentence is just as good";
    let issuer = Issuer::honest();
    let url = issuer.url();
    let server = Mcp::twisted(move |request, message, reply| {
        let base = format!("http://{}", request.header("host"));
        let signed_in = request.header("authorization").starts_with("Bearer ");
        if request.target.starts_with("/.well-known/oauth-protected-resource") {
            let about = json!({"resource": format!("{base}/mcp"), "authorization_servers": [url], "scopes_supported": ["files.read"]});
            reply.json(&about);
        } else if !signed_in {
            reply.status("401 Unauthorized");
        } else if message["params"]["name"] == "act" {
            let challenge = format!(r#"WWW-Authenticate: Bearer error="insufficient_scope", scope="{WANTED}""#);
            reply.whole("403 Forbidden", &[&challenge], "");
        } else {
            return false;
        }
        true
    });
    let setup = behind(&server);
    sign_in(&setup).assert_exit(0);
    let state = setup.sandbox.path("state").to_string_lossy().into_owned();
    let mut gateway = setup.open();
    let says = text_of(&gateway.run("it", "act", "{}"));
    assert!(says.contains("run `mcp-gateway auth it`"), "{says}");
    assert!(!says.contains("files.write") && !says.contains("sentence"), "{says}");
    let again = behind(&server).env("XDG_STATE_HOME", &state);
    let finished = sign_in(&again);
    finished.assert_exit(0);
    assert!(
        finished.stderr.contains(&format!("good for: files.read {WANTED}")),
        "{}",
        finished.stderr
    );
    let finished = sign_in(&again);
    assert!(
        !finished.stderr.contains("files.write"),
        "what was granted is not missing: {}",
        finished.stderr
    );
}
