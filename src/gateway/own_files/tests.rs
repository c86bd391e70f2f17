use super::*;
use crate::message::Hints;

impl OwnFiles {
    fn leads_there(&self, text: &str, server: &str) -> bool {
        self.leads(text, server, &mut |_, _| {})
    }
}

/// A home with a configuration, in which a server runs.
struct Home {
    root: tempfile::TempDir,
    own: OwnFiles,
}

impl Home {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        for directory in ["cc", ".local/state/gateway", "project/src"] {
            std::fs::create_dir_all(root.path().join(directory)).unwrap();
        }
        std::fs::write(root.path().join("cc/mcp.json"), "{}").unwrap();
        let own = OwnFiles::new(
            [root.path().join("cc/mcp.json")],
            [root.path().join(".local/state/gateway")],
            root.path().to_owned(),
        );
        Self { root, own }
    }

    /// Whether a tool of this name and these hints may be called so; `ROOT` stands for the home.
    async fn lets(&self, tool: &str, hints: Hints, arguments: &str) -> bool {
        let arguments = arguments.replace("ROOT", &self.root.path().display().to_string());
        let envelope = Envelope {
            hints,
            ..Envelope::request(&"s".into(), "tools/call", tool)
        };
        let payload = Payload::from(format!(r#"{{"name":"{tool}","arguments":{arguments}}}"#));
        matches!(self.own.inspect(&envelope, &payload).await, Ok(Verdict::Allow))
    }
}

const READS: Hints = Hints {
    read_only: true,
    destructive: false,
    open_world: false,
};

#[tokio::test]
async fn no_spelling_of_a_path_passes() {
    let home = Home::new();
    for arguments in [
        r#"{"path":"ROOT/cc/mcp.jso?"}"#,
        r#"{"glob":"ROOT/cc/*.json"}"#,
        r#"{"path":"ROOT/c*/mcp.json"}"#,
        r#"{"path":"FILE://ROOT/cc/mcp.json"}"#,
        r#"{"path":"file:ROOT/cc/mcp.json"}"#,
        r#"{"path":"vscode-remote://hostROOT/cc/mcp.json"}"#,
        r#"{"path":"ROOT/cc%2Fmcp.json"}"#,
        r#"{"path":"cc%2Fmcp.json"}"#,
        r#"{"path":"ROOT/cc/mcp%2ejson"}"#,
        r#"{"path":"ROOT/cc/mcp.json\u0000.txt"}"#,
        r#"{"path":"[ROOT/cc/mcp.json]"}"#,
        r#"{"path":"@ROOT/cc/mcp.json"}"#,
        r#"{"path":"@~/cc/mcp.json"}"#,
        r#"{"path":"-ROOT/cc/mcp.json"}"#,
        r#"{"a":"x:ROOT/cc/mcp.json:ro"}"#,
        r#"{"path":"$HOME/cc/mcp.json"}"#,
        r#"{"path":"${HOME}/cc/../cc/mcp.json"}"#,
        r#"{"path":"nosuch/../cc/mcp.json"}"#,
        r#"{"path":"/proc/self/cwd/cc/mcp.json"}"#,
        r#"{"ROOT/cc/mcp.json":"x"}"#,
        r#"{"json":"{\"p\":\"ROOT\\/cc\\/mcp.json\"}"}"#,
        r#"{"json":"{\"p\":\"ROOT\\u002fcc/mcp.json\"}"}"#,
        r#"{"path":".local/state/*/tokens"}"#,
    ] {
        assert!(!home.lets("read", READS, arguments).await, "{arguments}");
    }
    let long = format!(r#"{{"a":"{}/../../ROOT/cc/mcp.json"}}"#, "x".repeat(LONGEST_PATH));
    assert!(!home.lets("read", READS, &long).await);
}

#[tokio::test]
async fn a_directory_and_a_name_apart_do_not_pass_together() {
    let home = Home::new();
    for arguments in [
        r#"{"cwd":"ROOT/cc","file":"mcp.json"}"#,
        r#"{"repo_path":"cc","files":["mcp.json"]}"#,
        r#"{"dir":"~/cc","name":"mcp.json"}"#,
        r#"{"paths":["ROOT/cc","./mcp.json"]}"#,
        r#"{"command":"cd ROOT/cc && cat mcp.json"}"#,
        r#"{"command":"cd / && cd ROOT/cc && cat mcp.json"}"#,
        r#"{"dir":"~","file":".local/state/gateway/tokens"}"#,
    ] {
        assert!(!home.lets("read", READS, arguments).await, "{arguments}");
    }
    for decoys in [r#"["/","~"]"#.to_owned(), format!("[{}\"/\"]", r#""~","#.repeat(500))] {
        let hidden = format!(r#"{{"a":{decoys},"dir":"ROOT/cc","name":"mcp.json"}}"#);
        assert!(!home.lets("read", READS, &hidden).await, "{hidden}");
        let first = format!(r#"{{"a":{decoys},"path":"ROOT/project"}}"#);
        assert!(home.lets("read", READS, &first).await, "{first}");
    }
    for arguments in [
        r#"{"cwd":"ROOT/cc","file":"other.json"}"#,
        r#"{"cwd":"ROOT","file":"mcp.json"}"#,
        r#"{"path":"ROOT","pattern":"*.json"}"#,
    ] {
        assert!(home.lets("read", Hints::default(), arguments).await, "{arguments}");
    }
    let elsewhere = home.root.path().join("project");
    home.own.working.write().unwrap().insert("s".to_owned(), elsewhere);
    let talks = r#"{"repo_path":"ROOT","message":"Change cc/mcp.json"}"#;
    assert!(home.lets("git_commit", Hints::default(), talks).await);
    let adds = r#"{"repo_path":"ROOT","files":"cc/mcp.json"}"#;
    assert!(!home.lets("git_add", Hints::default(), adds).await);
}

#[tokio::test]
async fn what_holds_own_files_is_read_and_listed_but_not_taken_away() {
    let home = Home::new();
    for (tool, arguments) in [
        ("move_file", r#"{"source":"~/.local/state","destination":"/tmp/x"}"#),
        ("moveFile", r#"{"a":"ROOT/cc"}"#),
        ("delete_directory", r#"{"path":"~"}"#),
        ("DeleteDir", r#"{"path":"cc"}"#),
        ("zip", r#"{"paths":["x","ROOT/.local"]}"#),
        ("transfer", r#"{"source":"~/.local","destination":"/tmp/x"}"#),
        ("run", r#"{"command":"mv ~/.local/state /tmp/x"}"#),
        ("run", r#"{"command":"true; sudo rm -rf ~/cc"}"#),
        ("run", r#"{"command":"tar czf /tmp/x.tgz ~/.local"}"#),
        ("run", r#"{"command":["mv","ROOT/.local/state","/tmp/x"]}"#),
        ("run", r#"{"command":"rm","args":["-r","ROOT/cc"]}"#),
        ("delete_directory", r#"{"path":"ROOT/c*"}"#),
        ("run", r#"{"command":"rm -rf ~/cc/*"}"#),
    ] {
        assert!(
            !home.lets(tool, Hints::default(), arguments).await,
            "{tool} {arguments}"
        );
    }
    for (tool, arguments) in [
        ("list_directory", r#"{"path":"~"}"#),
        ("search_files", r#"{"path":"ROOT","pattern":"x","recursive":true}"#),
        ("git_status", r#"{"repo_path":"ROOT"}"#),
        ("git_delete_branch", r#"{"repo_path":"ROOT","branch":"x"}"#),
        ("move_file", r#"{"source":"~/project/a","destination":"~"}"#),
        ("delete_file", r#"{"path":"~/project"}"#),
        ("run", r#"{"command":"ls -la ~; mv ~/project/a ~/"}"#),
        ("run", r#"{"command":["cp","x","ROOT"]}"#),
        (
            "write_file",
            r#"{"path":"~/project/a","content":"They live in ROOT.\nDo not rm it."}"#,
        ),
    ] {
        assert!(home.lets(tool, Hints::default(), arguments).await, "{tool} {arguments}");
    }
    let decoys = r#""ROOT","#.repeat(500);
    for (tool, arguments) in [
        (
            "move_file",
            r#"{"cwd":[DECOYS"x"],"source":"~/.local/state","destination":"/tmp/x"}"#,
        ),
        (
            "transfer",
            r#"{"a":[DECOYS"x"],"source":"~/.local","destination":"/tmp/x"}"#,
        ),
        ("run", r#"{"b":{DECOYS},"command":["mv","ROOT/.local","/tmp/x"]}"#),
    ] {
        let by_name: Vec<String> = (0..500).map(|at| format!(r#""a{at}":"ROOT""#)).collect();
        let arguments = arguments
            .replace("{DECOYS}", &format!("{{{}}}", by_name.join(",")))
            .replace("DECOYS", &decoys);
        assert!(
            !home.lets(tool, Hints::default(), &arguments).await,
            "{tool} {arguments}"
        );
        let reads = home.lets("read", READS, &arguments).await;
        assert_eq!(reads, tool != "run", "{arguments}");
    }
    assert!(home.lets("compare", READS, r#"{"source":"~/cc","target":"x"}"#).await);
}

#[test]
fn every_way_to_an_own_file_is_seen() {
    let root = tempfile::tempdir().unwrap();
    let at = |name: &str| root.path().join(name);
    for directory in ["state", "inner"] {
        std::fs::create_dir(at(directory)).unwrap();
    }
    std::fs::write(at("mcp.json"), "{}").unwrap();
    let own = OwnFiles::new([at("mcp.json")], [at("state")], root.path().to_owned());
    own.working.write().unwrap().insert("s".to_owned(), at("inner"));
    let absolute = at("mcp.json").display().to_string();
    for text in [
        absolute.clone(),
        format!("file://{absolute}"),
        format!("file://{}", absolute.replace("mcp", "%6dcp")),
        "../mcp.json".to_owned(),
        "~/mcp.json".to_owned(),
        "../inner/.././mcp.json".to_owned(),
        format!("cat '{absolute}' | tee /tmp/x"),
        "~/state/trust/new.json".to_owned(),
        format!("--file={}/state/tokens", root.path().display()),
    ] {
        assert!(own.leads_there(&text, "s"), "{text}");
    }
    for text in [
        "mcp.json",
        "notes/mcp.json",
        "~/other.json",
        "state",
        "",
        "a long text\nabout mcp.json",
        "~/stately",
    ] {
        assert!(!own.leads_there(text, "s"), "{text}");
    }
}

#[test]
fn a_name_alone_leads_to_what_a_server_has_around_it() {
    let root = tempfile::tempdir().unwrap();
    std::fs::create_dir(root.path().join("state")).unwrap();
    std::fs::write(root.path().join("mcp.json"), "{}").unwrap();
    let own = OwnFiles::new(
        [root.path().join("mcp.json")],
        [root.path().join("state")],
        root.path().to_owned(),
    );
    for (directory, name, leads) in [
        ("", "mcp.json", true),
        ("", "other.json", false),
        ("state", "new.json", true),
        ("", "state", true),
    ] {
        let working = resolved(&root.path().join(directory));
        own.working.write().unwrap().insert("s".to_owned(), working);
        assert_eq!(own.leads_there(name, "s"), leads, "{name} in {directory:?}");
    }
    assert!(!own.leads_there(&"x".repeat(LONGEST_NAME + 1), "s"));
}
