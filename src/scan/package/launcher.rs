//! From the words of a command line to what they run, through the programs that only run others.

use std::path::Path;

use super::{
    Ecosystem, Package, Repository, Subject, Version, container,
    launchers::{LAUNCHERS, Launcher, Syntax},
    npm, pypi,
};
use crate::config::program_stem;

/// A command line, word by word, the program first.
pub(super) type Words = Vec<String>;

/// Programs that only run others, one behind the other, that are seen through.
const MOST_WRAPPERS: usize = 16;

/// Shells, whose `-c` holds a command line.
const SHELLS: &[&str] = &["sh", "bash", "zsh", "dash", "ksh", "fish"];

/// A package that only leads to a server elsewhere: its name, the words before that server, and how it is read.
type Front = (&'static str, &'static [&'static str], fn(&str) -> Option<Subject>);

/// Every such package.
const FRONTS: &[Front] = &[
    ("@smithery/cli", &["run"], |word| {
        Some(Subject::Smithery { name: word.to_owned() })
    }),
    ("mcp-remote", &[], remote),
];

fn remote(word: &str) -> Option<Subject> {
    let is_address = word.starts_with("https://") || word.starts_with("http://");
    is_address.then(|| Subject::Remote { url: word.to_owned() })
}

/// What the words run, seen through `env`, shells and `cmd /c`.
pub(super) fn resolve(words: &Words, cwd: &Path) -> Vec<Subject> {
    let mut words = words.clone();
    let mut wrappers = 0;
    while let Some(inner) = unwrapped(&words) {
        wrappers += 1;
        match inner {
            Ok(inner) if wrappers <= MOST_WRAPPERS => words = inner,
            Ok(_) => {
                return vec![Subject::unknown(
                    "it is wrapped in too many programs that only run others",
                )];
            }
            Err(why) => return vec![Subject::unknown(why)],
        }
    }
    let Some((program, args)) = words.split_first() else {
        return vec![Subject::unknown("the command is empty")];
    };
    let name = program_stem(program);
    let mut launchers = LAUNCHERS.iter().filter(|launcher| launcher.is_of(&name)).peekable();
    if launchers.peek().is_none() {
        let path = if program.contains(std::path::is_separator) {
            cwd.join(program)
        } else {
            program.into()
        };
        return vec![Subject::Local { path }];
    }
    if let Some((launcher, line)) = launchers.find_map(|launcher| Some((launcher, launcher.line(args)?))) {
        return launcher.subjects(&name, line, cwd);
    }
    vec![
        match args.iter().find(|arg| !arg.starts_with('-')).map(String::as_str) {
            Some("run" | "start" | "run-script") => Subject::unknown(format!(
                "`{name} run` runs a script of the project in {}",
                cwd.display()
            )),
            Some(word) => Subject::unknown(format!("`{name} {word}` is no way to start a server that is known")),
            None => Subject::unknown(format!("`{name}` is given nothing to start")),
        },
    ]
}

/// The words behind a program that only runs others; `None` where the program is none of those.
fn unwrapped(words: &[String]) -> Option<Result<Words, String>> {
    let (program, args) = words.split_first()?;
    let behind = |skip: &dyn Fn(&String) -> bool| args.iter().skip_while(|arg| skip(arg)).cloned().collect::<Words>();
    match program_stem(program).as_str() {
        "env" => Some(Ok(behind(&|arg| arg.starts_with('-') || arg.contains('=')))),
        "cmd" => Some(Ok(behind(&|arg| arg.starts_with('/')))),
        "nohup" | "exec" | "time" | "nice" | "xvfb-run" | "sudo" | "stdbuf" => {
            Some(Ok(behind(&|arg| arg.starts_with('-'))))
        }
        shell if SHELLS.contains(&shell) => {
            let Some(at) = args
                .iter()
                .position(|arg| arg.starts_with('-') && !arg.starts_with("--") && arg.ends_with('c'))
            else {
                let script = args.iter().find(|arg| !arg.starts_with('-'))?;
                return Some(Ok(vec!["node".to_owned(), script.clone()]));
            };
            let script = args.get(at + 1).map_or("", String::as_str);
            let is_plain = !script.contains(['&', '|', ';', '<', '>', '$', '`', '(', '\n', '*']);
            let words = shlex::split(script).filter(|words| is_plain && !words.is_empty());
            Some(words.ok_or_else(|| format!("a shell runs a script: `{script}`")))
        }
        _ => None,
    }
}

/// Whether the words start a shell.
pub(in crate::scan) fn is_shell(words: &[String]) -> bool {
    words
        .first()
        .is_some_and(|program| SHELLS.contains(&program_stem(program).as_str()))
}

/// A command line behind the words that made it one of a launcher.
struct Line<'a> {
    /// Options with their values, those before the command included.
    options: Vec<(&'a str, Option<&'a str>)>,
    /// What follows the options: what is started, and its arguments.
    rest: &'a [String],
}

impl Line<'_> {
    /// The values of an option in any of its spellings.
    fn values<'l>(&'l self, names: &'l [&str]) -> impl Iterator<Item = &'l str> {
        self.options
            .iter()
            .filter(move |(name, _)| names.contains(name))
            .filter_map(|(_, value)| *value)
    }
}

impl Launcher {
    fn is_of(&self, name: &str) -> bool {
        let numbered = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        self.programs.contains(&name) || self.programs.contains(&numbered)
    }

    /// The words as a line of this launcher; `None` where its command does not stand first.
    fn line<'a>(&self, args: &'a [String]) -> Option<Line<'a>> {
        let mut options = Vec::new();
        let mut at = self.options(args, 0, &mut options);
        if self.command.is_empty() {
            return Some(Line {
                options,
                rest: &args[at..],
            });
        }
        let command = self.command.iter().find(|command| {
            let words = args[at..].iter().map(String::as_str);
            words.take(command.len()).eq(command.iter().copied())
        })?;
        at = self.options(args, at + command.len(), &mut options);
        Some(Line {
            options,
            rest: &args[at..],
        })
    }

    /// Reads options from `at` on, up to the first word that is none, and gives its position.
    fn options<'a>(&self, args: &'a [String], mut at: usize, options: &mut Vec<(&'a str, Option<&'a str>)>) -> usize {
        while let Some(arg) = args.get(at).filter(|arg| arg.starts_with('-') && arg.len() > 1) {
            at += 1;
            if arg == "--" {
                break;
            }
            if let Some((name, value)) = arg.split_once('=').filter(|(name, _)| name.starts_with("--")) {
                options.push((name, Some(value)));
                continue;
            }
            let takes_value = [self.package, self.beside, self.valued]
                .iter()
                .any(|names| names.contains(&arg.as_str()))
                || matches!(self.syntax, Syntax::Image) && container::cluster_takes_value(arg)
                || matches!(arg.as_str(), "-c" | "--call" | "-m" | "--module") && !matches!(self.syntax, Syntax::Image);
            let value = takes_value.then(|| args.get(at)).flatten();
            at += usize::from(value.is_some());
            options.push((arg, value.map(String::as_str)));
        }
        at
    }

    fn subjects(&self, program: &str, line: Line<'_>, cwd: &Path) -> Vec<Subject> {
        let directory = line.values(&["--directory", "--project", "--cwd"]).last();
        let cwd = &directory.map_or(cwd.to_owned(), |directory| cwd.join(directory));
        let first = line.rest.first().map(String::as_str);
        let missing = |what: &str| Subject::unknown(format!("`{program}` is given no {what}"));
        let script = |word: &str| Subject::Local { path: cwd.join(word) };
        let read: fn(&str, &Path) -> Subject = if matches!(self.syntax, Syntax::Npm) {
            npm::subject
        } else {
            pypi::subject
        };
        let mut subjects: Vec<Subject> = line.values(self.package).map(|spec| read(spec, cwd)).collect();
        let beside = line
            .values(self.beside)
            .flat_map(|specs| specs.split(','))
            .map(|spec| pypi::subject(spec, cwd));
        match self.syntax {
            Syntax::Npm | Syntax::Python => {
                let called = line
                    .values(&["-c", "--call"])
                    .next()
                    .and_then(|call| call.split_whitespace().next());
                if subjects.is_empty() {
                    subjects.push(
                        first
                            .or(called)
                            .map_or_else(|| missing("package"), |spec| read(spec, cwd)),
                    );
                }
                subjects.extend(beside);
                behind_front(&mut subjects, line.rest);
            }
            Syntax::Project => {
                let beside: Vec<Subject> = beside.collect();
                let is_script =
                    first.is_some_and(|word| word.ends_with(".py") || word.contains(std::path::is_separator));
                // A command that no file is, is of the packages beside it, or else of the project.
                match first {
                    Some(word) if is_script => subjects.push(script(word)),
                    _ if beside.is_empty() => subjects.push(Subject::Local { path: cwd.clone() }),
                    _ => {}
                }
                subjects.extend(beside);
            }
            Syntax::Image => subjects.push(first.map_or_else(|| missing("image"), container::subject)),
            Syntax::Deno => subjects.push(first.map_or_else(|| missing("module"), |word| module(word, cwd))),
            Syntax::Script => subjects.push(of_interpreter(program, &line, cwd)),
        }
        subjects
    }
}

/// What an interpreter runs: a module, a program in its arguments, or a file.
fn of_interpreter(program: &str, line: &Line<'_>, cwd: &Path) -> Subject {
    if let Some(module) = line.values(&["-m", "--module"]).next() {
        return Subject::unknown(format!(
            "`-m {module}` names a module, and not the package it came with"
        ));
    }
    let is_written = |name: &str| matches!(name, "-c" | "-e" | "--eval" | "-p" | "--print");
    if line.options.iter().any(|(name, _)| is_written(name)) {
        return Subject::unknown("the program is written into the arguments");
    }
    let file = line.values(&["-jar"]).next().or(line.rest.first().map(String::as_str));
    match file {
        Some(word) => Subject::Local { path: cwd.join(word) },
        None => Subject::unknown(format!("`{program}` is given no script")),
    }
}

/// Puts the server that a front leads to before the front.
fn behind_front(subjects: &mut Vec<Subject>, rest: &[String]) {
    let Some(Subject::Package(package)) = subjects.first() else {
        return;
    };
    let Some((_, words, read)) = FRONTS.iter().find(|(name, ..)| *name == package.name) else {
        return;
    };
    let args = rest.get(1..).unwrap_or_default();
    let mut behind = args
        .iter()
        .skip_while(|arg| !words.is_empty() && !words.contains(&arg.as_str()))
        .skip(words.len());
    if let Some(server) = behind.find(|arg| !arg.starts_with('-')).and_then(|word| read(word)) {
        subjects.insert(0, server);
    }
}

/// A module as Deno takes it.
fn module(word: &str, cwd: &Path) -> Subject {
    if let Some(spec) = word.strip_prefix("npm:") {
        return npm::subject(spec.trim_start_matches('/'), cwd);
    }
    if let Some(spec) = word.strip_prefix("jsr:") {
        // Behind the package and its version may stand a path into it.
        let spec: Vec<&str> = spec.trim_start_matches('/').splitn(3, '/').take(2).collect();
        let spec = spec.join("/");
        let (name, version) = spec
            .rsplit_once('@')
            .filter(|(name, _)| !name.is_empty())
            .unwrap_or((&spec, ""));
        return Subject::Package(Package {
            ecosystem: Ecosystem::Jsr,
            name: name.to_owned(),
            version: npm::requested(version),
        });
    }
    if word.contains("://") {
        let raw = word.strip_prefix("https://raw.githubusercontent.com/");
        return match raw.and_then(|path| Repository::of_url(&format!("github:{path}"))) {
            Some(repository) => Subject::Repository {
                repository,
                reference: None,
            },
            None => Subject::Archive { url: word.to_owned() },
        };
    }
    Subject::Local { path: cwd.join(word) }
}

/// Whether a version may be another one at the next start.
impl Version {
    /// Whether it names one version and no other.
    pub fn is_pinned(&self) -> bool {
        matches!(self, Self::Exact(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_rows_read_the_same_line() {
        let mut seen = Vec::new();
        for launcher in LAUNCHERS {
            let commands: &[&[&str]] = if launcher.command.is_empty() {
                &[&[]]
            } else {
                launcher.command
            };
            for program in launcher.programs {
                for command in commands {
                    assert!(!seen.contains(&(*program, *command)), "{program} {command:?}");
                    seen.push((*program, *command));
                }
            }
        }
    }

    #[test]
    fn wrappers_without_end_come_to_an_end() {
        let words = vec!["env".to_owned(); 10_000];
        assert!(matches!(resolve(&words, Path::new("/"))[0], Subject::Unknown { .. }));
        let nested = vec!["sh".to_owned(), "-c".to_owned(), "sh -c 'sh -c id'".to_owned()];
        assert_eq!(
            resolve(&nested, Path::new("/"))[0],
            Subject::Local { path: "id".into() }
        );
    }
}
