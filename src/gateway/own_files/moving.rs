//! What takes a whole directory away: a tool whose name says so, arguments that name two ends, a command.

use super::{Above, LONGEST_PATH, is_argument};
use crate::{
    json::Fault,
    message::{Envelope, walk},
};

/// What a tool that takes directories away is called, as a word of its name.
const VERBS: [&str; 26] = [
    "archive",
    "backup",
    "chmod",
    "chown",
    "compress",
    "copy",
    "cp",
    "delete",
    "del",
    "duplicate",
    "erase",
    "link",
    "move",
    "mv",
    "pack",
    "remove",
    "rename",
    "rm",
    "rmdir",
    "shred",
    "symlink",
    "sync",
    "tar",
    "trash",
    "unlink",
    "zip",
];

/// Commands that take away each directory they are given.
const TAKING: [&str; 10] = [
    "7z", "chmod", "chown", "rm", "rmdir", "shred", "tar", "trash", "unlink", "zip",
];

/// Commands that take away all but the last one, which is where they take the others.
const TAKING_TO: [&str; 6] = ["cp", "install", "ln", "mv", "rsync", "scp"];

/// Words that stand before a command.
const BEFORE: [&str; 6] = ["command", "env", "exec", "nohup", "sudo", "time"];

/// What the one end of a move is called, and the other.
const SOURCES: [&str; 8] = [
    "source",
    "src",
    "from",
    "old",
    "oldpath",
    "sourcepath",
    "srcpath",
    "frompath",
];
const DESTINATIONS: [&str; 12] = [
    "destination",
    "dest",
    "dst",
    "target",
    "to",
    "new",
    "newpath",
    "destinationpath",
    "destpath",
    "dstpath",
    "targetpath",
    "topath",
];

/// Parts of the names of arguments that say where something is done, and not to what.
const WHERE: [&str; 7] = ["repo", "cwd", "workdir", "workingdir", "root", "project", "workspace"];

/// The argument that names a directory above own files which a call takes away as a whole.
///
/// `leads_above` tells of a word whether it names such a directory.
///
/// # Errors
/// A [`Fault`] where the parameters are no JSON.
pub(super) fn moved(
    envelope: &Envelope,
    text: &str,
    above: &Above,
    leads_above: &dyn Fn(&str) -> bool,
) -> Result<Option<String>, Fault> {
    let mut names = Vec::new();
    let (mut by_command, mut commands) = (None, Vec::new());
    walk(text, &mut |leaf| {
        if !is_argument(leaf, 0) {
            names.push(plain(leaf.text));
        } else if leaf.text.len() <= LONGEST_PATH && !leaf.text.contains('\n') {
            if by_command.is_none() && taken_by_line(leaf.text, leads_above) {
                by_command = Some(leaf.place());
            }
            commands.extend(command(leaf.text));
        }
    })?;
    if by_command.is_some() {
        return Ok(by_command);
    }
    let tool_moves = &*envelope.method == "tools/call" && parts(&envelope.name).any(|part| VERBS.contains(&&*part));
    let has_destination = names.iter().any(|name| DESTINATIONS.contains(&name.as_str()));
    let two_ends = !envelope.hints.read_only && has_destination;
    let taken = above.arguments.iter().find(|argument| {
        let name = plain(&argument.name);
        let is_where = WHERE.iter().any(|part| name.contains(part));
        let is_item = argument.place.ends_with(']');
        let as_item = is_item && commands.iter().any(|to| !(*to && is_last_item(text, &argument.place)));
        let by_tool = tool_moves && !is_where && !DESTINATIONS.contains(&name.as_str());
        as_item || by_tool || (two_ends && SOURCES.contains(&name.as_str()))
    });
    // Of what was not looked at, the worst is taken for granted.
    let may_take = tool_moves || two_ends || !commands.is_empty();
    let beyond = above.beyond.as_ref().filter(|_| may_take);
    Ok(taken.map(|argument| &argument.place).or(beyond).cloned())
}

/// A name in lower case, without what parts its words.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

/// The words of a tool's name: `moveFile`, `move_file`.
fn parts(name: &str) -> impl Iterator<Item = String> {
    let mut spaced = String::new();
    let mut before = ' ';
    for letter in name.chars() {
        if letter.is_uppercase() && before.is_lowercase() {
            spaced.push(' ');
        }
        spaced.push(if letter.is_alphanumeric() { letter } else { ' ' });
        before = letter;
    }
    let parts: Vec<String> = spaced.split(' ').map(str::to_lowercase).collect();
    parts.into_iter()
}

/// Whether a word is a command that takes directories away: whether it takes them to the last one.
fn command(word: &str) -> Option<bool> {
    let name = word.rsplit('/').next().unwrap_or_default();
    match (TAKING.contains(&name), TAKING_TO.contains(&name)) {
        (true, _) => Some(false),
        (_, true) => Some(true),
        _ => None,
    }
}

/// Whether a command line takes one of these directories away.
fn taken_by_line(line: &str, leads_above: &dyn Fn(&str) -> bool) -> bool {
    line.split([';', '&', '|', '(', ')', '`']).any(|segment| {
        let mut words = segment.split_whitespace().map(|word| word.trim_matches(['"', '\'']));
        let Some(to_last) = words
            .find(|word| !BEFORE.contains(word) && !word.contains('='))
            .and_then(command)
        else {
            return false;
        };
        let given: Vec<&str> = words.filter(|word| !word.starts_with('-')).collect();
        let taken = match to_last && !segment.contains(" -t") {
            true => &given[..given.len().saturating_sub(1)],
            false => &given[..],
        };
        taken.iter().any(|word| leads_above(word))
    })
}

/// Whether nothing follows an item in its list.
fn is_last_item(text: &str, place: &str) -> bool {
    let Some((list, index)) = place.trim_end_matches(']').rsplit_once('[') else {
        return false;
    };
    let next = index.parse::<usize>().map(|index| format!("{list}[{}]", index + 1));
    let mut follows = false;
    // What is no JSON was refused before.
    let _ = walk(text, &mut |leaf| follows |= next.as_ref() == Ok(&leaf.place()));
    !follows
}
