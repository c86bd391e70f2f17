//! Records made into rows: everything that others wrote is masked here.

use std::{collections::BTreeMap, sync::Arc};

use uuid::Uuid;

use super::{
    calls::{Call, masked},
    prices::Prices,
    record::{self, Ended, Passed, Scan, State},
    rows::{Action, Running, Server},
    tokens,
};
use crate::{
    clock,
    guard::{Begun, Inspection, Ruling},
    json,
    mask::Masker,
    message::Direction,
};

/// Makes rows of records.
pub(super) struct Translator {
    masker: Arc<Masker>,
    max_text: usize,
}

impl Translator {
    pub(super) fn new(masker: Arc<Masker>, max_text: usize) -> Self {
        Self { masker, max_text }
    }

    /// A text without secrets.
    fn text(&self, text: &str) -> String {
        self.masker.masked(text).into_owned()
    }

    /// A call under way, with an id that nobody else gives.
    pub(super) fn running(&self, begun: &Begun) -> Running {
        Running {
            id: Uuid::now_v7().to_string(),
            at: clock::micros(begun.at),
            server: self.text(&begun.envelope.server),
            method: self.text(&begun.envelope.method),
            name: self.text(&begun.envelope.name),
        }
    }

    pub(super) fn call(&self, ended: &Ended, id: String, prices: &Prices) -> Call {
        Call::of(ended, id, &self.masker, prices)
    }

    /// What the guardrails did with a message: a row for each, or for each rule and place where one masked something.
    pub(super) fn actions(&self, passed: &Passed, call_id: Option<&str>) -> Vec<Action> {
        let envelope = &passed.envelope;
        let common = Action {
            call_id: call_id.map(str::to_owned),
            at: clock::micros(passed.at),
            server: self.text(&envelope.server),
            method: self.text(&envelope.method),
            name: self.text(&envelope.name),
            kind: envelope.kind.word(),
            direction: match envelope.direction {
                Direction::ToServer => "to_server",
                Direction::ToClient => "to_client",
            },
            count: 1,
            ..Action::default()
        };
        let mut actions = Vec::new();
        for inspection in &passed.inspections {
            self.inspected(inspection, passed, &common, &mut actions);
        }
        actions.extend(passed.placeholders.iter().map(|it| Action {
            plugin: it.plugin,
            verdict: if it.restored { "restore" } else { "withhold" },
            rule: Some("placeholder".to_owned()),
            label: Some(it.placeholder.trim_matches(['<', '>']).to_owned()),
            place: Some(self.text(&it.place)),
            reason: Some(format!("its value came from `{}`", self.text(&it.from))),
            ..common.clone()
        }));
        if let Some((None, reason)) = &passed.stopped {
            actions.push(Action {
                plugin: "gateway",
                verdict: "block",
                reason: Some(self.text(reason)),
                ..common
            });
        }
        actions
    }

    fn inspected(&self, inspection: &Inspection, passed: &Passed, common: &Action, actions: &mut Vec<Action>) {
        let mut one = Action {
            plugin: inspection.plugin,
            verdict: word(inspection.ruling),
            took: Some(clock::in_micros(inspection.took)),
            ..common.clone()
        };
        if let (Ruling::Blocked | Ruling::Asked | Ruling::Failed, Some((_, reason))) =
            (inspection.ruling, &passed.stopped)
        {
            one.reason = Some(self.text(reason));
        }
        let mut counts: BTreeMap<(&str, &str, &str), i64> = BTreeMap::new();
        for redaction in &inspection.redactions {
            let what = (&*redaction.rule, &*redaction.label, redaction.place.as_str());
            *counts.entry(what).or_default() += 1;
        }
        if counts.is_empty() {
            actions.push(one);
            return;
        }
        for ((rule, label, place), count) in counts {
            actions.push(Action {
                rule: Some(rule.to_owned()),
                label: Some(label.to_owned()),
                place: Some(self.text(place)),
                count,
                ..one.clone()
            });
            one.took = None;
        }
    }

    pub(super) fn server(&self, news: &record::Server) -> Server {
        let server = Server {
            name: self.text(&news.name),
            at: clock::micros(news.at),
            ..Server::default()
        };
        match &news.state {
            State::Off(why) => Server {
                state: "off",
                why: Some(self.text(why)),
                ..server
            },
            State::Starting => Server {
                state: "starting",
                ..server
            },
            State::Down(why) => Server {
                state: "down",
                why: Some(self.text(why)),
                ..server
            },
            State::Ready { protocol, about, tools } => {
                let about = about.as_ref().map(|about| masked(about.text(), &self.masker));
                let members = about
                    .as_deref()
                    .and_then(|about| json::members(about).ok())
                    .unwrap_or_default();
                let tool = |name: &str, definition: &str| {
                    let definition = masked(definition, &self.masker);
                    let tokens = tokens::count(&definition);
                    let kept = match definition.len() <= self.max_text {
                        true => definition,
                        false => "{}".to_owned(),
                    };
                    (self.text(name), kept, tokens)
                };
                Server {
                    state: "ready",
                    title: members.string("title").or_else(|| members.string("name")),
                    version: members.string("version"),
                    protocol: Some(protocol.clone()),
                    tools: tools
                        .iter()
                        .map(|(name, definition)| tool(name, definition.text()))
                        .collect(),
                    ..server
                }
            }
        }
    }

    pub(super) fn scan(&self, scan: &Scan) -> Scan {
        Scan {
            server: self.text(&scan.server),
            subject: self.text(&scan.subject),
            version: scan.version.as_deref().map(|version| self.text(version)),
            report: masked(&scan.report, &self.masker),
            ..scan.clone()
        }
    }
}

/// The word for a ruling.
fn word(ruling: Ruling) -> &'static str {
    match ruling {
        Ruling::Allowed => "allow",
        Ruling::Changed => "modify",
        Ruling::Blocked => "block",
        Ruling::Asked => "ask",
        Ruling::Failed => "fail",
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;
    use crate::{
        detect::secrets::{Engine, Options},
        mask::Placeholder,
        message::Envelope,
    };

    #[test]
    fn a_method_of_a_servers_own_is_masked_too() {
        let engine = Engine::new(Options::default()).expect("the defaults are valid");
        let translator = Translator::new(Arc::new(Masker::new(engine, Placeholder)), 1000);
        let method = "notifications/ghp_q1W2e3R4t5Y6u7I8o9P0a1S2d3F4g5H6j7K8";
        let inspection = Inspection {
            plugin: "basic",
            ruling: Ruling::Allowed,
            took: Duration::ZERO,
            redactions: Vec::new(),
        };
        let passed = Passed {
            at: SystemTime::now(),
            call: None,
            envelope: Envelope::request(&"s".into(), method, ""),
            inspections: vec![inspection],
            placeholders: Vec::new(),
            stopped: None,
        };
        let actions = translator.actions(&passed, None);
        assert_eq!(actions[0].method, "notifications/<GITHUB_PERSONAL_ACCESS_TOKEN>");
    }
}
