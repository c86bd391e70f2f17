//! Every `--help`.

use crate::harness::Gateway;

/// What the help of one command says.
pub(super) struct Help {
    /// The words that lead to the command; none for the program itself.
    pub(super) words: Vec<String>,
    pub(super) text: String,
}

/// The help of the program and of each of its commands, at any depth.
pub(super) fn helps() -> Vec<Help> {
    let setup = Gateway::with([]).discovering();
    let mut helps = Vec::new();
    let mut left = vec![Vec::new()];
    while let Some(words) = left.pop() {
        let mut line: Vec<&str> = words.iter().map(String::as_str).collect();
        line.push("--help");
        let finished = setup.run(&line, "");
        finished.assert_exit(0);
        let text = finished.stdout;
        let commands = text.lines().skip_while(|line| *line != "Commands:").skip(1);
        let commands = commands.take_while(|line| line.starts_with("  "));
        // What continues the line of a command is set in further.
        let names = commands.filter(|line| !line.starts_with("   "));
        let names = names.filter_map(|line| line.split_whitespace().next());
        left.extend(names.filter(|name| *name != "help").map(|name| {
            let mut below = words.clone();
            below.push(name.to_owned());
            below
        }));
        helps.push(Help { words, text });
    }
    helps
}

impl Help {
    /// The commands that it shows as examples: the lines that are set in below its last heading.
    #[track_caller]
    pub(super) fn examples(&self) -> Vec<&str> {
        let end = self.text.trim_end().rsplit("\n\n").next().unwrap_or_default();
        let lines = end.strip_prefix("Example:\n").or(end.strip_prefix("Examples:\n"));
        let lines = lines.unwrap_or_else(|| panic!("{:?} ends with no example:\n{end}", self.words));
        lines.lines().map(str::trim).collect()
    }
}
