//! `mask`: the maskers as a filter.

use std::{
    borrow::Cow,
    fs,
    io::{self, BufRead, Read, Write},
    sync::Arc,
};

use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{DONE, Outcome, options::PluginOptions};
use crate::{config, mask::Masker, plugins};

#[derive(Args)]
#[command(after_help = "Examples:\n  mcp-gateway mask notes.txt\n  kubectl get secret -o yaml | mcp-gateway mask")]
pub(super) struct Options {
    /// Reads lines of {"id", "text"} and answers each with {"id", "masked", "findings"}; positions count code points
    #[arg(long)]
    jsonl: bool,
    /// The files; without them, standard input
    files: Vec<String>,
}

/// One line of `--jsonl`.
#[derive(Deserialize)]
struct Question {
    id: Value,
    text: String,
}

/// The answer to one line of `--jsonl`.
#[derive(Serialize)]
struct Answer {
    id: Value,
    masked: String,
    findings: Vec<Finding>,
}

/// A finding: `start` and `end` count code points of the text.
#[derive(Serialize)]
struct Finding {
    rule: String,
    start: usize,
    end: usize,
    score: f32,
}

/// Masks with the plugins that were asked for, or else with `basic`.
pub(super) fn run(options: PluginOptions, files: Options) -> Outcome {
    let sets = config::settings(&options.sets).map_err(|problems| format!("{:#}", problems[0]))?;
    let mut names = options.names();
    if names.is_empty() {
        names.push("basic".to_owned());
    }
    let maskers = plugins::choose(&names, [sets])
        .map_err(|error| error.to_string())?
        .maskers;
    let mut output = io::BufWriter::new(io::stdout().lock());
    for file in inputs(&files.files)? {
        let (name, mut input) = file;
        let done = if files.jsonl {
            answer_lines(&maskers, input, &mut output)
        } else {
            filter(&maskers, &mut input, &mut output)
        };
        match done {
            Err(Stopped::Read(what)) => return Err(format!("{name}: {what}")),
            // A reader that has gone wants no more.
            Err(Stopped::Written(error)) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(DONE),
            Err(Stopped::Written(error)) => return Err(format!("standard output can't be written: {error}")),
            Ok(()) => {}
        }
    }
    output
        .flush()
        .map(|()| DONE)
        .map_err(|error| format!("standard output can't be written: {error}"))
}

enum Stopped {
    Read(String),
    Written(io::Error),
}

/// Each input with its name.
fn inputs(files: &[String]) -> Result<Vec<(&str, Box<dyn BufRead>)>, String> {
    if files.is_empty() {
        return Ok(vec![("standard input", Box::new(io::stdin().lock()))]);
    }
    let open = |file: &String| fs::File::open(file).map_err(|error| format!("{file} can't be read: {error}"));
    files
        .iter()
        .map(|file| {
            Ok((
                file.as_str(),
                Box::new(io::BufReader::new(open(file)?)) as Box<dyn BufRead>,
            ))
        })
        .collect()
}

/// Copies `input` masked. Bytes that are not UTF-8 pass as they are.
fn filter(maskers: &[Arc<Masker>], input: &mut dyn Read, output: &mut impl Write) -> Result<(), Stopped> {
    let mut bytes = Vec::new();
    input
        .read_to_end(&mut bytes)
        .map_err(|error| Stopped::Read(format!("can't be read: {error}")))?;
    for chunk in bytes.utf8_chunks() {
        output
            .write_all(mask(maskers, chunk.valid()).as_bytes())
            .map_err(Stopped::Written)?;
        output.write_all(chunk.invalid()).map_err(Stopped::Written)?;
    }
    Ok(())
}

fn answer_lines(maskers: &[Arc<Masker>], input: Box<dyn BufRead>, output: &mut impl Write) -> Result<(), Stopped> {
    for (number, line) in input.lines().enumerate() {
        let place = |what: &dyn std::fmt::Display| Stopped::Read(format!("line {}: {what}", number + 1));
        let line = line.map_err(|error| place(&error))?;
        let Question { id, text } =
            serde_json::from_str(&line).map_err(|error| place(&format!("not {{\"id\", \"text\"}}: {error}")))?;
        let masked = mask(maskers, &text).into_owned();
        let findings = maskers.iter().flat_map(|masker| findings(masker, &text)).collect();
        serde_json::to_writer(&mut *output, &Answer { id, masked, findings })
            .map_err(|error| Stopped::Written(error.into()))?;
        output.write_all(b"\n").map_err(Stopped::Written)?;
    }
    Ok(())
}

fn mask<'a>(maskers: &[Arc<Masker>], text: &'a str) -> Cow<'a, str> {
    maskers
        .iter()
        .fold(Cow::Borrowed(text), |text, masker| match masker.masked(&text) {
            Cow::Borrowed(_) => text,
            Cow::Owned(masked) => Cow::Owned(masked),
        })
}

fn findings(masker: &Masker, text: &str) -> Vec<Finding> {
    let mut positions = CodePoints {
        text,
        byte: 0,
        count: 0,
    };
    let mut hits = masker.recognized(text);
    hits.sort_by_key(|hit| hit.span.start);
    hits.into_iter()
        .map(|hit| {
            let start = positions.count(hit.span.start);
            let end = start + text[hit.span.clone()].chars().count();
            Finding {
                rule: hit.rule.into_owned(),
                start,
                end,
                score: hit.score,
            }
        })
        .collect()
}

/// Counts code points up to ascending positions, each stretch once.
struct CodePoints<'a> {
    text: &'a str,
    byte: usize,
    count: usize,
}

impl CodePoints<'_> {
    fn count(&mut self, byte: usize) -> usize {
        self.count += self.text[self.byte..byte].chars().count();
        self.byte = byte;
        self.count
    }
}
