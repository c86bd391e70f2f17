//! `install` and `uninstall`: a client's servers behind the gateway, and back.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use clap::{Args, builder::PossibleValuesParser};

use super::{DONE, Outcome, dirs, options::GatewayOptions, print, start};
use crate::{
    install::{self, CLIENTS, Client, Place, Plan, Refusal, Wish},
    platform::variables::variable,
    plugins,
    text::quoted,
};

#[derive(Args)]
#[command(
    after_help = "--mcp-json-path names another file of the client than the usual one.\n\nExamples:\n  mcp-gateway install cursor --dry-run\n  mcp-gateway install claude-code -p basic -p presidio"
)]
pub(super) struct Options {
    #[command(flatten)]
    target: Target,
    /// Lets the gateway scan servers before it starts them
    #[arg(long)]
    scan: bool,
}

#[derive(Args)]
#[command(after_help = "Example:\n  mcp-gateway uninstall cursor")]
pub(super) struct Target {
    /// The client
    #[arg(value_parser = PossibleValuesParser::new(CLIENTS.iter().map(|client| client.id)), ignore_case = true)]
    client: String,
    /// Only shows what would be changed
    #[arg(long)]
    dry_run: bool,
}

/// Moves a client's servers behind the gateway.
pub(super) fn install(gateway: &GatewayOptions, options: &Options) -> Outcome {
    let client = client(&options.target.client)?;
    let wish = Wish {
        program: program()?,
        plugins: plugins_of(gateway)?,
        sets: gateway.plugins.sets.clone(),
        scan: options.scan,
    };
    let named = gateway.mcp_json_path.as_ref();
    let cache = is_in_cache(&wish.program).then_some(
        "note: the entry names a program in a cache of npx or uvx, which is gone once that is cleaned: install the gateway \
         (`npm install -g`, `uv tool install`) and run this again\n",
    );
    let outro = format!(
        "{}{} starts the gateway from now on: restart it. To undo this: mcp-gateway uninstall {}{}",
        cache.unwrap_or_default(),
        client.title,
        client.id,
        named
            .map(|file| format!(" --mcp-json-path {}", word(file)))
            .unwrap_or_default()
    );
    run(gateway, &options.target, client, &outro, |place| {
        install::install(place, &wish)
    })
}

/// Moves a client's servers back.
pub(super) fn uninstall(gateway: &GatewayOptions, target: &Target) -> Outcome {
    let client = client(&target.client)?;
    let outro = format!("{} starts its servers itself again: restart it.", client.title);
    run(gateway, target, client, &outro, install::uninstall)
}

/// Shows a plan, and applies it unless that is not wanted.
fn run(
    gateway: &GatewayOptions,
    target: &Target,
    client: &'static Client,
    outro: &str,
    plan: impl Fn(&Place<'_>) -> Result<Plan, Refusal>,
) -> Outcome {
    let dirs = dirs()?;
    let place = Place::find(client, gateway.mcp_json_path.as_deref(), &dirs, &variable);
    let refused = |refusal: Refusal| format!("{refusal}\nNothing was changed.");
    let plan = plan(&place).map_err(refused)?;
    // The files hold secrets; a terminal may be recorded.
    let mut text = plugins::redactor().masked(&plan.diff()).into_owned();
    text.extend(plan.notes.iter().map(|note| format!("note: {note}\n")));
    if plan.changes.is_empty() {
        text += &format!("Nothing to do in {}.\n", place.file.display());
    } else if target.dry_run {
        text += "Nothing was changed: this was --dry-run.\n";
    } else {
        let copies = plan.apply().map_err(|refusal| refusal.to_string())?;
        text.extend(
            copies
                .iter()
                .map(|copy| format!("A copy of what it was: {}\n", copy.display())),
        );
        text += &format!("{outro}\n");
    }
    print(&install::visible_diff(&text))?;
    Ok(DONE)
}

/// A word as a shell takes it.
fn word(text: &str) -> String {
    shlex::try_quote(text).map_or_else(|_| text.to_owned(), |quoted| quoted.into_owned())
}

fn client(id: &str) -> Result<&'static Client, String> {
    Client::named(&id.to_lowercase()).ok_or_else(|| format!("{} is no client that is known", quoted(id)))
}

/// The plugins that are asked for, by their own names.
fn plugins_of(gateway: &GatewayOptions) -> Result<Vec<String>, String> {
    let sets = start::sets(&gateway.plugins)?;
    let names = gateway.plugins.names();
    // Without a name the entry gets `basic`, or keeps what it has; settings are then checked when it starts.
    if names.is_empty() {
        return Ok(names);
    }
    let chosen = plugins::choose(&names, [sets]).map_err(|error| error.to_string())?;
    Ok(chosen.names.iter().map(|name| (*name).to_string()).collect())
}

/// Whether a program lies where npx and uvx keep what they run once.
fn is_in_cache(program: &Path) -> bool {
    let parts = program.components().map(|part| part.as_os_str().to_string_lossy());
    parts
        .into_iter()
        .any(|part| part == "_npx" || part.starts_with("bunx-") || part.starts_with("archive-v"))
}

/// This program as a client finds it: by the name in PATH that leads to it, since that outlives an update.
fn program() -> Result<PathBuf, String> {
    let own = env::current_exe().map_err(|error| format!("this program can't be found again: {error}"))?;
    let is_own = |found: &PathBuf| fs::canonicalize(found).ok() == fs::canonicalize(&own).ok();
    Ok(which::which("mcp-gateway").ok().filter(is_own).unwrap_or(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_kept_for_one_run_is_told_from_one_that_is_installed() {
        for path in [
            "/home/ada/.npm/_npx/0a1b/node_modules/mcp-gateway-linux-x64/mcp-gateway",
            "/home/ada/.cache/uv/archive-v0/Zx9/bin/mcp-gateway",
            "/tmp/bunx-1000-mcp-gateway@latest/node_modules/mcp-gateway-linux-x64/mcp-gateway",
        ] {
            assert!(is_in_cache(Path::new(path)), "{path}");
        }
        for path in [
            "/usr/local/bin/mcp-gateway",
            "/home/ada/.local/share/uv/tools/mcp-gateway/bin/mcp-gateway",
        ] {
            assert!(!is_in_cache(Path::new(path)), "{path}");
        }
    }
}
