//! Pieces of patterns that several rules share, by name.

/// `{name}` in a pattern, and what it stands for. A fragment may hold those above it.
const FRAGMENTS: &[(&str, &str)] = &[
    ("{own}", r#"(?:["'`]?\u{e000}\S+(?: tool| function| api)?)"#),
    (
        "{trig}",
        r#"(?:\b(?:when(?:ever)?|if|once|after|before|upon|while|prior to|preceding|every time|each time|any ?time|as soon as|until|in case|during)\b)"#,
    ),
    (
        "{act}",
        r#"(?:(?:call|us|invok|run|execut|read|access|perform|trigger|send|writ|delet|add|creat|open|activat|append|set|chang|modif|replac|insert|redirect|rout|forward|overwrit|overrid|alter|substitut|adjust|convert|multipl|reduc|increas|decreas|rewrit|swap|attach|inject|switch|remov|encod|pass|copy|copi|upload|includ|prefix|prepend|disabl|doubl|round|stor|sav|log|import|download|install|mov|renam|updat|upgrad|fetch|apply|appli|instead|put|provid|grant|output|print|must|should|has to|have to|need)\w*)"#,
    ),
    ("{other}", r#"(?:[\u{e001}\u{e002}][\w.:/-]+)"#),
    // The same, as definitions write it: in quotes or not. Documentation has functions in quotes all over.
    ("{tool}", r#"(?:["'`]?[\u{e001}\u{e002}][\w.:/-]+["'`]?)"#),
    ("{id}", r#"(?:["'`]?[\u{e001}\u{e002}\u{e003}][\w.:/-]+["'`]?)"#),
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
        r#"(?:(?:cookies?|local storage|session (?:cookies?|tokens?)|browser (?:history|cookies)|connection strings?|dotfiles|home (?:folder|directory)|environment (?:variables?|values)|shell history|address book|contacts tool|names from the contacts|user.s calendar|private (?:notes|files|data|keys?|sources|keys directory)|identity documents?|seed phrase|root keys?|(?:open |access |current |user.s )?tokens?|laptop password|domain password|passwords?|api keys?|credentials|(?:card|credit card) numbers?|personal data|latest mails|certificate data|password (?:file|column)|~/\.\S+|\*\.pem|~/documents|id_rsa|id_ed25519|open files))"#,
    ),
    (
        "{host}",
        r#"(?:[`'"(]?(?:https?://|s3://)?(?:[\w.+-]+@)?(?:[\w-]+\.)+(?:example|com|net|org|io|dev|ai|co|me|app|cloud|xyz|ru|cn|site|online)\b|https?://\d|\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})"#,
    ),
    // What follows are classes of words, as wide as the language has them: a condition, a duty, a deed.
    (
        "{on}",
        r#"(?:when(?:ever|ever the)?|wherever|before|after|prior to|ahead of|preceding|if|once|each time|every time|any ?time|as soon as|upon|while|during|until|unless|in case|in (?:every|any|each) (?:case|situation|event)|for (?:all|any|every|each|whatever)|on (?:each|every|any)|with (?:each|every|any)|whichever|whatever|where)"#,
    ),
    (
        "{duty}",
        r#"(?:must|should|shall|ought to|ha(?:s|ve) to|needs? to|(?:is|are|be) to|(?:be|make) sure (?:to|that)|(?:is|are) (?:required|obliged|expected|supposed|instructed|asked) to|it is (?:\w+ )?(?:necessary|mandatory|required|essential|imperative|vital|important|advisable|crucial) to|ensure(?: that)?|always|never|please|kindly|remember to|do not forget to|don't forget to|one needs to|first|automatically|immediately|silently|quietly|simply|do)"#,
    ),
    (
        "{deed}",
        r#"(?:add|append|alter|apply|approve|assign|attach|bind|bump|change|clear|clone|collect|commit|convert|copy|create|cut|delete|deliver|deposit|destroy|disable|deactivate|download|drop|dump|edit|email|empty|enable|encode|erase|exchange|execute|expose|feed|fetch|fill|force|forward|gather|give|grab|grant|hand|hide|include|inject|insert|install|invite|kill|launch|leave|lift|load|log|lower|mail|make|mark|modify|move|multiply|obtain|omit|open|overwrite|pass|paste|place|post|prefix|prepend|publish|pull|purge|push|put|raise|read|reassign|redirect|register|relay|remove|rename|replace|reset|restart|retrieve|return|revoke|rewrite|rotate|round|route|run|save|scale|send|set|share|shut|sign|skip|stop|store|submit|substitute|supply|swap|switch|take|terminate|transfer|transmit|truncate|turn|unlock|update|upload|whitelist|wipe|wire|withdraw|write)"#,
    ),
    // Deeds that honest definitions hardly ever order: they describe, and say what to pass.
    (
        "{strong}",
        r#"(?:append|attach|bcc|burn|double|multiply|commit|copy|cut|deliver|deposit|disable|drop|dump|email|encode|erase|exchange|execute|exfiltrate|force-push|forward|gather|grab|grant|halve|hand|harvest|hide|inject|insert|install|invite|kill|leak|leave out|mail|mirror|overwrite|pay|plant|postpone|post|prefix|prepend|push|put|redirect|reassign|replace|reroute|revoke|scrape|sell|send|share|ship|slip|smuggle|store|submit|substitute|swap|terminate|transfer|transmit|truncate|upload|vote|whitelist|wipe|wire|write|delete|remove|buy)"#,
    ),
    // The same, done.
    (
        "{done}",
        r#"(?:added|altered|appended|attached|assigned|blocked|changed|cleared|converted|copied|cut|deleted|delivered|disabled|doubled|dropped|edited|emptied|encoded|erased|exchanged|executed|forced|forwarded|granted|halved|hidden|increased|inserted|installed|killed|left out|listed and|logged|lowered|made public|mailed|modified|moved|multiplied|omitted|overwritten|paid|prefixed|purged|pushed|put|raised|read and|recorded|redirected|reduced|removed|renamed|replaced|reset|revoked|rewritten|rounded|routed|sent|set|shared|signed|stopped|stored|substituted|supplemented|swapped|switched|transferred|truncated|turned|uploaded|wiped|written)"#,
    ),
    (
        "{does}",
        r#"(?:(?:the )?(?:assistant|agent|model|llm|ai|caller|client)s?|you) (?:also |first |then |always |must |should |has to |have to |will |automatically )*(?:adds?|alters?|appends?|attach(?:es)?|calls?|changes?|clears?|collects?|commits?|cop(?:y|ies)|deletes?|disables?|downloads?|empt(?:y|ies)|executes?|fetch(?:es)?|forwards?|gets?|grants?|hands?|inserts?|installs?|invokes?|leaves?|lists?|logs?|makes?|moves?|obtains?|opens?|overwrites?|pass(?:es)?|pays?|posts?|pushe?s?|puts?|reads?|records?|redirects?|removes?|renames?|replaces?|resets?|retrieves?|runs?|sends?|sets?|shares?|stops?|stores?|submits?|swaps?|switch(?:es)?|transfers?|turns?|updates?|uploads?|uses?|wipes?|writes?)"#,
    ),
    // The tools that models have, by what they are for.
    (
        "{kit}",
        r#"(?:(?:storage|mail|e-?mail|sql|database|admin|vault|banking|payments?|messaging|chat|crm|http|browser|file(?:system)?|calendar|shell|terminal|search|git|repository|wiki|deployment|cloud|contacts?|slack|fetch|web|ticket|billing)(?: ?-?\w+)? (?:tools?|servers?|functions?))"#,
    ),
    // What keeps a system safe.
    (
        "{guard}",
        r#"(?:two-factor|2fa|mfa|firewalls?|antivirus|monitoring|audit (?:trail|log(?:ging|s)?)|access (?:restrictions?|controls?)|branch protections?|certificate (?:checks?|verification|validation)|(?:tls|ssl) (?:checks?|verification)|verification|authentication|encryption|sandbox(?:ing)?|safeguards?|restrictions?|approvals?|confirmations?|safety (?:checks?|rules)|permission checks?|rate limits?|backups?|snapshots?|security (?:checks?|controls?|settings?|features?|software|scans?)|alerts?|logging)"#,
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
