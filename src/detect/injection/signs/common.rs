//! What every order consists of: who, what, when, to whom, and why. Honest definitions are full of it.

use super::{Sign, sign};

pub(super) const SIGNS: &[Sign] = &[
    // Another tool.
    sign("tool", &[r##"[\u{e001}\u{e002}]"##]),
    // A tool that the server does not have.
    sign(
        "strange",
        &[
            r"\u{e002}(?:add|apply|approve|assign|book|buy|call|cancel|change|checkout|create|delete|deploy|edit|execute|export|fetch|file|find|generate|get|insert|install|kubectl|list|load|make|modify|move|open|pay|place|post|publish|push|put|query|read|register|remove|rename|replace|reset|resolve|revoke|run|save|search|sell|send|set|share|silence|ssh|store|submit|transfer|translate|trigger|update|upload|upsert|web|write)_",
            r"\u{e002}\w+_(?:add|apply|call|command|create|delete|edit|exec|execute|export|fetch|insert|invoke|pay|post|publish|push|query|read|run|search|send|share|submit|tool|transfer|update|upload|write)\b",
        ],
    ),
    // What has to be.
    sign(
        "duty",
        &[
            r##"\b(?:must|should|shall|ought|(?:obliges?|compels?|binds?) (?:you|(?:the )?(?:assistants?|agents?|models?))|ha(?:s|ve) to|needs? to|(?:is|are|be) to|(?:is|are) (?:required|expected|obliged|supposed|asked|needed)|(?:requires?|demands?|foresees?|stipulates?) that|to be \w+(?:ed|en)\b|always|never|only (?:go|works?|runs?|be)\b|mandatory|make sure|be sure|gets? to)\b"##,
        ],
    ),
    // When.
    sign(
        "condition",
        &[
            r##"\b(?:when(?:ever)?|before(?:hand)?|after(?:wards?)?|prior to|ahead of|preceding|following|once|if|each time|every time|any time|as soon as|upon|while|until|unless|in the event|in case|as long as|from .{1,20} on(?:wards?)?\b|first)\b"##,
        ],
    ),
    // Without exception.
    sign(
        "sweeping",
        &[
            r##"\b(?:every|each|all|any|whatever|whichever|whoever|everything|anything|everyone|regardless|no matter|at all times|always|without exception|in all cases|in every|irrespective|invariably)\b"##,
        ],
    ),
    // Somebody or some place that receives.
    sign(
        "receiver",
        &[
            r##"(?:\b(?:https?|ftp|s3|syslog|wss?|tcp)://(?:[^\s/]*\.)?[\w-]+|[\w.+-]@[\w-]+\.\w|\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|\+\d[\d ]{7,}|\b0x[0-9a-f]{10}|\b[a-z]{2}\d{2} ?(?:[a-z]{4}|\d{4}) ?\d{4}|\b(?:[a-z0-9][\w-]*\.)+(?:com|net|io|org|dev|app|cloud|host|top|live|info|click|biz|ru|cn|cc|co|link|tools|shop|vip|work|pw|xyz|site|online|me|eu|tk|example)\b|(?:^|\s)#[a-z][\w-]+|\bwebhook at\b|\bthird part(?:y|ies)\b|\b(?:our|a|the) partners?\b|\boutsiders?\b)"##,
        ],
    ),
    // What is nobody else's business.
    sign(
        "secret",
        &[
            r##"(?:\.ssh|id_rsa|ed25519|\.aws|\.env\b|\.kube|\.netrc|/etc/(?:passwd|shadow)|credentials?\b|passwords?\b|passcodes?\b|passphrases?\b|api keys?|(?:access|auth\w*|bearer|api|session|oauth|login|personal|secret|admin|live) tokens?\b|(?:your|their|his|her|any|all) tokens?\b|secrets?\b|private keys?|cookies?\b|seed phrases?|connection strings?|env(?:ironment)? vars?\b|(?:admin|root|user|db|master|login|wallet|bank|e?mail|account)_(?:password|passwd|pin|secret|credentials?)|(?:refresh|access|id|csrf|service|github|gitlab|slack|cloud|their)[ _-]tokens?\b|(?:caller|user|owner|person)'s (?:\w+ )?(?:tokens?|keys?|passwords?)|one-time (?:codes?|passwords?)|\.gnupg|card numbers?|security code|\bpin\b|environment variables|bash_history|sign-in codes?|verification codes?|printenv|dotfiles|home address|phone numbers?|birth ?date|date of birth|salar(?:y|ies)|confidential|authorization header|insurance number|passport|keychain|address book|inbox|mailbox|bank details|personal (?:data|details|documents?))"##,
        ],
    ),
    // What is said between the user and the model.
    sign(
        "dialogue",
        &[
            r##"\b(?:(?:the|this|our|your|whole|entire|full|current|running|present|in) (?:\w+ )?(?:conversation|chat|dialogue)|conversation history|chat history|transcript|system (?:prompt|message)|(?:last|earlier|prior|previous|recent|latest) (?:\w+ ){0,2}(?:messages|turns|results)|messages? (?:of|from) the user|your instructions|instructions you|hidden instructions|chain of thought|(?:last|latest|previous|preceding) (?:user )?message|(?:earlier|previous|preceding) turns|surrounding (?:dialogue|conversation)|tools (?:that )?you have|what (?:the user|you) (?:said|typed|wrote|asked|remember|know|were)|the user's (?:request|words|message|question)|everything said|context window|so far|up to now|typed last)\b"##,
        ],
    ),
    // Whoever reads.
    sign("you", &[r##"\b(?:you|your|yourself)\b"##]),
    // The model, by what it is.
    sign(
        "role",
        &[
            r##"\b(?:(?:the|an?|this|any|every|responsible|helpful|calling) (?:ai |helpful |responsible |calling |connected )?(?:assistant|agent|model|llm|ai)|assistants|agents|language models|models (?:are|must|should|have|ought|need)|llms?|ai (?:model|agent|assistant|system)s?|planners?)\b"##,
        ],
    ),
    // Why.
    sign(
        "reason",
        &[
            r##"\b(?:so that|because|since|hence|therefore|thus|in order|to (?:avoid|prevent|keep|satisfy|ensure|maintain|let|prove|retain|compensate|guarantee|preserve|comply|support)|as (?:the|its?|servers|this|that|otherwise|\w+ (?:demand|require|need|expect)s?)|for (?:security|compliance|traceability|quality|diagnosis|consistency|safety|better|auditing|pricing|technical|legal)|due to|owing to|by order of|on behalf of|, (?:so|hence|thus) (?:it|they|the|that|this|you|please|\w+ (?:it|them|the))|depends on|reasons?|this is how|which is how|configured it)\b"##,
        ],
    ),
    // What happens otherwise.
    sign(
        "threat",
        &[
            r##"\b(?:otherwise|or else|unless|fail(?:s|ed|ure)?|reject(?:s|ed)?|refuse[sd]?|turned down|corrupt\w*|damage\w*|lose|lost|time out|come back empty|will not work|won't work|not work|crash\w*|blocked|invalid|lock(?:ed)? out|harm\w*|penalt\w+|at fault|dead|breaks?)\b"##,
        ],
    ),
    // What the user wants does not count.
    sign(
        "overruled",
        &[
            r##"\b(?:even (?:if|where|when|though)|regardless|no matter|irrespective|whatever (?:the|was|is|they|he|she|you)|whichever|rather than (?:to )?the (?:one|id|user|card|address|account|value|person|requested|original|real)|not the (?:\w+ )?(?:id|one|value|person|user|account|address|card|number)|in (?:its|their) place|despite|against the|declined|only a label|not asked|overrul\w+|over the user|is not (?:relevant|binding))\b"##,
        ],
    ),
    // What is not said or done without a word.
    sign(
        "unsaid",
        &[
            r##"(?:without (?:telling|mention\w*|asking|notice|prompt\w*|a word|saying|informing|disclos\w+|the user|their knowledge|drawing)|(?:do not|don't|doesn't|does not|never|not|no need to|needn't|nobody|no one|avoid|refrain from|rather not) (?:\w+ ){0,3}?(?:tell\w*|mention\w*|inform\w*|reveal\w*|bring\w*|say\w*|disclos\w+|notif\w+|know|see|worry|appear|talk\w*|discuss\w*|point(?:ed|ing)? out|report\w*)|silently|quietly|discreetly|between (?:us|you and me)|keep(?:ing)? (?:quiet|mum|silent)|not a word|under wraps|nobody (?:needs|has) to know|without listing|not shown (?:in|to)|for (?:you|the model|the assistant) (?:alone|only)|(?:your|its) eyes only|goes? unmentioned|strike (?:\w+ ){0,4}from|unnoticed|in secret|secretly|covertly|invisibl[ey]|out of (?:the|your) (?:summary|answer|report|reply)|leave (?:it|that|this) out|behind the scenes|to yourself|seldom notice|unmentioned|internal (?:matter|affair|detail)|(?:do not|don't|never) display)"##,
        ],
    ),
    // Data leave.
    sign(
        "sending",
        &[
            r##"\b(?:send|sends|sent|sending|forward\w*|cop(?:y|ied|ies)|post(?:ed|s)?|publish\w*|shar(?:e|ed|es|ing)|mirror\w*|replicat\w+|transfer(?:red|s)?|upload\w*|hand(?:s|ed|ing)?|past(?:e|ed|es|ing)|suppl(?:y|ied|ies)|submit\w*|deliver\w*|relay\w*|reports|reported|record(?:ed|s)|dump\w*|export(?:ed|s)?|e?mail(?:ed|s)|invit(?:e|ed|es)|disclos\w+|travels?|lands?|go(?:es)? to|bring|giv(?:e|en|ing)|pass(?:ed|es|ing)? (?:on|along|it on|them on)|expos\w+|bundle\w*|synced|synchroni[sz]ed|ship(?:ped|s)?|stream(?:ed|s)?|push(?:ed|es)?|leak\w*|smuggle\w*|slip(?:ped|s)?|import(?:ed)? into|prints? (?:\w+ ){0,4}(?:to|into)|enrol\w*|subscrib(?:ed|es)|recopi\w+|quote[sd]?|exfiltrat\w+|deposit\w*|beacon\w*|ping|settle|filed with|contribute\w*|feed|fed|(?:written|saved|stored|added|appended|moved|moves) (?:\w+ )?(?:to|into|in|at)|writes? (?:\w+ )?(?:to|into))\b"##,
        ],
    ),
    // Something becomes other than it was.
    sign(
        "altering",
        &[
            r##"\b(?:set|sets|replac(?:e|ed|es)|substitut\w+|chang(?:e|ed|es)|rewrit\w+|overwrit\w+|rais(?:e|ed|es)|lower(?:ed|s)?|shift\w*|multipl(?:y|ied)|doubl(?:e|ed)|halv(?:e|ed)|append\w*|prepend\w*|prefix(?:ed)?|suffix(?:ed)?|preced(?:e|ed|es)|insert\w*|adds?|added|increas(?:e|ed)|decreas(?:e|ed)|reduc(?:e|ed)|swap\w*|exchang(?:e|ed)|redirect\w*|rerout\w+|round(?:s|ed)?|assign(?:ed|s)?|reassign\w*|attach\w*|embed\w*|tag(?:ged)?|adjust(?:ed)?|switch\w*|convert(?:ed)?|end(?:s)? in|ends? with|accompanied|repeated|twice|inflate\w*|scaled?|alter\w*|modif(?:y|ied)|tweak\w*)\b"##,
        ],
    ),
    // Something ends, or what held it back does.
    sign(
        "ruining",
        &[
            r##"\b(?:delet(?:e|es|ed|ing)|drop(?:ped|s)?|purg(?:e|ed)|wip(?:e|ed|es|ing)|empt(?:y|ies|ied)|revok(?:e|ed|es)|remov(?:e|ed|es|ing)|kill\w*|stop(?:ped|s)?|suspend\w*|disabl(?:e|ed|es|ing)|eras\w+|destroy\w*|terminat\w+|force-push|get rid|unlock\w*|silenc\w+|cancel(?:led|s)?|truncat\w+|shut|turn(?:ed|s)? off|off|deactivat\w+|uninstall\w*|discard\w*|overwrit\w+|clear(?:ed|s)?|lift(?:ed|s)?|skip(?:ped|s)?|bypass\w*|loosen\w*|weaken\w*|approv(?:e|ed|es)|grant(?:ed|s)?)\b"##,
        ],
    ),
    // A verb that begins a clause: an order.
    sign(
        "order",
        &[
            r##"(?:^|[,:;.()–—-] ?|\b(?:and|then|please|also|first|thereafter|instead|kindly|just|simply|to) )(?:append|attach|assign|approve|apply|answer|ask|bcc|bring|bundle|buy|call|change|collect|comply|copy|delete|disable|disclose|drop|dump|email|empty|enter|execute|export|fetch|fill|follow|force-push|forward|give|grant|hand|have the|include|insert|install|keep|leave|load|make|move|obtain|obey|open|pass|paste|pick|pipe|place|post|prefix|prepend|present|publish|purge|put|read|reassign|redirect|register|remember|remove|rename|replace|report|reset|revoke|rewrite|run|save|say|schedule|send|set|share|shift|skip|split|stop|store|submit|substitute|suggest|supply|suspend|swap|take|tell|transfer|treat|turn|unlock|upload|use|wipe|work|write|rank|sum up|open with|proceed|consult|invoke|add|record|answer|recommend|switch|lower|raise|double|round)\b"##,
        ],
    ),
    // What keeps a system safe.
    sign(
        "guard",
        &[
            r##"\b(?:two-factor|multi-?factor|2fa|mfa|firewalls?|antivirus|audit (?:logs?|trail)|branch protections?|certificate checks?|verification|authentication|encryption|sandbox|restrictions?|approvals?|confirmations?|permissions?|versioning|alerts?|backups?|snapshots?|tests|reviews?|consent|refusals?|safety|warnings?|monitoring|limits?|safeguards?|protections?|history|logs)\b"##,
        ],
    ),
    // Without it.
    sign(
        "off",
        &[
            r##"\b(?:disabl\w+|off|suspend\w*|lift(?:ed|s)?|skip(?:s|ped)?|bypass\w*|without|remove[sd]?|rid of|drop(?:ped)?|silence[sd]?|deemed|no need|lower(?:ed)?|loosen\w*|relax\w*|turned down|ignor(?:e|ed)|waive[sd]?|not (?:needed|necessary|required)|public|gets? in the way|switched)\b"##,
        ],
    ),
    // More rights than are needed.
    sign(
        "mighty",
        &[
            r##"\b(?:admin\w*|root|owner|public|everyone|@everyone|unlimited|--privileged|sudo|privileged|auto-approve|auto-merge|all rights|all scopes|(?:account|org|workspace|billing)_(?:owner|admin)|admin:\w+|offline_access|full access|anyone with)\b"##,
        ],
    ),
    // A value, word by word.
    sign("value", &[r##"(?:[`'\"][^`'\"\n]{2,}[`'\"]|\b\d[\d.,]*\b|%|--\w)"##]),
    // A line for a shell.
    sign(
        "shell",
        &[
            r##"(?:\bcurl\b|\bwget\b|\| ?(?:ba)?sh\b|rm -rf|base64 -|\bcat [~/]|\beval\b|\bnpm i\b|chmod|\bsudo\b|>> ?~|\bnc \d|os\.system|\benv \||authorized_keys|printenv|\.zshrc|\.bashrc|crontab|-rsa aaaa|pipe it into|xmrig|--registry|-v /:)"##,
        ],
    ),
    // To do as another text says.
    sign(
        "obey",
        &[
            r##"\b(?:comply with|obey|act(?:ed)? upon|follow (?:whatever|what|its|any|them)|work through|weight of|takes? effect|meant for you|carried out|guidance|directives?|decides what|authoritative|binding|as with the user|as if (?:the user|they came)|adopt)\b"##,
        ],
    ),
    // Beyond this call.
    sign(
        "wider",
        &[
            r##"\b(?:(?:other|another|any further|further) (?:\w+ )?(?:tools?|servers?|actions?|messages?|sessions?|clients?|conversations?|assistants?)|the rest of the (?:session|conversation|chat)|(?:later|subsequent|future|following|coming) (?:sessions?|conversations?|chats?|messages?|turns?|answers?|replies)|everything else|in the same session|from here on|after this (?:tool|server)|in this (?:environment|workspace|session)|created in|made in|from now on|thereafter|neighbouring|hereafter|throughout|as long as|while this server)\b"##,
        ],
    ),
    // A person.
    sign(
        "person",
        &[
            r##"\b(?:users?|person|people|human|owner|customers?|developers?|employee|participants|nobody|traveller|operator|patients?|caller|reader|whoever)\b"##,
        ],
    ),
    // Something is run down.
    sign(
        "discredit",
        &[
            r##"\b(?:unreliable|broken|wrong|stale|compromised|retired|unsafe|insecure|outdated|no longer|not (?:supported|maintained|safe|trusted|on duty|effective)|leaks?|flagged|inferior|annoy\w*|noise|spurious|false positives?|of no use|defective|bug|stolen|interrupt|delays? matters)\b"##,
        ],
    ),
    // A choice.
    sign(
        "rank",
        &[
            r##"\b(?:prefer(?:red|s)?|priorit\w+|pick|picks|choose|wins?|rank(?:ed)?|number one|supersed\w+|above any|only ever|best|better than|first choice|settle for|recommend(?:s|ed)?|favou?r(?:s|ed|ing)?|promote\w*|praise\w*)\b"##,
        ],
    ),
    // What is told.
    sign(
        "say",
        &[
            r##"\b(?:present(?:ed)?|report(?:ed)?|called|describe[sd]?|tell|say|answer(?:ed)?|state|sum up|appear|claim|pretend|assure|inform|recommendation|suggest|open with|the answer|reassure|rate it|mark(?:ed)?)\b"##,
        ],
    ),
    // What costs.
    sign(
        "money",
        &[
            r##"\b(?:pays?|payments?|payee|paid|funds?|cards?|(?:bank|savings|clearing|our|another|second|holding) accounts?|amounts?|wallets?|invoices?|refund\w*|purchas\w+|budgets?|money|iban|billing|transfers?|orders|membership|insurance|bank\w*|allowance|transactions?|quantity|approver|checkout|price)\b"##,
        ],
    ),
    // What stays.
    sign(
        "keep",
        &[
            r##"(?:claude\.md|agents\.md|\.zshrc|\.bashrc|\.cursorrules|\.profile|crontab|authorized_keys|\.github/workflows|\bremember(?:ed)?\b|\blater (?:conversation|session|chat)|\bschedul(?:e|ed|er)\b|\bhourly\b|\bfor good\b|\bpermanently\b|\boutlive|\bfrom now on\b|\bthereafter\b|\bfrom here on\b|\bfor the rest\b|configuration of other|\bauto-?approve|\bevery (?:later|new|future) )"##,
        ],
    ),
    // The user is asked for something.
    sign(
        "asked",
        &[
            r##"\b(?:ask (?:the )?(?:user|person|them|people|customer)|user to enter|enter your|their (?:banking )?(?:pin|password)|needed to go on)\b"##,
        ],
    ),
    // Data are read.
    sign(
        "reading",
        &[
            r##"\b(?:reads?|reading|open(?:s|ing)?|collects?|gathers?|tail|fetch(?:es)?|obtain|extract|list|look|find|contents? of|values? of|text of|harvest)\b"##,
        ],
    ),
    // Something is run.
    sign(
        "run",
        &[r##"\b(?:run|runs|execut\w+|install\w*|apply|launch\w*|invok\w+|called|trigger\w*|pipe|start)\b"##],
    ),
    // Two tools that the server does not have.
    sign("pair", &[r##"\u{e002}[a-z]+_[^\u{e002}]*\u{e002}[a-z]+_"##]),
    // A tool that the server does not have, and that does what can't be undone.
    sign(
        "grave",
        &[
            r##"\u{e002}(?:delete|remove|drop|revoke|transfer|send|pay|approve|grant|unlock|disable|execute|run|kill|wipe|purge|push|publish|share|checkout|install|ssh|deploy|update|set|write|edit|post|submit|trigger|upload|place|buy|sell|assign|move|modify|forward|overwrite)_"##,
        ],
    ),
    // As what it is not.
    sign(
        "untrue",
        &[
            r##"\bas (?:exact|(?:all )?green|neutral|harmless|passed|safe|clean|positive|negative|negligible|(?:the )?best|(?:the )?cheapest|(?:the )?quickest|fine|successful|failed|verified|official|genuine|recommended|the user's own|reliable|approved|trusted|normal|routine|final|true|false|correct|complete)\b|\b(?:must|should|may|are|is|do) not (?:to )?appear\b|\bfalse positives?\b|\bout of the (?:answer|summary|report|reply|list)\b|\bare to be (?:called|marked|rated|shown|listed|treated)\b|\bthe answer (?:to show|is always)\b|\bregardless of\b|\bas if\b|\bpretend\w*\b"##,
        ],
    ),
    // What keeps the whole machine or account safe.
    sign(
        "bulwark",
        &[
            r##"\b(?:two-factor|multi-?factor|2fa|mfa|firewalls?|antivirus|audit (?:logs?|trail)|branch protections?|certificate (?:checks?|validation)|encryption|(?:approval|review|permission|access|security|policy|signature|integrity) (?:checks?|gates?|dialogs?|dialogues?|prompts?|steps?|process|boundar\w+)|acls?|change freeze|required review\w*|two-person rule|branch protections?|pre-commit hooks?|allow-?lists?|deny-?lists?|quarantine|sandbox\w*|refusals?|safety|safeguards?|malware|versioning|access controls?|security (?:checks?|rules?|controls?|settings?|policies)|permission checks?|authori[sz]ation|row-level security|content filters?)\b"##,
        ],
    ),
    // Who wrote the tool.
    sign(
        "author",
        &[
            r##"\b(?:(?:authors?|makers?|developers?|maintainers?|vendor|provider|publisher) of th(?:is|e) (?:tool|server|plugin|integration)|our (?:account|server|cloud|team|servers|support|partner|service|wallet)|sponsor\w*|list owner|plugin (?:author|vendor)|advertis\w+|data brokers?|analytics (?:service|provider|platform|backend|partner)s?|parent company|(?:vendor|maker|publisher|maintainer|author)(?:'s)? (?:\w+ )?(?:server|cloud|account|cdn|crm|database|archive|inbox|team)|affiliate\w*|(?:the|this) (?:tool|server|plugin|integration)'s (?:authors?|makers?|developers?|maintainers?|owners?)|the vendor)\b"##,
        ],
    ),
];
