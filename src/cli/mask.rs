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

use super::{DONE, Outcome, options::PluginOptions, runtime, start};
use crate::{
    guard::GuardError,
    mask::Masker,
    plugins::{self, Filter},
};

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
struct Answer<'a> {
    id: Value,
    masked: &'a str,
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
    let sets = start::sets(&options)?;
    let mut names = options.names();
    if names.is_empty() {
        names.push("basic".to_owned());
    }
    let filters = plugins::choose(&names, [sets])
        .map_err(|error| error.to_string())?
        .filters;
    if filters.is_empty() {
        return Err(format!("{} does not mask; try `-p basic`", names.join(", ")));
    }
    runtime()?.block_on(mask_all(&filters, &files))
}

async fn mask_all(filters: &[Filter], files: &Options) -> Outcome {
    let mut output = io::BufWriter::new(io::stdout().lock());
    for file in inputs(&files.files)? {
        let (name, mut input) = file;
        let done = if files.jsonl {
            answer_lines(filters, input, &mut output).await
        } else {
            filter(filters, &mut input, &mut output).await
        };
        match done {
            Err(Stopped::Input(what)) => return Err(format!("{name}: {what}")),
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
    /// What is amiss with the input, or can't be told of it.
    Input(String),
    Written(io::Error),
}

/// A name for messages, and what is read.
type Input<'a> = (&'a str, Box<dyn BufRead>);

/// Each input with its name.
fn inputs(files: &[String]) -> Result<Vec<Input<'_>>, String> {
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
async fn filter(filters: &[Filter], input: &mut dyn Read, output: &mut impl Write) -> Result<(), Stopped> {
    let mut bytes = Vec::new();
    input
        .read_to_end(&mut bytes)
        .map_err(|error| Stopped::Input(format!("can't be read: {error}")))?;
    for chunk in bytes.utf8_chunks() {
        let masked = mask(filters, chunk.valid())
            .await
            .map_err(|error| Stopped::Input(unmasked(&error)))?;
        output.write_all(masked.as_bytes()).map_err(Stopped::Written)?;
        output.write_all(chunk.invalid()).map_err(Stopped::Written)?;
    }
    Ok(())
}

async fn answer_lines(filters: &[Filter], input: Box<dyn BufRead>, output: &mut impl Write) -> Result<(), Stopped> {
    for (number, line) in input.lines().enumerate() {
        let place = |what: &dyn std::fmt::Display| Stopped::Input(format!("line {}: {what}", number + 1));
        let line = line.map_err(|error| place(&error))?;
        let Question { id, text } =
            serde_json::from_str(&line).map_err(|error| place(&format!("not {{\"id\", \"text\"}}: {error}")))?;
        let text: Arc<str> = text.into();
        let masked = mask(filters, &text).await.map_err(|error| place(&unmasked(&error)))?;
        let mut findings = Vec::new();
        for filter in filters {
            let searched = text.clone();
            let found = filter
                .run(text.len(), move |masker| self::findings(masker, &searched))
                .await;
            findings.extend(found.map_err(|error| place(&unmasked(&error)))?);
        }
        serde_json::to_writer(
            &mut *output,
            &Answer {
                id,
                masked: &masked,
                findings,
            },
        )
        .map_err(|error| Stopped::Written(error.into()))?;
        output.write_all(b"\n").map_err(Stopped::Written)?;
    }
    Ok(())
}

/// `text` as it leaves the last of the filters.
async fn mask(filters: &[Filter], text: &str) -> Result<Arc<str>, GuardError> {
    let mut text: Arc<str> = text.into();
    for filter in filters {
        let searched = text.clone();
        let search = move |masker: &Masker| match masker.masked(&searched) {
            Cow::Borrowed(_) => searched.clone(),
            Cow::Owned(masked) => masked.into(),
        };
        text = filter.run(text.len(), search).await?;
    }
    Ok(text)
}

fn unmasked(error: &GuardError) -> String {
    format!("can't be masked, so nothing of it is shown: {error}")
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
