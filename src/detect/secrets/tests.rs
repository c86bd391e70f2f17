//! What holds for the engine as a whole.

use std::borrow::Cow;

use proptest::prelude::*;

use super::*;

fn engine() -> Engine {
    Engine::new(Options::default()).expect("valid options")
}

fn find(engine: &Engine, text: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    engine.find(text, &Context::default(), &mut found);
    found
}

fn mask(text: &str, found: &[Finding]) -> String {
    let mut masked = text.to_owned();
    for finding in found.iter().rev() {
        masked.replace_range(finding.start..finding.end, &format!("<{}>", finding.label));
    }
    masked
}

const TOKEN: &str = "ghp_aB3dE6gH9jK2mN5qR8tV1xY4zC7fG0iL2kM4";

#[test]
fn every_rule_that_has_an_example_finds_it() {
    let engine = Engine::new(Options {
        sensitivity: Sensitivity::High,
        ..Options::default()
    })
    .expect("valid options");
    for rule in rules().filter(|rule| !rule.example.is_empty()) {
        assert!(!find(&engine, rule.example).is_empty(), "{}: {}", rule.id, rule.example);
    }
}

#[test]
fn the_kinds_of_the_python_package_are_masked_though_they_look_made_up() {
    for (prefix, length, label) in [
        ("ghp_", 36, "GITHUB_PERSONAL_ACCESS_TOKEN"),
        ("gho_", 36, "GITHUB_OAUTH_TOKEN"),
        ("AIzaSy", 33, "GCP_API_KEY"),
        ("hf_", 34, "HUGGINGFACE_TOKEN"),
    ] {
        let text = format!("token: {prefix}{}", "a".repeat(length));
        let found = find(&engine(), &text);
        assert_eq!(mask(&text, &found), format!("token: <{label}>"));
        let blank = format!("write {prefix}{}", "x".repeat(length));
        assert_eq!(find(&engine(), &blank), vec![]);
    }
}

#[test]
fn what_may_be_code_is_masked_for_who_wants_all() {
    let sensitive = Options {
        sensitivity: Sensitivity::High,
        ..Options::default()
    };
    let sensitive = Engine::new(sensitive).expect("valid options");
    for (text, value) in [
        ("Password=\"Xk9mQ2;vL7pR4wZ8q\";", "Xk9mQ2;vL7pR4wZ8q"),
        ("PASSWORD=`pass show db/main7`", "pass show db/main7"),
    ] {
        assert_eq!(find(&engine(), text), vec![]);
        assert_eq!(mask(text, &find(&sensitive, text)), text.replace(value, "<PASSWORD>"));
    }
    for text in [
        "password: `Xk9mQ2 vL7pR4wZ8q`",
        "Host=a;Password=\"Xk9mQ2;vL7pR4wZ8q\";",
        "Password=\"Xk9mQ2;vL7pR4wZ8q\"",
    ] {
        assert_eq!(find(&engine(), text).len(), 1, "{text}");
    }
}

#[test]
fn tokens_are_found_within_longer_words() {
    let long = "b1".repeat(400);
    for (before, token) in [
        ("x_", "sk_live_9sdxs6eKzxFKylt258D0Q9tA"),
        ("x_", "glpat-OFd4dHOt7kVAZe6x-brW"),
        ("x_", "AKIACWGYFJB5QFB6OS2J"),
        ("1", TOKEN),
        ("password", TOKEN),
        (&format!("AAAA/{long}_"), TOKEN),
        (&long, TOKEN),
        (r"\033[32m", TOKEN),
        (r"\u001b[1;32m", "glpat-OFd4dHOt7kVAZe6x-brW"),
    ] {
        let text = format!("{before}{token} and more");
        let found = find(&engine(), &text);
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(
            text[found[0].start..found[0].end].trim_start_matches(before),
            token,
            "{text}"
        );
    }
    for text in [
        "my_test_case_for_2024_of_the_parser",
        "monkey-0123456789abcdefghij",
        "unit_test_0123456789abcdef",
        "x_sk_live_example_key_1",
        "some_private_method_of_class_9",
        "desk_live_2024_summer_show1",
        "task_test_oc5pn6rluc0jqccmsjcf8yjtnoax2u",
        "vipul-f0eb1acf0da84c06a50c5b2c59932001997786b176dec02bd16128ee9ea83628.png",
    ] {
        assert_eq!(find(&engine(), text), vec![], "{text}");
    }
}

#[test]
fn what_a_dump_shows_is_masked_with_it() {
    for (dump, left) in [
        (
            "00000000: 4749 5448 5542 5f54 4f4b 454e 3d67 6870  GITHUB_TOKEN=ghp\n\
             00000010: 5f61 4233 6445 3667 4839 6a4b 326d 4e35  _aB3dE6gH9jK2mN5\n\
             00000020: 7152 3874 5631 7859 347a 4337 6647 3069  qR8tV1xY4zC7fG0i\n\
             00000030: 4c32 6b4d 340a 504f 5254 3d38 300a       L2kM4.PORT=80.\n",
            "00000000: 4749 5448 5542 5f54 4f4b 454e 3d<GITHUB_PERSONAL_ACCESS_TOKEN>\n",
        ),
        (
            "$ hexdump -C .env\n\
             00000000  70 61 73 73 77 6f 72 64  3d 4b 71 37 76 4c 70 32  |password=Kq7vLp2|\n\
             00000010  5a 78 39 64 0a 75 73 65  72 3d 62 6f 62 0a        |Zx9d.user=bob.|\n0000001e\n",
            "$ hexdump -C .env\n00000000  70 61 73 73 77 6f 72 64  3d <PASSWORD>\n0000001e\n",
        ),
    ] {
        let masked = mask(dump, &find(&engine(), dump));
        assert_eq!(masked, left);
        assert_eq!(find(&engine(), &masked), vec![], "{masked}");
    }
    let text = "00000000  48 65 6c 6c 6f 2c 20 77  6f 72 6c 64 21 0a        |Hello, world!.|\n0000000e\n";
    assert_eq!(find(&engine(), text), vec![]);
}

#[test]
fn a_zero_byte_within_a_token_hides_nothing() {
    let (start, end) = TOKEN.split_at(17);
    for text in [
        format!("{start}\0{end}"),
        format!("token: {start}\0{end}\n"),
        TOKEN.split("").collect::<Vec<_>>().join("\0"),
    ] {
        let found = find(&engine(), &text);
        assert!(!mask(&text, &found).contains("4xY"), "{text:?}");
        assert_eq!(found.len(), 1, "{text:?}");
    }
    let environment = format!("HOME=/root\0GITHUB_TOKEN={TOKEN}\0PATH=/bin\0");
    assert_eq!(
        mask(&environment, &find(&engine(), &environment)),
        "HOME=/root\0GITHUB_TOKEN=<GITHUB_PERSONAL_ACCESS_TOKEN>\0PATH=/bin\0"
    );
}

#[test]
fn a_passphrase_is_found_in_a_sentence() {
    let text = "the passphrase of the key is 'Kq7vLp2Zx9d'";
    assert_eq!(
        mask(text, &find(&engine(), text)),
        "the passphrase of the key is '<PASSWORD>'"
    );
}

#[test]
fn a_rule_can_be_switched_off() {
    let options = |id: &str| Options {
        disable: vec![id.to_owned()],
        ..Options::default()
    };
    let without = Engine::new(options("github-pat-classic")).expect("valid options");
    assert_eq!(find(&without, TOKEN), vec![]);
    let error = Engine::new(options("github-pat-clasic")).expect_err("no such rule");
    assert!(
        error.to_string().contains("did you mean `github-pat-classic`?"),
        "{error}"
    );
}

#[test]
fn an_allowed_value_is_left_alone() {
    for allowed in [TOKEN, "/^ghp_aB3/"] {
        let options = Options {
            allow: vec![allowed.to_owned()],
            ..Options::default()
        };
        let engine = Engine::new(options).expect("valid options");
        assert_eq!(find(&engine, &format!("the token {TOKEN} is public")), vec![]);
        assert_eq!(find(&engine, &TOKEN.replace("aB3", "aB4")).len(), 1);
    }
}

#[test]
fn a_rule_of_ones_own_counts_like_the_others() {
    let rule = CustomRule {
        id: "acme".to_owned(),
        regex: "ACME-[0-9]{6}".to_owned(),
        placeholder: "ACME_NUMBER".to_owned(),
        entropy: None,
        keywords: Vec::new(),
    };
    let engine = Engine::new(Options {
        rules: vec![rule],
        ..Options::default()
    })
    .expect("valid options");
    assert_eq!(
        mask("see ACME-123456.", &find(&engine, "see ACME-123456.")),
        "see <ACME_NUMBER>."
    );
}

#[test]
fn an_aws_secret_key_is_known_by_its_neighbour() {
    let secret = "wJx5rUtnKE2MIqK7MDkbPxRfiDYzGpTvNsQ8aLmC";
    let context = Context {
        names: &[Cow::Borrowed("b")],
        before: "AKIAQ3EGZ7LPOWV2KDRT",
        ..Context::default()
    };
    let mut found = Vec::new();
    engine().find(secret, &context, &mut found);
    assert_eq!(mask(secret, &found), "<AWS_SECRET_ACCESS_KEY>");
}

#[test]
fn an_aws_secret_key_may_stand_before_its_id() {
    let secret = "pS67n+J29jhIrP90+aVGF6xKZ/1VcAVhi/2JXhzl";
    for text in [
        format!("{secret} AKIAMCPEPBYAYPJD2YDT"),
        format!("s: {secret}\nid: AKIAMCPEPBYAYPJD2YDT"),
    ] {
        assert!(
            mask(&text, &find(&engine(), &text)).contains("<AWS_SECRET_ACCESS_KEY>"),
            "{text}"
        );
    }
    for text in [
        format!("{secret}{} AKIAMCPEPBYAYPJD2YDT", " and".repeat(100)),
        "6dcb09b5b57875f334f61aebed695e2e4193db5e AKIAMCPEPBYAYPJD2YDT".to_owned(),
    ] {
        assert!(!mask(&text, &find(&engine(), &text)).contains("SECRET"), "{text}");
    }
}

#[test]
fn a_secret_is_found_across_parts() {
    let (first, second) = TOKEN.split_at(17);
    let (start, end) = (format!("the token is {first}"), format!("{second} and more"));
    let mut found = Vec::new();
    engine().find_across(&["ünrelated. ", &start, &end, "x"], &mut found);
    let joined = format!("ünrelated. {start}{end}x");
    assert_eq!(
        mask(&joined, &found),
        "ünrelated. the token is <GITHUB_PERSONAL_ACCESS_TOKEN> and morex"
    );
    found.clear();
    engine().find_across(&[TOKEN, "\nand more"], &mut found);
    assert_eq!(found, vec![], "what is whole in one part is not split");
}

#[test]
fn what_is_encoded_too_often_is_masked_whole() {
    use base64::Engine as _;
    let encode = |text: String| base64::engine::general_purpose::STANDARD.encode(text);
    let text = (0..=MAX_DEPTH + 1).fold(format!("the token is {TOKEN} and so on"), |text, _| encode(text));
    assert_eq!(mask(&text, &find(&engine(), &text)), "<ENCODED_DATA>");
}

/// Text with what the rules look for in it, whole and broken.
fn texts() -> impl Strategy<Value = String> {
    let examples: Vec<&'static str> = rules()
        .map(|rule| rule.example)
        .filter(|example| !example.is_empty())
        .collect();
    let piece = prop_oneof![
        4 => prop::sample::select(examples.clone()).prop_map(str::to_owned),
        2 => (prop::sample::select(examples), 0..60_usize).prop_map(|(example, length)| example.chars().take(length).collect()),
        2 => r#"[ -~]{0,20}"#,
        1 => any::<String>(),
        3 => prop::sample::select(vec![
            "\\n", "\\\"", "\"", "=", ": ", "\n", " ", "://", "@", "password=", "Authorization: Bearer ", "%3D", "\\u0041",
            "\u{200b}", "é", "<", ">", "<TOKEN>", "-----BEGIN PRIVATE KEY-----", "--token ", ",", "_", "-", ".", "\u{1b}[1m", "AKIA",
        ]).prop_map(str::to_owned),
        3 => prop::sample::select(vec![
            "Kq7vLp2Zx9d", "| user | password |\n|---|---|\n", " | ", "name,password\n", "bob,", "password\n\n", "DB_PASSWORD=", "&", "'", "(",
            "INSERT INTO t (a, password) VALUES (", "COPY t (a, password) FROM stdin;\n", "\t", "kind: Secret\ndata:\n  a: ", "\n  b: |\n    ",
            "{\"kind\":\"Secret\",\"data\":{\"a\":\"", "password: Some(\"", "password = env.X || \"", "setPassword(\"", "<td>Password</td><td>", "</td>",
            "<value name=\"password\">", "value=\"", "\" name=\"password\">", "curl -su bob:", "@tcp(", "пароль: ", "password：", "pw is ",
        ]).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn findings_are_in_order_and_on_character_boundaries(text in texts()) {
        let mut end = 0;
        for finding in find(&engine(), &text) {
            prop_assert!(end <= finding.start && finding.start < finding.end && finding.end <= text.len());
            prop_assert!(text.is_char_boundary(finding.start) && text.is_char_boundary(finding.end));
            end = finding.end;
        }
    }

    #[test]
    fn the_same_is_found_without_vectors(text in texts()) {
        prop_assert_eq!(find(&engine().without_vectors(), &text), find(&engine(), &text));
    }

    #[test]
    fn masking_twice_changes_nothing(text in texts()) {
        let engine = engine();
        let once = mask(&text, &find(&engine, &text));
        let found = find(&engine, &once);
        prop_assert_eq!(mask(&once, &found), once.clone(), "of {:?}: {:?}", text, found);
    }

    #[test]
    fn the_scan_sees_the_same_wherever_a_text_stands(before in "[ \n]{0,130}", example in prop::sample::select(rules::all().map(|rule| rule.info.example).collect::<Vec<_>>())) {
        let engine = engine();
        let shifted: Vec<_> = find(&engine, &format!("{before}{example}")).into_iter().map(|finding| (finding.rule, finding.start - before.len())).collect();
        let plain: Vec<_> = find(&engine, example).into_iter().map(|finding| (finding.rule, finding.start)).collect();
        prop_assert_eq!(shifted, plain);
    }

    #[test]
    fn parts_are_searched_without_panic(parts in prop::collection::vec(texts(), 0..5)) {
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let joined = parts.concat();
        let mut found = Vec::new();
        engine().find_across(&parts, &mut found);
        for finding in found {
            prop_assert!(joined.is_char_boundary(finding.start) && joined.is_char_boundary(finding.end));
        }
    }
}
