//! Tools that are openly made for an attack.

use crate::detect::injection::rule::{Family, Rule, Surface, Surfaces};

pub(super) const RULES: &[Rule] = &[ATTACK, BY_NAME];

/// What attackers' handbooks are sorted by, at the beginning of a name.
const BY_NAME: Rule = Rule {
    id: "offensive-name",
    family: Family::Offensive,
    weight: 30,
    hard: false,
    surfaces: Surfaces::of(&[Surface::Name]),
    patterns: &[
        r#"\A[\u{e000}-\u{e003}]?(?:exfil|cmdi|privesc|priv_esc|recon|lateral|creds?|c2|rce|sqli|xss|ssrf|lfi|pwn|exploit|backdoor|rootkit|keylog|malware|phish|evasion|evade|implant|dos|ddos)_[\w-]+\z"#,
    ],
    why: "Its name says that it was made for an attack.",
    hits: &["recon_arp_scan", "cmdi_thread_hijack"],
    misses: &["reconcile_accounts", "credit_card", "recon", "create_exploit_report"],
    ..Rule::ROW
};

const ATTACK: Rule = Rule {
    id: "offensive-tool",
    family: Family::Offensive,
    weight: 34,
    hard: false,
    surfaces: Surfaces::PURPOSE,
    patterns: &[
        r#"\b(?:exfiltrate\w*|\Aexfil|keylog\w*|ransomware|rootkits?|mimikatz|shellcode|reverse shell|bind shell|backdoors?|privilege escalation|privesc\w*|kerberoast\w*|as-?rep ?roast\w*|golden ticket|silver ticket|pass-the-(?:hash|ticket)|ntlm (?:relay|hash)|credential(?:s)? (?:dump\w*|harvest\w*|theft|stuffing|strings?)|lateral movement|process hollowing|dll (?:injection|hijack\w*|sideload\w*)|thread hijack\w*|code injection|(?:sql|ldap|xpath|nosql|command|template|crlf|xxe|log|header|argument|xml|el|ssti|css|html|graphql|formula|format string|environment)[ -]injection|injection attack|deserialization attack|gadget chain|ssti|sandbox escape|container escape|vm escape|escape (?:virtual machine|container|sandbox)|brute[ -]?forc\w*|password spray\w*|phishing with|phishing (?:domain|campaign|page|kit)|man-in-the-middle|mitm|arp (?:spoof\w*|poison\w*)|dns (?:spoof\w*|poison\w*|tunnel\w*)|session hijack\w*|cookie theft|stolen (?:data|credentials)|steal\w*|malicious(?:ly)?|timestomp\w*|anti-?forensic\w*|hide (?:data|activity|tracks|files|exfiltrated|process\w*)|cover(?:ing)? tracks|covert (?:timing )?channel|steganograph\w*|jailbreak ios|jailbreak\w* (?:device|ios)|c2 (?:server|channel|beacon)|command[- ]and[- ]control|(?:bypass|evade|disable|defeat)\w* (?:\w+ ){0,3}?(?:amsi|uac|edr|antivirus|av|selinux|apparmor|tcc|aslr|dep|firewall|authentication|integrity|logging|detection|defender|sandbox|restrictions|protections?|windows|2fa|mfa|checking)\b|attacker[- ]controlled|compromised (?:smtp|host|account|server)|exploit(?:s|ing)? (?:\w+ ){0,4}?(?:vulnerab\w+|binary|privilege\w*|service|socket|condition|capabilit\w*|credentials|permissions?|kernel|suid|cron|sudo|path|cve)|fork bomb|denial[- ]of[- ]service|\bddos\b|exhaust (?:\w+ )?(?:inodes|disk|memory|resources)|zip bomb|zip slip|path traversal attack|directory traversal|symlink attack|wpa handshake|pmkid|offline cracking|crack(?:ing)? (?:password|hash)\w*|forge (?:\w+ ){0,2}(?:token|ticket|cookie)|sniff\w* (?:\w+ )?(?:password|traffic|credential)\w*|cleartext passwords|dump (?:\w+ ){0,3}(?:credentials|secrets|passwords|hashes|lsass|sam|keychain)|extract (?:\w+ ){0,6}(?:passwords?|credentials|secrets)\b|harvest (?:\w+ )?(?:secrets|emails|credentials)|process memory via|read sensitive files|abuse (?:\w+ ){0,2}(?:acl|permissions|delegation|capabilit\w+)|attack accounts|/proc/\[?pid\]?/mem|inject malicious|evilginx|cobalt strike|meterpreter|persistence mechanism|persistent access|psexec)"#,
        r#"\bhijack(?:s|ing)? (?:\w+ ){0,3}?(?:threads?|sessions?|process\w*|dns|tokens?|execution|accounts?|clipboard|browsers?|libraries|library|com objects?)\b"#,
        r#"\b(?:captured|harvested|dumped|stolen|cracked) (?:\w+ )?(?:credentials|hash(?:es)?|tokens|passwords|sessions|cookies|tickets)\b"#,
        r#"\b(?:mov(?:e|es|ing) laterally|laterally mov\w+)\b"#,
        r#"\b(?:maintain|establish|gain|achieve)s? (?:\w+ )?persistence\b|\bpersistence (?:via|through|using|by)\b|\b(?:mechanism|task|job|service|key|hook|entry|profile|agent|daemon) for persistence\b"#,
        r#"\bwmi event subscription\b|\bregistry run keys?\b"#,
        r#"\b(?:spoof|forg)(?:s|ing|e|es)? (?:\w+ ){0,2}(?:mac address|arp|dns|sender|caller id|ip address|signatures?|certificates?|identity)\b"#,
        r#"\bpoison(?:s|ing)? (?:\w+ ){0,2}(?:cache|arp|dns|llmnr|nbt-ns|responses?)\b|\b(?:cache|llmnr|nbt-ns) poisoning\b"#,
        r#"\b(?:clear|wipe|tamper with|erase|destroy|corrupt)(?:s|ing)? (?:\w+ ){0,3}(?:event logs?|audit logs?|security logs?|shadow copies|bash history|shell history|forensic \w+)\b"#,
        r#"\b(?:on|of|from|against|to) (?:the |a )?victim(?:'s|s)?\b|\bvictim (?:machine|host|system|browser|user)\b"#,
        r#"\bweaponi[sz]\w+\b|\bfor (?:\w+ )?exploitation\b|\battack (?:on|against|vector|payload)\b|\bsearch github for (?:sensitive|secrets|leaked)\b|\b(?:github|google) dork\w*\b"#,
    ],
    unless: &[
        r#"\b(?:detect|scan|look|check|find|report)\w*\b.{0,60}\bmalicious (?:package|url|link|file|domain|code|site)s?\b"#,
        r#"\b(?:prevents?|avoids?|against|protects? from|mitigates?)\b.{0,30}\binjections?\b"#,
    ],
    why: "It is openly made for an attack.",
    hits: &[
        "Abuse AD ACL permissions.",
        "Dump KDE KWallet secrets.",
        "Exhaust filesystem inodes.",
    ],
    misses: &[
        "Lists malware detections.",
        "Checks for SQL errors.",
        "Takes parameters, to prevent SQL injection.",
        "Scans for secrets in a repository.",
    ],
    ..Rule::ROW
};
