//! The entry points together, in every notation.

use super::*;
use proptest::prelude::*;
use std::borrow::Cow;

/// What all entry points find in `text`, in the places where the scan would call them.
fn secrets(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (at, b) in text.bytes().enumerate() {
        let after_quote = at > 0 && matches!(text.as_bytes()[at - 1], b'"' | b'\'');
        if matches!(b, b'=' | b':' | b'>') || b == b',' && after_quote {
            assignment(text, at, &mut found);
        }
    }
    found.iter().map(|finding| &text[finding.start..finding.end]).collect()
}

#[test]
fn assignments_in_every_notation() {
    for (text, expected) in [
        ("DB_PASSWORD=Tr0ub4dor&3\n", "Tr0ub4dor&3"),
        ("export API_TOKEN=8gNfR3bC7mJ6p9eK4t8wQ2", "8gNfR3bC7mJ6p9eK4t8wQ2"),
        (
            "password: \"t2zO:25BY-Skvlyx8rZtxmyYX4bSjiic\"",
            "t2zO:25BY-Skvlyx8rZtxmyYX4bSjiic",
        ),
        (
            "'access_token' => '8zBhTTWfBKWP9hJ8wunD7zMaEvWOGg',",
            "8zBhTTWfBKWP9hJ8wunD7zMaEvWOGg",
        ),
        (r#"{"client_secret":"geruj4LFyu0NBeBOnQvo"}"#, "geruj4LFyu0NBeBOnQvo"),
        (
            r#"{\"api_key\": \"951bc382db9abad29c68634761dd6e19\"}"#,
            "951bc382db9abad29c68634761dd6e19",
        ),
        (
            "X-Api-Key: 951bc382db9abad29c68634761dd6e19",
            "951bc382db9abad29c68634761dd6e19",
        ),
        (
            "var token string = \"j4smo61xuw9iqp8xla3db05pm1lrdz63\"",
            "j4smo61xuw9iqp8xla3db05pm1lrdz63",
        ),
        (
            "looker_TOKEN :::= \"xye3xstu3iyq9jutp5fj1q9q\"",
            "xye3xstu3iyq9jutp5fj1q9q",
        ),
        ("$token .= \"xye3xstu3iyq9jutp5fj1q9q\"", "xye3xstu3iyq9jutp5fj1q9q"),
        (
            "System.setProperty(\"HUBSPOT_TOKEN\", \"38b92bdc-2fd1-e5a2-6e52-c72b200aa9cc\")",
            "38b92bdc-2fd1-e5a2-6e52-c72b200aa9cc",
        ),
        (
            "define('AUTH_KEY',   'f54j6Auj0NT8g;5-^zk}yZ`vN^8/7!6=[S>')",
            "f54j6Auj0NT8g;5-^zk}yZ`vN^8/7!6=[S>",
        ),
        (
            "<airtableToken>\n    ftz7uxphnqzzrizzf\n</airtableToken>",
            "ftz7uxphnqzzrizzf",
        ),
        ("<add key=\"Password\" value=\"n83.bat47Fy4\" />", "n83.bat47Fy4"),
        (
            "- name: API_TOKEN\n  value: xye3xstu3iyq9jutp5fj1q9q\n",
            "xye3xstu3iyq9jutp5fj1q9q",
        ),
        ("secret: |\n  geruj4LFyu0NBeBOnQvo\n", "geruj4LFyu0NBeBOnQvo"),
        ("Server=db;Uid=u;Pwd=myPassw0rd;", "myPassw0rd"),
        (
            "AccountName=x;AccountKey=6jqh42QQjWWBwoPGGR/Jr0PZjhBMZVbHm==;",
            "6jqh42QQjWWBwoPGGR/Jr0PZjhBMZVbHm==",
        ),
        (
            "/cb?state=x&access_token=2YotnFZFEjr1zCsicMWpAA&x=1",
            "2YotnFZFEjr1zCsicMWpAA",
        ),
        ("user = Aladdin\npassword = open_sesame\n", "open_sesame"),
        (
            "Authorization: Bearer 8zBhTTWfBKWP9hJ8wunD7zMaEvWOGg",
            "8zBhTTWfBKWP9hJ8wunD7zMaEvWOGg",
        ),
        (
            "-H 'Authorization: Basic a2V2aW46cFJmN3ZHMmgxTDhuUWtXOQ=='",
            "a2V2aW46cFJmN3ZHMmgxTDhuUWtXOQ==",
        ),
        (
            "Cookie: lang=en; sessionid=a1b2c3d4e5f6a7b8c9d0",
            "a1b2c3d4e5f6a7b8c9d0",
        ),
        ("if password == \"123P4ssW0rd@@\":", "123P4ssW0rd@@"),
        (
            "const password = process.env.DB_PASSWORD || \"Kq7!vLp2Zx9#\";",
            "Kq7!vLp2Zx9#",
        ),
        ("'password' => env('DB_PASSWORD', 'Kq7vLp2Zx9d'),", "Kq7vLp2Zx9d"),
        (
            "SECRET_KEY = config('SECRET_KEY', default='63B^vdAF32Dn-3l3$7Kk_l5Z8sCmM1U')",
            "63B^vdAF32Dn-3l3$7Kk_l5Z8sCmM1U",
        ),
        (
            "Config { user: \"bob\", password: Some(\"Kq7vLp2Zx9d\"), port: 5432 }",
            "Kq7vLp2Zx9d",
        ),
        ("password=Optional[Kq7vLp2Zx9d]", "Kq7vLp2Zx9d"),
        (
            "variable \"db_password\" {\n  type    = string\n  default = \"Kq7vLp2Zx9d\"\n}\n",
            "Kq7vLp2Zx9d",
        ),
        ("Mot de passe : Kq7vLp2Zx9d", "Kq7vLp2Zx9d"),
        ("Пароль: Kq7vLp2Zx9d", "Kq7vLp2Zx9d"),
        ("la contraseña: Kq7vLp2Zx9d", "Kq7vLp2Zx9d"),
        ("password: !!str Kq7vLp2Zx9d\n", "Kq7vLp2Zx9d"),
        ("password: &pw Kq7vLp2Zx9d\n", "Kq7vLp2Zx9d"),
        ("val password: String? = \"Kq7vLp2Zx9d\"", "Kq7vLp2Zx9d"),
        ("let password: Option<String> = \"Kq7vLp2Zx9d\";", "Kq7vLp2Zx9d"),
        ("password: Optional[str] = \"Kq7vLp2Zx9d\"", "Kq7vLp2Zx9d"),
        ("**Password:** Kq7vLp2Zx9d\n", "Kq7vLp2Zx9d"),
        ("<strong>Password:</strong> Kq7vLp2Zx9d<br>", "Kq7vLp2Zx9d"),
        ("user: ann, pw: summer2024rain.", "summer2024rain"),
        ("user=ann pw=Kq7vLp2Zx9d", "Kq7vLp2Zx9d"),
        (
            "apiKey:\n  value: xye3xstu3iyq9jutp5fj1q9q\n",
            "xye3xstu3iyq9jutp5fj1q9q",
        ),
        (
            "\"apiKey\": {\n  \"value\": \"xye3xstu3iyq9jutp5fj1q9q\"",
            "xye3xstu3iyq9jutp5fj1q9q",
        ),
        ("<Password><Value>Kq7vLp2Zx9d</Value></Password>", "Kq7vLp2Zx9d"),
        (
            "<input type=\"password\" id=\"x\" value=\"Kq7vLp2Zx9d\">",
            "Kq7vLp2Zx9d",
        ),
        ("requests.get(url, auth=('bob', 'Kq7vLp2Zx9d'))", "Kq7vLp2Zx9d"),
        ("password: MWdKNHpZhfuNIqwp\n", "MWdKNHpZhfuNIqwp"),
        (
            "access token (read only): xye3xstu3iyq9jutp5fj1q9q",
            "xye3xstu3iyq9jutp5fj1q9q",
        ),
        (
            "or enter this setup key: vqit m3r4 xn6l r27s orpe ve5g",
            "vqit m3r4 xn6l r27s orpe ve5g",
        ),
        (
            "API_KEYS=xye3xstu3iyq9jutp5fj1q9q,kSlnmvWzQaJu91b1",
            "xye3xstu3iyq9jutp5fj1q9q,kSlnmvWzQaJu91b1",
        ),
        ("lösenord: G=t%ksqCg@UUSH", "G=t%ksqCg@UUSH"),
        ("credentials: admin / Kq7vLp2Zx9d", "Kq7vLp2Zx9d"),
        ("creds: admin:Kq7vLp2Zx9d", "Kq7vLp2Zx9d"),
        ("CREATE LOGIN x WITH PASSWORD = N'Kq7vLp2Zx9d'", "Kq7vLp2Zx9d"),
        ("كلمة المرور: Kq7vLp2Zx9d", "Kq7vLp2Zx9d"),
        ("पासवर्ड: Kq7vLp2Zx9d", "Kq7vLp2Zx9d"),
        ("DB_PASSWORD=@dm1nPassw0rd!x", "@dm1nPassw0rd!x"),
        ("export DB_PASSWORD=&kL9dm1nzPw!x\n", "&kL9dm1nzPw!x"),
        ("A=1\nDB_PASSWORD=Winter(2024)rain!\n", "Winter(2024)rain!"),
        ("DB_PASSWORD=ab::kL9dm1nzPw", "ab::kL9dm1nzPw"),
        ("DB_PASSWORD=kL9d<m1nzPw\"!xQ", "kL9d<m1nzPw\"!xQ"),
        ("kind: Secret\ndata:\n  extra: YWRtaW46\n", "YWRtaW46"),
    ] {
        assert_eq!(secrets(text), [expected], "{text}");
    }
}

#[test]
fn assignments_of_something_else() {
    for text in [
        "the key: open door with 2337 keys made",
        "next page token: 38b92bdc-2fd1-e5a2-6e52-c72b200aa9cc",
        "change token: 38b92bdc-2fd1-e5a2-6e52-c72b200aa9cc",
        "\"arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-a1B2c3\"",
        "did:key:z6Mk7HMRNsS9QnkSHPZ4jgSqsgRmH5jPJN5XyDc92pjhRsaR",
        "Sec-WebSocket-Key: 21ppqJODgH2A56wVUhqanQ==",
        "keys: xye3xstu3iyq9jutp5fj1q9q",
        "token (optional): Promise<string>",
        "login: user / password",
        "password = get_password()",
        "password: string;",
        "def login(self, user='', password: str, pwd=None):",
        "token = self.token",
        "const token = process.env.API_TOKEN",
        "api_key = os.environ['API_KEY_2024']",
        "password=${DB_PASSWORD}",
        "PASSWORD=<your password>",
        "\"password\": \"Enter your password\"",
        "\"nextPageToken\": \"CAUQAA8zBhTTWfBKWP9hJ8wun\"",
        "\"integrity\": \"sha512-WsZulLVBUHXVj2cUcPVx6UE21Tpal+A==\"",
        "\"token_count\": 4096",
        "\"token_type\": \"Bearer\"",
        "\"key\": \"PROJ-123\"",
        "\"key\": \"a1B2c3D4e5F6g7H8i9\"",
        "\"pass\": \"120\"",
        "secret: my-secret-name",
        "getpass(prompt='Password: ', stream=None)",
        "['name', 'password', 'repository']",
        "public_key = \"8zBhTTWfBKWP9hJ8wunD7zMaEvWOGg\"",
        "log_passwd: __u32,",
        "token = <GITHUB_TOKEN>",
        "DB_PASSWORD=get_secret(2)",
        "password = process.env.DB_PASSWORD || config.password2",
        "const token = jwt.sign(payload, \"HS256\")",
        "password = os.environ[\"Kq7vLp2Zx9d\"]",
        "password = getpass(\"Password for db1: \")",
        "password: Optional[str]",
        "variable \"db_name\" {\n  default = \"Kq7vLp2Zx9d\"\n}\n",
        "тема: Kq7vLp2Zx9d",
        "DB_PASSWORD=settings.PASSWORD2",
        "DB_PASSWORD=$(pass show db1)",
        "impl ModulePass::doInitialization7Kq",
        "ConnectionTrafficSecrets::Aes128Gcm { key }",
        "password[: -len(suffix2)]",
        "Password: [u16; 16],",
        "val password: String? = null",
        "val token: String by lazy { load2() }",
        "#token-list{--key:abc123def456ghi789}",
        "{\"password\":\"Mot de passe\",\"newPassword\":\"Contraseña\"}",
        "\"forgot_password\":\"Passwort vergessen?\"",
        "{\"LockToken\":\"7b3bcec2-374e-4c5a-b2b9-563bf47249f0\"}",
        "{\"taskToken\":\"AAAAKgAAAAIAAAAAAAAAAW9xQ2LmZt5x8f7Gq9\"}",
        "{\"page_token\":\"CAUQAA2x8f7Gq9ZtLm4\",\"fileKey\":\"aBcD1234eFgH5678iJkL90\"}",
        "Authorization: Bearer XXXXXXXXXXXX",
        "key_length = XSalsa20.key_length",
    ] {
        assert_eq!(secrets(text), Vec::<&str>::new(), "{text}");
    }
}

/// What is found in a leaf with these names, after this one.
fn in_leaf(names: &[&'static str], before: &str, text: &str) -> Option<(usize, usize)> {
    let names: Vec<Cow<'_, str>> = names.iter().map(|name| Cow::Borrowed(*name)).collect();
    let context = Context {
        names: &names,
        before,
        ..Context::default()
    };
    let mut found = Vec::new();
    leaf(text, &context, &mut found);
    found.first().map(|finding| (finding.start, finding.end))
}

#[test]
fn the_names_of_a_leaf_are_its_context() {
    assert_eq!(in_leaf(&["db", "password"], "", " hunter2 "), Some((1, 8)));
    assert_eq!(
        in_leaf(&["api_token", "value"], "", "8gNfR3bC7mJ6p9eK4t8wQ2"),
        Some((0, 22))
    );
    assert_eq!(
        in_leaf(&["env", "value"], "API_TOKEN", "8gNfR3bC7mJ6p9eK4t8wQ2"),
        Some((0, 22))
    );
    assert_eq!(in_leaf(&["args"], "--password", "hunter2"), Some((0, 7)));
    assert_eq!(
        in_leaf(&["headers", "Authorization"], "", "Bearer 8gNfR3bC7mJ6p9eK4t8wQ2"),
        Some((7, 29))
    );
    assert_eq!(in_leaf(&["id"], "password", "8gNfR3bC7mJ6p9eK4t8wQ2"), None);
    assert_eq!(in_leaf(&["nextPageToken"], "", "8gNfR3bC7mJ6p9eK4t8wQ2"), None);
    assert_eq!(in_leaf(&["password"], "", "<PASSWORD>"), None);
    assert_eq!(in_leaf(&["<API_KEY>"], "", "8gNfR3bC7mJ6p9eK4t8wQ2"), None);
    assert_eq!(
        in_leaf(&["env", "value"], "<API_TOKEN>", "8gNfR3bC7mJ6p9eK4t8wQ2"),
        None
    );
    assert_eq!(in_leaf(&["nonMatchingToken"], "", "8gNfR3bC7mJ6p9eK4t8wQ2"), None);
    assert_eq!(in_leaf(&["key"], "", "a1B2c3D4e5F6g7H8i9"), None);
}

proptest! {
    /// Every entry point takes any text at any place, and its findings are whole characters within the text.
    #[test]
    fn findings_are_stretches_of_the_text(text in "([a-z]{0,3}|pass|token|key|secret|user|[=:>,;&\"'\\\\ \n<{\\[$.-]|é|\u{200B}|[A-Za-z0-9+/]{17,30}|assword is ){0,24}") {
        let mut found = Vec::new();
        for (at, c) in text.char_indices() {
            match c {
                '=' | ':' | '>' | ',' => assignment(&text, at, &mut found),
                '-' => flag(&text, at, &mut found),
                'a' if text[at..].starts_with("assw") => prose(&text, at, &mut found),
                _ => {}
            }
        }
        let in_run = |c: char| c.is_ascii_alphanumeric() || "_-+/.~".contains(c);
        for part in text.split(|c| !in_run(c)).filter(|part| part.len() >= 16) {
            let start = part.as_ptr() as usize - text.as_ptr() as usize;
            value(&text, start..start + part.len(), true, &mut found);
        }
        leaf(&text, &Context { names: &[Cow::Borrowed("password")], ..Context::default() }, &mut found);
        for finding in found {
            prop_assert!(finding.start < finding.end && text.get(finding.start..finding.end).is_some());
        }
    }
}
