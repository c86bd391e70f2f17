//! `-p presidio`: personal data, and a Presidio service that is asked beside the native recognizers.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{Analyzer, Finished, Gateway, Reply, Server, Setup, TOKEN, assert_same, parse, text_of};

const CARD: &str = "4111 1111 1111 1111";

/// A gateway over `server` that asks the service.
fn asking(analyzer: &Analyzer, server: Server) -> Setup {
    let setup = Gateway::with([server]).args(["-p", "presidio"]);
    set(setup, &format!("analyzer_url={}", analyzer.url))
}

fn set(setup: Setup, setting: &str) -> Setup {
    setup.args(["--set", &format!("presidio.{setting}")])
}

fn told(text: impl Into<Value>) -> Value {
    json!({"content": [{"type": "text", "text": text.into()}]})
}

/// Runs a sub-command that reads no configuration.
#[track_caller]
fn run(words: &[&str], stdin: &str) -> Finished {
    Gateway::with([]).discovering().run(words, stdin)
}

#[test]
fn both_find_and_one_pass_masks_in_both_directions() {
    let analyzer = Analyzer::honest();
    let text = format!("{} pays with {CARD}", Analyzer::PERSON);
    let mut gateway = asking(&analyzer, Server::echo("vault").answers("tell", told(text.as_str()))).open();
    assert_eq!(
        text_of(&gateway.run("vault", "tell", "{}")),
        "<PERSON> pays with <CREDIT_CARD>"
    );
    gateway.run("vault", "echo", json!({"note": text}));
    assert_eq!(
        gateway.last_arguments("vault"),
        json!({"note": "<PERSON> pays with <CREDIT_CARD>"})
    );
}

#[test]
fn positions_are_right_whatever_stands_before() {
    let analyzer = Analyzer::honest();
    for before in [
        "",
        "😀 ",
        "e\u{301}te\u{301} ",
        "👩‍👩‍👧 naïve\r\n",
        "\u{0}\t\"\\ ",
        "日本語で ",
        "\u{feff}𝒳 ",
    ] {
        let text = format!("{before}{0} and 😀{0}", Analyzer::PERSON);
        let masked = format!("{before}<PERSON> and 😀<PERSON>");
        let inner = json!({ "by": &text }).to_string();
        let written = json!({"content": [{"type": "text", "text": &text}, {"type": "text", "text": inner}]});
        let mut gateway = asking(&analyzer, Server::new("vault").answers("tell", written)).open();
        let result = gateway.run("vault", "tell", "{}");
        assert_eq!(result["content"][0]["text"], masked);
        assert_eq!(
            parse(result["content"][1]["text"].as_str().expect("a text")),
            json!({ "by": masked })
        );
    }
}

#[test]
fn every_leaf_is_asked_about_once_and_as_it_is_written() {
    let analyzer = Analyzer::honest();
    let data =
        r#"{"n":1.50,"empty":"","note":"{\"in\":\"inner\"}","again":"inner","blank":" ","list":["one",1e400,null]}"#;
    let written = format!(r#"{{"content":[],"structuredContent":{{"Ada Lovelace":{data}}}}}"#);
    let mut gateway = asking(&analyzer, Server::new("vault").answers("tell", &written)).open();
    let result = gateway.run("vault", "tell", "{}");
    let masked = written.replace("Ada Lovelace", "<PERSON>");
    assert_same(
        "result",
        &parse(&masked)["structuredContent"],
        &result["structuredContent"],
    );
    let texts = analyzer.texts();
    for asked in ["Ada Lovelace", "1.50", "inner", "one", "1e400"] {
        assert_eq!(
            texts.iter().filter(|text| *text == asked).count(),
            1,
            "{asked}: {texts:?}"
        );
    }
    for unasked in ["", " ", "structuredContent", "note", "{\"in\":\"inner\"}"] {
        assert!(!texts.iter().any(|text| text == unasked), "{unasked}: {texts:?}");
    }
    assert!(
        !gateway.stderr().contains(Analyzer::PERSON),
        "the log names the place: {}",
        gateway.stderr()
    );
}

#[test]
fn a_service_is_asked_as_the_settings_say() {
    let analyzer = Analyzer::honest();
    let setup = asking(&analyzer, Server::new("vault").answers("tell", told("words")));
    let setup = set(set(setup, r#"entities=["CREDIT_CARD","PERSON"]"#), "threshold=0.5");
    let setup = set(set(setup, r#"thresholds={"PERSON":0.9}"#), r#"allow_list=["Ada"]"#);
    let mut gateway = set(setup, "language=de").open();
    gateway.run("vault", "tell", "{}");
    let question = &analyzer.asked()[0];
    assert_eq!(question["entities"], json!(["CREDIT_CARD", "PERSON"]));
    assert_eq!(question["score_threshold"].to_string(), "0.5");
    assert_eq!(question["allow_list"], json!(["Ada"]));
    assert_eq!(
        (&question["language"], &question["allow_list_match"]),
        (&json!("de"), &json!("exact"))
    );
}

#[test]
fn thresholds_hold_for_what_a_service_finds() {
    let analyzer = Analyzer::honest();
    let server = || Server::new("vault").answers("tell", told(Analyzer::PERSON));
    for (threshold, shown) in [(0.8, "<PERSON>"), (0.9, Analyzer::PERSON)] {
        let setup = set(asking(&analyzer, server()), r#"entities=["PERSON"]"#);
        let mut gateway = set(setup, &format!(r#"thresholds={{"PERSON":{threshold}}}"#)).open();
        assert_eq!(text_of(&gateway.run("vault", "tell", "{}")), shown, "{threshold}");
    }
}

#[test]
fn operators_are_the_same_for_what_a_service_finds() {
    let analyzer = Analyzer::honest();
    let setup = asking(
        &analyzer,
        Server::new("vault").answers("tell", told(format!("by {}", Analyzer::PERSON))),
    );
    let operators = r#"operators={"PERSON":{"type":"mask","chars_to_mask":8,"from_end":true}}"#;
    assert_eq!(
        text_of(&set(setup, operators).open().run("vault", "tell", "{}")),
        "by Ada ********"
    );
}

#[test]
fn of_overlapping_finds_the_surer_stands() {
    let analyzer = Analyzer::answering(|question| {
        let all = question["text"].as_array().expect("a list").iter();
        let found = all.map(|text| match text.as_str().and_then(|text| text.find('4')) {
            Some(start) => json!([{"start": start - 1, "end": start + 5, "entity_type": "LOCATION", "score": 0.85}]),
            None => json!([]),
        });
        Reply::ok(found.collect::<Value>())
    });
    let mut gateway = asking(
        &analyzer,
        Server::new("vault").answers("tell", told(format!("at {CARD}"))),
    )
    .open();
    assert_eq!(text_of(&gateway.run("vault", "tell", "{}")), "at <CREDIT_CARD>");
}

#[test]
fn a_number_that_is_no_personal_data_stays() {
    let analyzer = Analyzer::answering(|question| {
        let all = question["text"].as_array().expect("a list").iter();
        let found = all.map(|text| match text == "1732233600" {
            true => json!([{"start": 0, "end": 10, "entity_type": "PHONE_NUMBER", "score": 0.4}]),
            false => json!([]),
        });
        Reply::ok(found.collect::<Value>())
    });
    let written = r#"{"content":[],"structuredContent":{"ts":1732233600,"at":"1732233600"}}"#;
    let server = || Server::new("vault").answers("tell", written);
    let result = asking(&analyzer, server()).open().run("vault", "tell", "{}");
    assert_same(
        "result",
        &parse(written)["structuredContent"],
        &result["structuredContent"],
    );
    let result = set(asking(&analyzer, server()), "native=false")
        .open()
        .run("vault", "tell", "{}");
    assert_eq!(result["structuredContent"]["at"], "<PHONE_NUMBER>");
}

#[test]
fn a_service_can_be_relied_on_alone() {
    let analyzer = Analyzer::honest();
    let text = format!("{} {CARD} EMP-1", Analyzer::PERSON);
    let setup = asking(&analyzer, Server::new("vault").answers("tell", told(text)));
    let setup = set(
        set(setup, "native=false"),
        r#"custom=[{"entity":"EMPLOYEE","regex":"EMP-\\d"}]"#,
    );
    assert_eq!(
        text_of(&setup.open().run("vault", "tell", "{}")),
        format!("<PERSON> {CARD} <EMPLOYEE>")
    );
}

#[test]
fn the_environment_may_name_the_service() {
    let analyzer = Analyzer::honest();
    let setup = Gateway::with([Server::new("vault").answers("tell", told(Analyzer::PERSON))]);
    let setup = setup
        .args(["-p", "presidio"])
        .env("PRESIDIO_ANALYZER_URL", &analyzer.url);
    assert_eq!(text_of(&setup.open().run("vault", "tell", "{}")), "<PERSON>");
}

#[test]
fn secrets_are_kept_from_the_service() {
    let analyzer = Analyzer::honest();
    let text = format!("é {TOKEN} is of {}", Analyzer::PERSON);
    let written = json!({"content": [{"type": "text", "text": text}], "structuredContent": {"password": "Hk3x!vQ9zL"}});
    let mut gateway = asking(&analyzer, Server::new("vault").answers("tell", written)).open();
    let result = gateway.run("vault", "tell", "{}");
    assert_eq!(
        text_of(&result),
        format!("é {TOKEN} is of <PERSON>"),
        "`basic` is not on"
    );
    let texts = analyzer.texts().join("\n");
    assert!(!texts.contains(&TOKEN[4..]) && !texts.contains("Hk3x!vQ9zL"), "{texts}");
}

#[test]
fn large_payloads_go_in_bounded_requests_and_hold_up_nobody() {
    let analyzer = Analyzer::failing_at("row", |question| {
        Reply::After(Duration::from_millis(20), Box::new(Analyzer::honestly(question)))
    });
    let rows: Vec<String> = (0..1500)
        .map(|row| format!("row {row} {} {}", "x".repeat(row % 50), Analyzer::PERSON))
        .collect();
    let long = rows.join("\n");
    let written = json!({"content": [{"type": "text", "text": long}], "structuredContent": {"rows": rows}});
    let setup = asking(&analyzer, Server::new("vault").answers("tell", written));
    let mut gateway = set(set(setup, "concurrency=3"), "timeout=60").open();
    let call = gateway.start_run("vault", "tell", "{}");
    let asked = Instant::now();
    gateway.ask("ping", "{}");
    let pong = asked.elapsed();
    let answer = gateway.answer(&call);
    assert!(pong < asked.elapsed(), "the ping waited for the call");
    let masked = text_of(answer.result());
    assert_eq!(masked, long.replace(Analyzer::PERSON, "<PERSON>"));
    assert!(!answer.raw.contains(Analyzer::PERSON));
    for question in analyzer.asked() {
        let texts = question["text"].as_array().expect("a list");
        let bytes: usize = texts.iter().filter_map(Value::as_str).map(str::len).sum();
        assert!(
            texts.len() <= 64 && bytes <= 16 << 10,
            "{} texts, {bytes} bytes",
            texts.len()
        );
    }
    assert_eq!(analyzer.most_at_once(), 3);
}

/// Ways to fail at what holds the name, and words of the reason that the model is told.
type Failing = (&'static str, fn(&Value) -> Reply, &'static str);
const FAILURES: &[Failing] = &[
    ("an error", |_| Reply::Is(500, r#"{"error":"Ada"}"#.into()), "HTTP 500"),
    ("a redirect", |_| Reply::Is(302, String::new()), "HTTP 302"),
    ("no answer", |_| Reply::Nothing, "broke off"),
    (
        "too slow",
        |question| Reply::After(Duration::from_secs(3), Box::new(Analyzer::honestly(question))),
        "within 1 s",
    ),
    ("no JSON", |_| Reply::ok("<html>"), "something else"),
    ("another shape", |_| Reply::ok("[{}]"), "something else"),
    ("too few answers", |_| Reply::ok("[]"), "fewer"),
    (
        "outside",
        |question| found(question, 0, 9000, "PERSON"),
        "outside the text",
    ),
    (
        "backwards",
        |question| found(question, 3, 1, "PERSON"),
        "outside the text",
    ),
    (
        "a strange name",
        |question| found(question, 0, 1, "A> <b"),
        "proper name",
    ),
];

fn found(question: &Value, start: usize, end: usize, entity: &str) -> Reply {
    let each = question["text"].as_array().expect("a list").iter();
    Reply::ok(
        each.map(|_| json!([{"start": start, "end": end, "entity_type": entity, "score": 1}]))
            .collect::<Value>(),
    )
}

#[test]
fn what_can_not_be_asked_about_does_not_pass() {
    for (what, how, reason) in FAILURES {
        let analyzer = Analyzer::failing_at("Ada", *how);
        let server = Server::echo("vault")
            .answers("tell", told(Analyzer::PERSON))
            .answers("greet", told("hello"));
        let mut gateway = set(asking(&analyzer, server), "timeout=1").open();
        let result = gateway.run("vault", "tell", "{}");
        let shown = text_of(&result);
        assert_eq!(result["isError"], true, "{what}: {result}");
        assert!(
            shown.contains("`presidio`") && shown.contains(reason),
            "{what}: {shown}"
        );
        gateway.run("vault", "echo", json!({"note": Analyzer::PERSON}));
        let reached = gateway
            .received("vault", "tools/call")
            .iter()
            .any(|call| call["params"]["name"] == "echo");
        assert!(!reached, "{what}: the server was called");
        for message in gateway.inbox() {
            assert!(!message.raw.contains("Ada"), "{what}: {}", message.raw);
        }
        assert!(!gateway.stderr().contains("Ada"), "{what}: {}", gateway.stderr());
        assert_eq!(
            text_of(&gateway.run("vault", "greet", "{}")),
            "hello",
            "{what}: others pass"
        );
    }
}

#[test]
fn a_service_that_is_stopped_stops_messages_until_they_are_allowed() {
    for (on_error, passes) in [("block", false), ("allow", true)] {
        let mut analyzer = Analyzer::honest();
        let text = format!("{} {CARD}", Analyzer::PERSON);
        let setup = asking(&analyzer, Server::new("vault").answers("tell", told(text)));
        let mut gateway = set(setup, &format!("on_error={on_error}")).open();
        assert_eq!(text_of(&gateway.run("vault", "tell", "{}")), "<PERSON> <CREDIT_CARD>");
        analyzer.stop();
        let shown = text_of(&gateway.run("vault", "tell", "{}"));
        match passes {
            true => assert_eq!(shown, format!("{} <CREDIT_CARD>", Analyzer::PERSON)),
            false => assert!(shown.contains("can't be reached") && !shown.contains("Ada"), "{shown}"),
        }
        gateway.logged("can't be reached");
    }
}

#[test]
fn an_entity_that_nobody_has_is_told() {
    let analyzer = Analyzer::honest();
    let setup = asking(&analyzer, Server::new("vault").answers("tell", told("hello")));
    let gateway = set(setup, r#"entities=["CREDIT_CARD","EMPLOYEE"]"#).open();
    gateway.logged("finds no EMPLOYEE");
    let finished = set(
        asking(&analyzer, Server::new("vault")),
        "entities=[\"CREDIT_CRD\",\"germny\"]",
    )
    .run(&["mask"], "x");
    finished.assert_refused(&["germny", "germany"]);
}

#[test]
fn settings_of_a_service_need_one() {
    for (setting, named) in [
        ("native=false", "analyzer_url"),
        ("on_error=allow", "analyzer_url"),
        ("analyzer_url=localhost", "http"),
    ] {
        let setup = Gateway::with([]).discovering().args(["-p", "presidio"]);
        set(setup, setting).run(&["mask"], "x").assert_refused(&[named]);
    }
}

#[test]
fn mask_asks_the_service_too() {
    let mut analyzer = Analyzer::honest();
    let text = format!("😀 {} {CARD}\n", Analyzer::PERSON);
    let words = [
        "-p",
        "presidio",
        "--set",
        &format!("presidio.analyzer_url={}", analyzer.url),
    ];
    let mask = |more: &[&str], stdin: &str| run(&[&["mask"], &words[..], more].concat(), stdin);
    let finished = mask(&[], &text);
    finished.assert_exit(0);
    assert_eq!(finished.stdout.trim_end(), "😀 <PERSON> <CREDIT_CARD>");
    let finished = mask(&["--jsonl"], &json!({"id": 1, "text": text}).to_string());
    let answer = parse(finished.stdout.trim());
    assert_eq!(
        (&answer["findings"][0]["rule"], &answer["findings"][0]["start"]),
        (&json!("PERSON"), &json!(2))
    );
    analyzer.stop();
    for more in [&[][..], &["--jsonl"]] {
        let finished = mask(more, &json!({"id": 1, "text": text}).to_string());
        assert_eq!(
            (finished.status.code(), finished.stdout.as_str()),
            (Some(2), ""),
            "{}",
            finished.stderr
        );
        assert!(finished.stderr.contains("can't be reached"), "{}", finished.stderr);
    }
}

#[test]
fn decrypt_turns_back_what_was_encrypted() {
    let key = "0123456789abcdef";
    let operators = format!(r#"presidio.operators={{"CREDIT_CARD":{{"type":"encrypt","key":"{key}"}}}}"#);
    let text = format!("pay with {CARD}, please\n");
    let setup = Gateway::with([])
        .discovering()
        .env("PII_KEY", key)
        .env("OTHER", "fedcba9876543210");
    let encrypted = setup
        .run(&["mask", "-p", "presidio", "--set", &operators], &text)
        .stdout;
    assert!(!encrypted.contains("4111"), "{encrypted}");
    let decrypt = |words: &[&str], stdin: &str| setup.run(&[&["decrypt"], words].concat(), stdin);
    assert_eq!(
        decrypt(&["--key-env", "PII_KEY"], &encrypted).stdout.trim_end(),
        text.trim_end()
    );
    assert_eq!(
        decrypt(&["--key-env", "OTHER"], &encrypted).stdout,
        encrypted,
        "another key"
    );
    setup.sandbox.write("work/key", &format!("{key}\n"));
    setup.sandbox.write("work/answer.txt", &encrypted);
    let finished = decrypt(&["--key-file", "key", "answer.txt"], "");
    finished.assert_exit(0);
    assert_eq!(finished.stdout.trim_end(), text.trim_end());
}

#[test]
fn decrypt_takes_its_key_from_one_place() {
    setup_refuses(&["decrypt"], "--key-env");
    setup_refuses(&["decrypt", "--key-env", "A", "--key-file", "b"], "--key-file");
    setup_refuses(&["decrypt", "--key-env", "UNSET_KEY"], "UNSET_KEY");
    setup_refuses(&["decrypt", "--key-file", "missing"], "missing");
    setup_refuses(&["decrypt", "--key-env", "USER"], "16, 24 or 32");
}

#[track_caller]
fn setup_refuses(words: &[&str], named: &str) {
    run(words, "").assert_refused(&[named]);
}

#[test]
fn rules_lists_the_recognizers() {
    let finished = run(&["rules", "presidio"], "");
    finished.assert_exit(0);
    let line = finished
        .stdout
        .lines()
        .find(|line| line.starts_with("CREDIT_CARD "))
        .expect("a row");
    assert!(line.contains("by default"), "{line}");
    let finished = run(&["rules", "presidio", "--format", "json"], "");
    let all = parse(&finished.stdout);
    let ssn = all
        .as_array()
        .expect("a list")
        .iter()
        .find(|row| row["entity"] == "US_SSN")
        .expect("a row");
    assert_eq!((&ssn["country"], &ssn["default"]), (&json!("us"), &json!(true)));
    assert!(run(&["rules"], "").stdout.contains("<AWS_ACCESS_KEY>"));
}

#[test]
fn help_ends_with_an_example() {
    for command in ["decrypt", "rules"] {
        let help = run(&[command, "--help"], "").stdout;
        let end = help.trim_end().rsplit("\n\n").next().unwrap_or_default();
        assert!(end.contains(&format!("mcp-gateway {command}")), "{end}");
    }
}
