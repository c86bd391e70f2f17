//! `masking: vault`: a value that the client never gets goes back to the server that it came from, and nowhere else.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::harness::{Analyzer, Gateway, Server, Setup, TOKEN, parse, text_of};

/// A flow from `notes` to itself.
const OWN_FLOW: &str =
    r#"basic.flows=[{"from":"notes","to":"notes","kinds":["GITHUB_PERSONAL_ACCESS_TOKEN"],"tools":["overwrite"]}]"#;

/// A server with a tool that changes nothing beyond it, one that may destroy, and one that tells `text`.
fn notes(name: &str, text: &str) -> Server {
    let tool = |tool: &str, annotations: Value| json!({"name": tool, "inputSchema": {"type": "object"}, "annotations": annotations});
    let echo = r#"[{"reply":{"content":[{"type":"text","text":"$text:arguments"}]}}]"#;
    Server::new(name)
        .answers("read", json!({"content": [{"type": "text", "text": text}]}))
        .defines(tool("save", json!({"destructiveHint": false, "openWorldHint": false})))
        .on("call save", echo)
        .defines(tool("overwrite", json!({"openWorldHint": false})))
        .on("call overwrite", echo)
}

fn vault(servers: impl IntoIterator<Item = Server>) -> Setup {
    Gateway::with(servers).args(["-p", "basic", "--set", "basic.masking=vault"])
}

/// The placeholder of this kind and number that a result holds.
#[track_caller]
fn placeholder(result: &Value, kind: &str, number: usize) -> String {
    let text = text_of(result);
    let start = text
        .find(&format!("<{kind}_{number}_x"))
        .unwrap_or_else(|| panic!("none in {text}"));
    let end = start + text[start..].find('>').expect("it ends");
    text[start..=end].to_owned()
}

/// The first token that a server tells.
#[track_caller]
fn told(gateway: &mut Gateway, server: &str) -> String {
    placeholder(&gateway.run(server, "read", "{}"), "GITHUB_PERSONAL_ACCESS_TOKEN", 1)
}

/// Asserts that neither the client nor the log nor any file but those of the fixtures holds the secret.
#[track_caller]
fn assert_nowhere(gateway: &mut Gateway, secret: &str) {
    gateway.assert_no_trace(secret);
    for folder in ["home", "work", "state", "config", "cache", "data", "tmp"] {
        assert_not_in_files(&gateway.sandbox.path(folder), secret);
    }
}

#[track_caller]
fn assert_not_in_files(folder: &Path, secret: &str) {
    for entry in fs::read_dir(folder).expect("a folder of the sandbox").flatten() {
        let path = entry.path();
        if path.is_dir() {
            assert_not_in_files(&path, secret);
        } else {
            let bytes = fs::read(&path).unwrap_or_default();
            assert!(
                !String::from_utf8_lossy(&bytes).contains(secret),
                "{} holds it",
                path.display()
            );
        }
    }
}

#[test]
fn a_token_is_used_that_the_client_never_gets() {
    let mut gateway = vault([notes("notes", &format!("token = {TOKEN}"))])
        .args(["--log-level", "DEBUG"])
        .open();
    let placeholder = told(&mut gateway, "notes");
    let header = format!("Authorization: Bearer {placeholder}");
    let inner = json!({"deep": [{"auth": header}]}).to_string();
    for door in ["run_tool", "notes_save"] {
        let arguments = json!({"header": header, "body": inner});
        let saved = match door {
            "run_tool" => gateway.run("notes", "save", &arguments),
            _ => gateway.call(door, &arguments),
        };
        assert!(text_of(&saved).contains(&header), "the echo is masked again: {saved}");
        let received = gateway.last_arguments("notes");
        assert_eq!(received["header"], format!("Authorization: Bearer {TOKEN}"));
        let body = parse(received["body"].as_str().expect("a text"));
        assert_eq!(body["deep"][0]["auth"], format!("Authorization: Bearer {TOKEN}"));
    }
    gateway.logged(&format!("put back what {placeholder} stands for"));
    assert_nowhere(&mut gateway, TOKEN);
}

#[test]
fn a_value_that_only_its_name_gave_away_is_masked_on_its_way_back() {
    let password = "tr0ub4dor and \"three\\";
    let mut gateway = vault([notes("notes", &json!({"password": password}).to_string())]).open();
    let read = parse(&text_of(&gateway.run("notes", "read", "{}")));
    let placeholder = read["password"].as_str().expect("a text").to_owned();
    assert!(placeholder.starts_with('<'), "{placeholder}");
    let saved = gateway.run("notes", "save", json!({"plain": format!("it is {placeholder}!")}));
    assert_eq!(
        gateway.last_arguments("notes"),
        json!({"plain": format!("it is {password}!")})
    );
    assert_eq!(parse(&text_of(&saved))["plain"], format!("it is {placeholder}!"));
    assert_nowhere(&mut gateway, "tr0ub4dor");
}

#[test]
fn a_number_comes_back_as_the_tool_wants_it() {
    let card = 4_111_111_111_111_111_u64;
    let gentle = json!({"destructiveHint": false, "openWorldHint": false});
    let tool = |name: &str, of: Value| json!({"name": name, "annotations": gentle, "inputSchema": {"type": "object", "properties": {"card": of}}});
    let server =
        ["integer", "string"]
            .into_iter()
            .fold(notes("notes", &json!({"card": card}).to_string()), |server, of| {
                server
                    .defines(tool(of, json!({"type": of})))
                    .on(&format!("call {of}"), json!([{"reply": {"content": []}}]))
            });
    let mut gateway = Gateway::with([server])
        .args(["-p", "presidio", "--set", "presidio.masking=vault"])
        .open();
    let read = parse(&text_of(&gateway.run("notes", "read", "{}")));
    let placeholder = read["card"].as_str().expect("a number is masked by a text").to_owned();
    for (tool, expected) in [
        ("save", json!(card)),
        ("integer", json!(card)),
        ("string", json!(card.to_string())),
    ] {
        gateway.run("notes", tool, json!({"card": placeholder}));
        assert_eq!(gateway.last_arguments("notes"), json!({"card": expected}), "{tool}");
    }
    gateway.run("notes", "save", json!({"card": format!("no. {placeholder}")}));
    assert_eq!(gateway.last_arguments("notes"), json!({"card": format!("no. {card}")}));
    assert_nowhere(&mut gateway, &card.to_string());
}

#[test]
fn a_value_that_was_put_back_is_in_no_log_and_no_record() {
    let password = "tr0ub4dor and \"three\\";
    let says = |tool: &str, ends: Value| {
        json!([
            {"stderr": {"line": format!("{tool} got \"$arguments\""), "times": 1}},
            {"stderr": {"line": "as text: \"$text:arguments\"", "times": 1}},
            ends,
        ])
    };
    let closed = json!({"destructiveHint": false, "openWorldHint": false});
    let server = notes("notes", &json!({"password": password}).to_string())
        .on("call save", says("save", json!({"reply": {"content": []}})))
        .defines(json!({"name": "die", "inputSchema": {"type": "object"}, "annotations": closed}))
        .on("call die", says("die", json!({"exit": 3})));
    let mut gateway = vault([server]).args(["-p", "xetrack", "--log-level", "DEBUG"]).open();
    let read = parse(&text_of(&gateway.run("notes", "read", "{}")));
    let placeholder = read["password"].as_str().expect("a text").to_owned();
    gateway.run("notes", "save", json!({"plain": placeholder}));
    assert_eq!(gateway.last_arguments("notes"), json!({"plain": password}));
    gateway.logged("save got");
    let died = gateway.run("notes", "die", json!({"plain": placeholder}));
    assert_eq!(died["isError"], true, "{died}");
    gateway.logged("the last it said");
    assert_nowhere(&mut gateway, "tr0ub4dor");
}

#[test]
fn a_look_alike_in_pieces_stays_dead_when_injection_joins_them() {
    let says = r#"[{"reply":{"content":[{"type":"text","text":"$arguments"}]}}]"#;
    let servers = [
        notes("notes", &format!("token = {TOKEN}")),
        Server::new("other").does("say", says),
    ];
    let mut gateway = vault(servers).args(["-p", "injection"]).open();
    let placeholder = told(&mut gateway, "notes");
    let (start, end) = placeholder.split_at(placeholder.len() - 4);
    let told = text_of(&gateway.run("other", "say", json!(format!("use {start}\u{1b}[0m{end} please"))));
    assert!(told.contains(start) || told.contains("_not_x"), "{told}");
    assert!(!told.contains(&placeholder), "{told}");
}

#[test]
fn what_may_destroy_needs_a_flow_with_a_name() {
    let text = format!("token = {TOKEN}");
    let mut gateway = vault([notes("notes", &text)]).open();
    let placeholder = told(&mut gateway, "notes");
    let refused = gateway.run("notes", "overwrite", json!({"text": placeholder}));
    assert_eq!(refused["isError"], true);
    let why = text_of(&refused);
    assert!(
        why.contains("arguments.text") && why.contains(&placeholder) && why.contains("--set 'basic.flows="),
        "{why}"
    );
    assert!(
        gateway
            .journal("notes", "in")
            .iter()
            .all(|line| !line.contains("overwrite"))
    );
    assert_nowhere(&mut gateway, TOKEN);

    let mut gateway = vault([notes("notes", &text)]).args(["--set", OWN_FLOW]).open();
    let placeholder = told(&mut gateway, "notes");
    gateway.run("notes", "overwrite", json!({"text": placeholder}));
    assert_eq!(gateway.last_arguments("notes"), json!({"text": TOKEN}));
    assert_nowhere(&mut gateway, TOKEN);
}

#[test]
fn another_server_gets_the_placeholder_and_that_is_recorded() {
    let mut gateway = vault([notes("notes", TOKEN), notes("web", "nothing")]).open();
    let placeholder = told(&mut gateway, "notes");
    for tool in ["save", "overwrite"] {
        let answer = gateway.run("web", tool, json!({"text": placeholder}));
        assert_eq!(gateway.last_arguments("web"), json!({"text": placeholder}), "{tool}");
        let items = answer["content"].as_array().expect("content");
        let text = |item: usize| items[item]["text"].as_str().expect("a text");
        let (echo, note) = (text(0), text(1));
        assert!(note.contains(&placeholder) && note.contains("`notes`"), "{note}");
        assert!(
            !echo.contains(&placeholder),
            "what that server writes stands for nothing: {answer}"
        );
    }
    gateway.logged(&format!("sent {placeholder} as it is"));
    assert_nowhere(&mut gateway, TOKEN);
}

#[test]
fn what_became_of_a_placeholder_is_in_the_record_of_calls() {
    let store = crate::trace::Store::new();
    let mut gateway = store
        .gateway([notes("notes", TOKEN), notes("web", "nothing")])
        .args(["-p", "basic", "--set", "basic.masking=vault"])
        .open();
    let placeholder = told(&mut gateway, "notes");
    for server in ["notes", "web"] {
        gateway.run(server, "save", json!({"text": placeholder}));
    }
    assert_nowhere(&mut gateway, TOKEN);
    gateway.close().assert_exit(0);
    let rows = "SELECT json_array(server, verdict, label, place, reason) FROM guardrail_actions WHERE rule = 'placeholder' ORDER BY id";
    let row = |server: &str, verdict: &str| {
        json!([
            server,
            verdict,
            placeholder.trim_matches(['<', '>']),
            "arguments.text",
            "its value came from `notes`"
        ])
    };
    let recorded: Vec<Value> = store.texts(rows).iter().map(|row| parse(row)).collect();
    assert_eq!(recorded, [row("notes", "restore"), row("web", "withhold")]);
}

#[test]
fn a_person_may_let_it_flow_to_another_server() {
    let flow = r#"basic.flows=[{"from":"notes","to":"web","kinds":["GITHUB_PERSONAL_ACCESS_TOKEN"]}]"#;
    let servers = [notes("notes", TOKEN), notes("web", "nothing"), notes("mail", "nothing")];
    let mut gateway = vault(servers).args(["--set", flow]).open();
    let placeholder = told(&mut gateway, "notes");
    for server in ["web", "mail"] {
        gateway.run(server, "overwrite", json!({"text": placeholder}));
    }
    assert_eq!(gateway.last_arguments("web"), json!({"text": TOKEN}));
    assert_eq!(gateway.last_arguments("mail"), json!({"text": placeholder}));
    assert_nowhere(&mut gateway, TOKEN);
}

#[test]
fn what_a_server_asks_of_the_client_is_never_answered_with_a_value() {
    let sampling = json!({"messages": [{"role": "user", "content": {"type": "text", "text": TOKEN}}], "maxTokens": 5});
    let form = json!({"message": format!("is it {TOKEN}?"), "requestedSchema": {"type": "object", "properties": {}}});
    let steps = json!([
        {"ask": {"method": "sampling/createMessage", "params": sampling}},
        {"ask": {"method": "elicitation/create", "params": form}},
        {"reply": {"content": []}},
    ]);
    let mut gateway = vault([notes("notes", TOKEN).does("ask", steps)]).start();
    gateway.initialize_with(json!({"sampling": {}, "elicitation": {}}));
    let placeholder = told(&mut gateway, "notes");
    let call = gateway.start_run("notes", "ask", "{}");
    let asked = gateway.asked("sampling/createMessage");
    assert_eq!(asked.value["params"]["messages"][0]["content"]["text"], placeholder);
    gateway.respond(
        &asked,
        json!({"role": "assistant", "content": {"type": "text", "text": placeholder}, "model": "m"}),
    );
    let asked = gateway.asked("elicitation/create");
    gateway.respond(
        &asked,
        json!({"action": "accept", "content": {"arguments": placeholder}}),
    );
    gateway.answer(&call);
    let answers: Vec<String> = gateway
        .journal("notes", "in")
        .into_iter()
        .filter(|line| line.contains("_x"))
        .collect();
    assert_eq!(answers.len(), 2, "{answers:?}");
    assert!(answers.iter().all(|line| line.contains(&placeholder)), "{answers:?}");
    assert_nowhere(&mut gateway, TOKEN);
}

#[test]
fn a_person_is_asked_about_the_placeholder_and_the_server_gets_the_value() {
    let rules = json!({"rules": [{"name": "saving", "when": {"tool": "save"}, "then": "ask"}]});
    let mut gateway = vault([notes("notes", TOKEN)])
        .args(["-p", "policy"])
        .entry("plugins", json!({"policy": rules}))
        .start();
    gateway.initialize_with(json!({"elicitation": {}}));
    let placeholder = told(&mut gateway, "notes");
    let call = gateway.start_run("notes", "save", json!({"text": placeholder}));
    let question = gateway.asked("elicitation/create");
    assert!(question.raw.contains(&placeholder), "{}", question.raw);
    gateway.respond(&question, json!({"action": "accept", "content": {"accept": true}}));
    gateway.answer(&call);
    assert_eq!(gateway.last_arguments("notes"), json!({"text": TOKEN}));
    assert_nowhere(&mut gateway, TOKEN);
}

#[test]
fn an_allow_list_does_not_trust_a_placeholder() {
    let rules = json!({"default": "deny", "rules": [
        {"name": "reading", "when": {"tool": "read"}, "then": "allow"},
        {"name": "safe", "when": {"tool": "save", "arguments": {"path": "/safe/*"}}, "then": "allow"},
    ]});
    let mut gateway = vault([notes("notes", TOKEN)])
        .args(["-p", "policy"])
        .entry("plugins", json!({"policy": rules}))
        .open();
    let placeholder = told(&mut gateway, "notes");
    for (path, passes) in [("/safe/a".to_owned(), true), (format!("/safe/{placeholder}"), false)] {
        let saved = gateway.run("notes", "save", json!({"path": path}));
        assert_eq!(saved.get("isError").is_none(), passes, "{saved}");
    }
}

#[test]
fn both_maskers_keep_what_they_masked() {
    let text = format!("{TOKEN} of ada@example.com, card 4111 1111 1111 1111");
    let operators = r#"presidio.operators={"CREDIT_CARD":{"type":"redact"}}"#;
    let mut gateway = vault([notes("notes", &text), notes("web", "nothing")])
        .args(["-p", "presidio", "--set", "presidio.masking=vault", "--set", operators])
        .open();
    let read = gateway.run("notes", "read", "{}");
    let token = placeholder(&read, "GITHUB_PERSONAL_ACCESS_TOKEN", 1);
    let mail = placeholder(&read, "EMAIL_ADDRESS", 1);
    assert_eq!(text_of(&read), format!("{token} of {mail}, card "));
    let arguments = json!({"to": mail, "text": format!("{mail}: {token}")});
    gateway.run("notes", "save", &arguments);
    assert_eq!(
        gateway.last_arguments("notes"),
        json!({"to": "ada@example.com", "text": format!("ada@example.com: {TOKEN}")})
    );
    gateway.run("web", "save", &arguments);
    assert_eq!(gateway.last_arguments("web"), arguments);
    assert_nowhere(&mut gateway, TOKEN);
    assert_nowhere(&mut gateway, "ada@example.com");
}

#[test]
fn a_presidio_service_is_not_shown_placeholders() {
    let analyzer = Analyzer::honest();
    let address = format!("presidio.analyzer_url={}", analyzer.url);
    let mut gateway = vault([notes("notes", &format!("{TOKEN} of {}", Analyzer::PERSON))])
        .args(["-p", "presidio", "--set", "presidio.masking=vault", "--set", &address])
        .open();
    let read = gateway.run("notes", "read", "{}");
    let person = placeholder(&read, "PERSON", 1);
    gateway.run("notes", "save", json!({"text": format!("ask {}", text_of(&read))}));
    let received = gateway.last_arguments("notes");
    assert_eq!(received["text"], format!("ask {TOKEN} of {}", Analyzer::PERSON));
    let texts = analyzer.texts().join("\n");
    assert!(texts.contains("ask ") && !texts.contains(&person), "{texts}");
    assert!(!texts.contains("GITHUB"), "{texts}");
}

#[test]
fn a_placeholder_leads_no_tool_to_the_gateways_own_files() {
    let rule = r#"basic.rules=[{"id":"path","regex":"/[^ ]*mcp[.]json","placeholder":"A_PATH"}]"#;
    let setup = vault([]).args(["--set", rule]);
    let path = setup.config_path().display().to_string();
    let entry = notes("notes", &path).install(&setup.sandbox);
    let mut gateway = setup.server("notes", entry).open();
    let read = gateway.run("notes", "read", "{}");
    let refused = gateway.run("notes", "save", json!({"path": placeholder(&read, "A_PATH", 1)}));
    assert!(text_of(&refused).contains("file of the gateway itself"), "{refused}");
}

#[test]
fn ten_thousand_secrets_take_bounded_memory() {
    const KEPT: usize = 10_000;
    let token = |number: usize| format!("ghp_q1W2e3R4t5Y6u7I8o9P0a1S2d3F4{number:08}");
    let tell = |from: usize| {
        let tokens: Vec<String> = (from..from + KEPT / 2).map(token).collect();
        json!({"content": [{"type": "text", "text": tokens.join("\n")}]})
    };
    let server = (0..4).fold(notes("notes", TOKEN), |server, part| {
        server.answers(&format!("tell{part}"), tell(part * KEPT / 2))
    });
    let mut gateway = vault([server]).open();
    let mut tell = |part: usize| {
        let text = text_of(&gateway.run("notes", &format!("tell{part}"), "{}"));
        let plain = text.matches("<GITHUB_PERSONAL_ACCESS_TOKEN>").count();
        (text, plain, resident(gateway.pid()))
    };
    let (first, plain, _) = tell(0);
    assert_eq!((first.lines().count(), plain), (KEPT / 2, 0));
    let (_, plain, full) = tell(1);
    assert_eq!(plain, 0, "there is room for all of them");
    for part in [2, 3] {
        let (text, plain, _) = tell(part);
        assert_eq!(plain, KEPT / 2, "they are masked and not kept: {}", text.len());
    }
    let (again, plain, after) = tell(0);
    assert_eq!((again == first, plain), (true, 0), "those that are kept stay");
    assert!(full < 64 * 1024, "{full} KiB are resident");
    assert!(after < full + 16 * 1024, "{after} KiB after {full} KiB");
    let last = format!("<GITHUB_PERSONAL_ACCESS_TOKEN_{}_x", KEPT / 2);
    let start = first.find(&last).expect("the last one");
    let text = first[start..].lines().next().expect("a line").to_owned();
    gateway.run("notes", "save", json!({"text": text}));
    assert_eq!(gateway.last_arguments("notes")["text"], token(KEPT / 2 - 1));
    assert_nowhere(&mut gateway, "ghp_q1W2e3R4t5Y6u7I8o9P0");
}

/// The resident memory of a process, in KiB.
fn resident(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("it runs");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .expect("Linux says it");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

#[test]
fn settings_that_do_nothing_stop_the_start() {
    let flow = r#"{"from":"a","to":"b","kinds":["JWT_TOKEN"]}"#;
    for (sets, named) in [
        (vec!["basic.masking=safe"], "`forget` or `vault`"),
        (vec![&*format!("basic.flows=[{flow}]")], "needs `masking` to be `vault`"),
        (
            vec!["basic.masking=vault", "basic.responses=block"],
            "`responses` has to be `mask`",
        ),
        (
            vec!["basic.masking=vault", r#"basic.flows=[{"from":"a","to":"b"}]"#],
            "`flows` has to be a list",
        ),
        (
            vec![
                "basic.masking=vault",
                r#"basic.flows=[{"from":"a","to":"b","kinds":[]}]"#,
            ],
            "no `kinds`",
        ),
        (
            vec![
                "basic.masking=vault",
                r#"basic.flows=[{"from":"a","to":"b","kinds":["<JWT>"]}]"#,
            ],
            "is no kind",
        ),
    ] {
        let sets: Vec<&str> = sets.iter().flat_map(|set| ["--set", set]).collect();
        let finished = Gateway::with([]).args(["-p", "basic"]).args(sets).run(&[], "");
        finished.assert_refused(&[named]);
    }
}
