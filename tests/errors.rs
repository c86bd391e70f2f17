//! What a person, or a model, reads when something goes wrong, kept as documents in `tests/errors/*.snap`: a change of
//! wording is seen in review. Each says what happened, whose fault it is and what to do next.
//!
//! `INSTA_UPDATE=always cargo test --test main errors` writes the documents anew.

mod calls;
mod commands;
mod configuration;
mod kept;
mod protocol;
mod services;
mod shown;

use std::{fmt::Display, thread};

use crate::harness::{Setup, text_of};

/// So many cases of a group are caused at a time: most of them wait for something.
const AT_A_TIME: usize = 4;

/// A mistake, and how to cause it, which gives what is said about it.
struct Case {
    name: &'static str,
    cause: Box<dyn FnOnce() -> String + Send>,
}

impl Case {
    fn new(name: &'static str, cause: impl FnOnce() -> String + Send + 'static) -> Self {
        let cause = Box::new(cause);
        Self { name, cause }
    }

    /// The same, less something that differs from run to run.
    fn without(self, varying: String) -> Self {
        Self::new(self.name, move || (self.cause)().replace(&varying, "PORT"))
    }
}

/// Runs a command to its end.
fn ran(name: &'static str, setup: Setup, words: &[&'static str]) -> Case {
    let words = words.to_vec();
    Case::new(name, move || {
        let finished = setup.run(&words, "");
        let code = finished.status.code();
        let said = format!(
            "$ {}\n{}{}[exit {}]",
            [&["mcp-gateway"], &words[..]].concat().join(" "),
            finished.stdout,
            finished.stderr,
            code.map_or("by a signal".to_owned(), |code| code.to_string())
        );
        shown::normal(&setup.sandbox, &said)
    })
}

/// Starts the gateway itself, which does not come up.
fn started(name: &'static str, setup: Setup) -> Case {
    ran(name, setup, &[])
}

/// Calls a tool of a gateway that runs, and gives what the model reads.
fn called(name: &'static str, setup: Setup, server: &'static str, tool: &'static str, arguments: impl Display) -> Case {
    let arguments = arguments.to_string();
    Case::new(name, move || {
        let mut gateway = setup.open();
        let id = gateway.start_run(server, tool, &arguments);
        let answer = gateway.answer(&id);
        let said = match answer.value.get("result") {
            Some(result) if result["isError"] == true => format!("error: {}", text_of(result)),
            Some(result) => format!("result: {}", text_of(result)),
            None => answer.value["error"].to_string(),
        };
        shown::normal(&gateway.sandbox, &format!("{server}/{tool} {arguments}\n{said}"))
    })
}

/// Causes every case of a group, and compares what is said with its document.
fn assert_document(group: &str, cases: Vec<Case>) {
    let mut document = Vec::new();
    let mut cases = cases.into_iter();
    loop {
        let some: Vec<Case> = cases.by_ref().take(AT_A_TIME).collect();
        if some.is_empty() {
            break;
        }
        let under_way: Vec<_> = some
            .into_iter()
            .map(|case| (case.name, thread::spawn(case.cause)))
            .collect();
        for (name, cause) in under_way {
            let said = cause.join().unwrap_or_else(|_| panic!("`{name}` could not be caused"));
            document.push(format!("## {name}\n{}\n", said.trim_end()));
        }
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("errors");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(group, document.join("\n")));
}

#[test]
fn of_the_configuration() {
    assert_document("configuration", configuration::cases());
}

#[test]
fn of_calls() {
    assert_document("calls", calls::cases());
}

#[test]
fn of_services_elsewhere() {
    assert_document("services", services::cases());
}

#[test]
fn of_commands() {
    assert_document("commands", commands::cases());
}

#[test]
fn of_what_is_kept() {
    assert_document("kept", kept::cases());
}

#[test]
fn of_the_protocol() {
    assert_document("protocol", protocol::cases());
}
