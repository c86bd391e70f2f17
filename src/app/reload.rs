//! Following the configuration file: what it takes away ends at once, what it adds starts once a person accepted it.

use std::{
    fs,
    path::Path,
    time::{Duration, SystemTime},
};

use tokio::{task::AbortHandle, time::interval};

use super::{App, shown};
use crate::{
    config::{self, Accepted, Config, Dirs, Problem, Written, verdicts},
    platform::variables::variable,
    text::visible_line,
    upstream::Wanted,
};

/// The time between two looks at the file. Looking works on every file system, and where the file is mounted alone.
const PERIOD: Duration = Duration::from_secs(1);

/// How long a person may take to answer whether a change is accepted.
const PATIENCE: Duration = Duration::from_secs(600);

/// The longest text that a form shows, in bytes: a client may cut what is longer, and nobody accepts what they can't see.
const LONGEST: usize = 8 * 1024;

/// Follows one configuration file.
pub(super) struct Follower {
    app: App,
    /// What holds now.
    config: Config,
    /// The gateway's entry that was asked for.
    name: Option<String>,
    dirs: Dirs,
    accepted: Accepted,
    /// The entries, as they were written, that were shown to a person, or whose file a person named.
    shown: Vec<Written>,
    /// All entries of the file that was accepted last, as they were written.
    before: Vec<Written>,
    /// Whether servers of `config` wait for a person.
    waits: bool,
    /// The question about them that a person was asked.
    question: Option<AbortHandle>,
}

impl Follower {
    /// A follower of the file that `config` was read from, whose servers were accepted.
    pub(super) fn new(app: App, config: Config, name: Option<String>, dirs: Dirs) -> Self {
        Self {
            accepted: Accepted::of(&config.servers),
            shown: config.written.clone(),
            before: config.written.clone(),
            app,
            config,
            name,
            dirs,
            waits: false,
            question: None,
        }
    }

    /// Follows the file without end.
    pub(super) async fn follow(mut self) {
        let mut ticks = interval(PERIOD);
        let mut applied = Stamp::of(&self.config.path);
        let mut last = applied;
        loop {
            ticks.tick().await;
            let now = Stamp::of(&self.config.path);
            // Whoever writes the file may not be done: it is read when it has rested.
            if now != applied && now == last {
                applied = now;
                self.reload();
            } else if self.waits && config::is_accepted(&self.config.path, &self.config.digest, &self.dirs) {
                self.apply();
            }
            last = now;
        }
    }

    /// Reads the file. One that can't be used changes nothing.
    fn reload(&mut self) {
        let path = self.config.path.display();
        let config = match config::load(&self.config.path, self.name.as_deref(), &self.dirs, &variable) {
            Ok(mut config) => {
                verdicts::apply(&config.path, &mut config.servers, &self.dirs);
                config
            }
            Err(error) => {
                return tracing::error!("{path} was changed and can't be used, so everything stays as it was: {error}");
            }
        };
        if of_gateway(&config).next().is_some() {
            of_gateway(&config).for_each(|problem| tracing::error!("{problem}"));
            return tracing::error!("{path} was changed and can't be used, so everything stays as it was");
        }
        tracing::info!("{path} was changed and is read again");
        for problem in config
            .problems
            .iter()
            .filter(|problem| !self.config.problems.contains(problem))
        {
            tracing::error!("{problem}");
        }
        if config.gateway != self.config.gateway || config.plugins != self.config.plugins {
            tracing::warn!(
                "the gateway's own entry in {path} was changed: its options and plugins are read at the next start"
            );
        }
        self.config = config;
        self.apply();
    }

    /// Makes the servers those of the file, as far as a person accepted them.
    fn apply(&mut self) {
        if let Some(question) = self.question.take() {
            question.abort();
        }
        if config::is_accepted(&self.config.path, &self.config.digest, &self.dirs) {
            self.accepted = Accepted::of(&self.config.servers);
            self.shown.clone_from(&self.config.written);
            self.before.clone_from(&self.config.written);
        }
        let path = self.config.path.display().to_string();
        let (mut wanted, mut admitted, mut waiting) = (Vec::new(), Vec::new(), Vec::new());
        for mut server in self.config.servers.iter().cloned() {
            let held = if self.accepted.admits(&mut server) {
                admitted.push(server.clone());
                None
            } else {
                Some(format!(
                    "new or changed in the configuration and not accepted yet: a person runs `mcp-gateway trust {path}`"
                ))
            };
            let server = Wanted { config: server, held };
            if server.waits() {
                waiting.push(server.config.pointer.clone());
            }
            wanted.push(server);
        }
        // What was taken out has to be accepted anew.
        self.accepted = Accepted::of(&admitted);
        self.app.with(&self.config, wanted);
        self.shown.retain(|shown| self.config.written.contains(shown));
        self.waits = !waiting.is_empty();
        if self.waits {
            let news = self.news(&waiting);
            let question = format!("{} was changed and would start:\n{news}", visible_line(&path));
            if question.len() > LONGEST {
                return tracing::warn!(
                    "what {path} would start is too long for a form: a person runs `mcp-gateway trust {path}`"
                );
            }
            self.question = Some(self.ask(question));
        }
    }

    /// What nobody was shown yet: a yes is one to the whole file, so also what starts nothing now.
    fn news(&self, waiting: &[String]) -> String {
        let is_new = |written: &&Written| !self.shown.contains(written) || waiting.contains(&written.pointer);
        let new = self.config.written.iter().filter(is_new);
        let before = |written: &Written| self.before.iter().find(|before| before.pointer == written.pointer);
        let new: Vec<String> = new
            .map(|written| shown::entry(&self.config, written, before(written)))
            .collect();
        new.join("\n")
    }

    /// Asks the person at the client, beside everything else. Their yes is kept like that of `mcp-gateway trust`.
    fn ask(&self, question: String) -> AbortHandle {
        let (gateway, dirs) = (self.app.gateway.clone(), self.dirs.clone());
        let (path, digest) = (self.config.path.clone(), self.config.digest.clone());
        let asking = tokio::spawn(async move {
            if gateway.confirm(&question, PATIENCE).await
                && let Err(error) = config::trust(&path, &digest, &dirs)
            {
                tracing::error!("that {} is accepted can't be kept: {error}", path.display());
            }
        });
        asking.abort_handle()
    }
}

/// What is wrong with more than one server.
fn of_gateway(config: &Config) -> impl Iterator<Item = &Problem> {
    config.problems.iter().filter(|problem| problem.server.is_none())
}

/// What tells one state of a file from another; `None` where it can't be looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stamp(Option<(SystemTime, u64)>);

impl Stamp {
    fn of(path: &Path) -> Self {
        let of = |path| {
            let metadata = fs::metadata(path).ok()?;
            Some((metadata.modified().ok()?, metadata.len()))
        };
        Self(of(path))
    }
}
