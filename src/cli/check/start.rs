//! Starts each server, and asks what it offers.

use super::{
    super::{
        options::GatewayOptions,
        settle::{Settled, Under, settle},
    },
    problems,
    report::{Definition, Offers, Report, State},
};
use crate::{
    config::{Config, Dirs},
    guard::Cleared,
    plugins::Chosen,
    trace::tokens,
    upstream::{self, Catalog, Item},
};

/// Starts every server that can be started, side by side, and writes into the report what became of each.
pub(super) fn start(
    report: &mut Report,
    config: &Config,
    plugins: Chosen,
    gateway: &GatewayOptions,
    dirs: Dirs,
) -> Result<(), String> {
    let under = Under {
        guardrails: plugins.guardrails,
        gate: None,
        state: dirs.state,
    };
    let ends = settle(config, gateway, under, || {})?;
    // Behind the servers, whose time to start is told.
    tokens::load();
    for Settled { name, took, state } in ends {
        let row = report
            .servers
            .iter_mut()
            .find(|server| server.name == name && server.state == State::Starts);
        let Some(row) = row else { continue };
        match state {
            upstream::State::Ready(ready) => {
                row.state = State::Started;
                row.offers = Some(offers(&ready.catalog, took.as_millis()));
            }
            upstream::State::Down { why, .. } => {
                row.state = State::Broken;
                let server = config.servers.iter().find(|server| server.name == name);
                report
                    .problems
                    .extend(server.map(|server| problems::of_start(config, server, &why)));
            }
            upstream::State::Off(_) | upstream::State::Starting => {}
        }
    }
    Ok(())
}

fn tokens_of(text: &str) -> usize {
    usize::try_from(tokens::count(text)).unwrap_or(usize::MAX)
}

fn offers(catalog: &Catalog, milliseconds: u128) -> Offers {
    let definition = |name: &str, definition: &Cleared| Definition {
        name: name.to_owned(),
        tokens: tokens_of(definition.text()),
    };
    let items = |items: &[Item]| -> Vec<Definition> {
        let shown = |item: &Item| {
            definition(
                if item.masked.is_some() { "(masked)" } else { &item.key },
                &item.definition,
            )
        };
        items.iter().map(shown).collect()
    };
    let offers = Offers {
        milliseconds,
        tokens: 0,
        tools: catalog
            .tools
            .iter()
            .map(|tool| definition(&tool.name, &tool.definition))
            .collect(),
        prompts: items(&catalog.prompts),
        resources: items(&catalog.resources),
        templates: items(&catalog.templates),
    };
    let instructions = catalog.instructions.as_ref().map_or(0, |text| tokens_of(text.text()));
    let lists = [&offers.tools, &offers.prompts, &offers.resources, &offers.templates];
    let listed: usize = lists.into_iter().flatten().map(|definition| definition.tokens).sum();
    Offers {
        tokens: instructions + listed,
        ..offers
    }
}
