//! The model is not the operator: no tool reaches the gateway's own files.

use serde_json::json;

use crate::harness::{Gateway, Server, text_of};

#[test]
fn a_call_that_leads_to_the_configuration_is_refused() {
    let setup = Gateway::with([Server::echo("files")]);
    let path = setup.config_path();
    let mut gateway = setup.open();
    for arguments in [
        json!({"path": path}),
        json!({"command": ["sh", "-c", format!("echo x > {}", path.display())]}),
        json!({"uri": format!("file://{}", path.display())}),
    ] {
        let refused = gateway.run("files", "echo", &arguments);
        assert_eq!(refused["isError"], true, "{arguments}");
        assert!(text_of(&refused).contains("file of the gateway itself"), "{refused}");
    }
    assert!(
        gateway.received("files", "tools/call").is_empty(),
        "the server was never asked"
    );
    let fine = gateway.run("files", "echo", json!({"path": "notes.txt"}));
    assert!(text_of(&fine).contains("notes.txt"));
}

#[test]
fn a_person_can_allow_it() {
    let setup = Gateway::with([Server::echo("files")]).args(["--allow-own-files"]);
    let path = setup.config_path();
    let mut gateway = setup.open();
    let told = gateway.run("files", "echo", json!({"path": path}));
    assert!(told.get("isError").is_none(), "{told}");
}
