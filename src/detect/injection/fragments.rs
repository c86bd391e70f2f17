//! Pieces of patterns that several rules share, by name.

/// `{name}` in a pattern, and what it stands for. A fragment may hold those above it.
const FRAGMENTS: &[(&str, &str)] = &[
    ("{own}", r#"(?:\u{e000}\S+(?: tool| function| api)?)"#),
    (
        "{trig}",
        r#"(?:\b(?:when(?:ever)?|if|once|after|before|upon|while|prior to|preceding|every time|each time|any ?time|as soon as|until|in case|during)\b)"#,
    ),
    (
        "{act}",
        r#"(?:(?:call|us|invok|run|execut|read|access|perform|trigger|send|writ|delet|add|creat|open|activat|append|set|chang|modif|replac|insert|redirect|rout|forward|overwrit|overrid|alter|substitut|adjust|convert|multipl|reduc|increas|decreas|rewrit|swap|attach|inject|switch|remov|encod|pass|copy|copi|upload|includ|prefix|prepend|disabl|doubl|round|stor|sav|log|import|download|install|mov|renam|updat|upgrad|fetch|apply|appli|instead|put|provid|grant|output|print|must|should|has to|have to|need)\w*)"#,
    ),
    ("{other}", r#"(?:(?:[\u{e001}\u{e002}][\w.:/-]+))"#),
    ("{id}", r#"(?:(?:[\u{e001}\u{e002}\u{e003}][\w.:/-]+))"#),
    (
        "{many}",
        r#"(?:(?:(?:any|all|every|each|other|another|subsequent|following|next|future|further) (?:[\w-]+ ){0,3}?(?:tools?|functions?|operations?|calls?|requests?|actions?|commands?|tasks?|invocations?|executions?|quer(?:y|ies)|transactions?|messages?|emails?|payments?|transfers?|responses?|answers?|files?|writes?|interactions?|conversations?)))"#,
    ),
    (
        "{dir}",
        r#"(?:(?:must|should|shall|needs? to|ha(?:ve|s) to|(?:is|are|be) (?:required|mandatory|necessary|needed|to be)|required to|be sure to|make sure|ensure|always|please|automatically|immediately|first|will))"#,
    ),
    (
        "{when}",
        r#"(?:(?:when(?:ever)?|before|after|prior to|if|once|every time|each time|any ?time|upon|while|during|for (?:all|any|each|every)|in order to|as soon as|until|preceding|following|on every|on each|instead of))"#,
    ),
    (
        "{call}",
        r#"(?:(?:call|invoke|use|run|execute|trigger|utili[sz]e|launch|activate)(?:s|d|ing|ed)?|invoking|using|executing|running|being (?:used|called|invoked|executed))"#,
    ),
    (
        "{user}",
        r#"(?:(?:the |any |an? |your |our |end[ -]?)*(?:users?|human|person|customer|client|operator|people|anyone|anybody|them))"#,
    ),
    (
        "{secretfile}",
        r#"(?:(?:\.ssh\b|id_(?:rsa|ed25519|ecdsa|dsa)|authorized_keys|\.aws/|\.kube/config|\.netrc|\.npmrc|\.pypirc|\.git-credentials|\.docker/config|\.gnupg|\.bash_history|\.zsh_history|/etc/(?:passwd|shadow|sudoers)|\.cursor/mcp|mcp\.json|claude_desktop_config|application_default_credentials|credentials?\.(?:json|ya?ml|txt|ini|csv)|secrets?\.(?:json|ya?ml|txt|toml)|(?:^|[\s"'`(=])(?:~|\.{0,2}/)[\w./~-]*(?:token|secret|credential|passw|private_?key|api_?key|live_key|wallet)[\w./-]*|(?:^|[\s"'`/(])\.env\b|cookies\.sqlite|login data|(?:^|[\s"'`/*])[\w~./*-]*\.pem\b|private[ _-]keys?|ssh[ _-]keys?|seed phrase|mnemonic))"#,
    ),
    (
        "{secretdata}",
        r#"(?:(?:api[ _-]?keys?|passwords?|credentials?|secrets?|(?:access|auth|oauth|bearer|session|api)[ _-]tokens?|private[ _-]keys?|ssh[ _-]keys?|environment variables|env vars|connection strings?|seed phrases?|session cookies|credit card|personal (?:data|information)|sensitive (?:data|information|files?)|system prompt))"#,
    ),
    (
        "{dest}",
        r#"(?:(?:https?://|[\w.+-]+@[\w-]+\.\w|webhook|attacker|external (?:server|endpoint|url|service|api|address)|remote (?:server|endpoint|host)|our (?:server|endpoint|partner|analytics)|third[ -]party|\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|\+\d{8,}))"#,
    ),
    (
        "{send}",
        r#"(?:(?:send|post|upload|transmit|forward|exfiltrat\w*|leak|copy|copies|submit|deliver|relay|email|mail|report|ship|stream|bcc|push|redirect|rout)(?:s|ed|es|e|ing|ding|ting)?|sent)"#,
    ),
    (
        "{read}",
        r#"(?:\b(?:read|access|open|cat|load|retrieve|fetch|extract|get|collect|copy|include|send|pass|dump|steal|list|print|append|attach|provide|return|show|reveal|obtain|scan|upload|post|log|grab|harvest|exfiltrate|put|paste|place|find|grep|consult)\b|\b(?:steal|harvest|exfiltrat|grabb?|dump|upload|send|post|copi|collect|reading|access|open)(?:s|es|ed|ing)\b|\breading\b)"#,
    ),
    (
        "{order}",
        r#"(?:(?:\A|[.,;:)(\]>–—-] ?|\b(?:and|then|please|must|should|shall|also|first|now|always|to|assistant|model|agents?|before use) )(?:to |also |always |then )?)"#,
    ),
    (
        "{hand}",
        r#"(?:(?:hand over|hand|submit|supply|pass|attach|paste|enter|put|place|fill in|provide|share|upload|give|send|ship|collect|copy|read out|take|dump|export|include|forward|post|move|find|read|base64|put in|bring)(?: them| it)?)"#,
    ),
    (
        "{private}",
        r#"(?:(?:cookies?|local storage|session (?:cookies?|tokens?)|browser (?:history|cookies)|clipboard|connection strings?|dotfiles|home (?:folder|directory)|environment (?:variables?|values)|shell history|address book|contacts tool|names from the contacts|user.s calendar|private (?:notes|files|data|keys?|sources|keys directory)|identity documents?|seed phrase|root keys?|(?:open |access |current |user.s )?tokens?|laptop password|domain password|passwords?|api keys?|credentials|(?:card|credit card) numbers?|personal data|latest mails|certificate data|password (?:file|column)|~/\.\S+|\*\.pem|~/documents|id_rsa|id_ed25519|open files))"#,
    ),
    (
        "{host}",
        r#"(?:[`'"(]?(?:https?://|s3://)?(?:[\w.+-]+@)?(?:[\w-]+\.)+(?:example|com|net|org|io|dev|ai|co|me|app|cloud|xyz|ru|cn|site|online)\b|https?://\d|\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})"#,
    ),
];

/// A pattern with its fragments in place.
pub(super) fn expand(pattern: &str) -> String {
    let place = |text: String, (name, fragment): &(&str, &str)| text.replace(name, fragment);
    FRAGMENTS.iter().rev().fold(pattern.to_owned(), place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_in_braces_and_each_fragment_is_used_or_a_pattern() {
        for (name, fragment) in FRAGMENTS {
            let expanded = expand(name);
            assert!(regex_syntax::parse(&expanded).is_ok(), "{name}: {fragment}");
        }
    }
}
