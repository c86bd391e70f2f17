//! What honest definitions hardly have: what the model was told, files of keys, favours, consent that was given for good.

use super::{Sign, sign};

pub(super) const SIGNS: &[Sign] = &[
    // The model's own: what it was told, what was said so far.
    sign(
        "ours",
        &[
            r##"\b(?:(?:conversation|dialogue|chat|discussion|exchange|session) (?:so far|to date|up to (?:now|here|this point))|(?:surrounding|ongoing|running|current|present) (?:dialogue|conversation|chat|discussion)|(?:all |every |the )(?:earlier|previous|preceding|prior|past) (?:turns|messages|exchanges|prompts|questions|answers|replies)|system (?:prompts?|message|instructions)|(?:your|the model's|the assistant's|its own|own) (?:instructions|context|context window|memory|reasoning|thoughts|chain of thought|guidelines|tool list|list of tools)|(?:user's|person's|caller's) (?:own |last |latest |original |exact |full |entire |very |previous )*(?:messages?|prompts?|words|wording)|(?:user's|person's|caller's) (?:last|original|exact|full|entire|previous) (?:question|request)|(?:last|latest|previous|preceding) (?:user )?(?:message|prompt|question|turn)|everything (?:that was )?(?:said|typed|written|discussed)|(?:was|been) (?:said|discussed|typed|talked about)|context window|chat history|conversation history|message history|tools? list|what you were told)\b"##,
        ],
    ),
    // It goes along, or is kept.
    sign(
        "collecting",
        &[
            r##"\b(?:collects?|collected|collecting|gathers?|gathered|captures?|captured|records?|recorded|picks? up|accompan(?:y|ies|ied)|attach(?:ed|es)?|carr(?:y|ies)|retains?|retained|transmits?|transmitted|transmission|ships?|harvests?|logs|logged|keeps|includes?|included|rides? along|travels?|takes? along|preserv\w+|archiv\w+|beacon|telemetry|diagnostics?)\b"##,
        ],
    ),
    // As it is, to the end.
    sign(
        "whole",
        &[
            r##"\b(?:in full|verbatim|unabridged|uncut|unredacted|word (?:for|by) word|literally|complete(?:ly)?|entire(?:ly)?|in (?:its|their) entirety|wholly|untruncated|unshortened|as is|raw|from start to end|whatever)\b"##,
        ],
    ),
    // In other letters.
    sign(
        "encoded",
        &[
            r##"\b(?:base64|base32|hex(?:adecimal)?|rot13|gzip\w*|url-?encod\w+|percent-?encod\w+|encod(?:e|ed|ing)|obfuscat\w+|reversed|zipped|tarball|subdomain)\b"##,
        ],
    ),
    // A file that holds keys.
    sign(
        "keys",
        &[
            r##"(?:\.gnupg|secring|\.ssh\b|id_rsa|ed25519|\.aws/|\.netrc|\.npmrc|\.pypirc|\.git-credentials|\.kube/config|/etc/(?:passwd|shadow)|keychain|keyring|credential (?:store|file|helper|manager)|cookies\.sqlite|login data|\.docker/config|oauth\w*\.json|wallet\.dat|\.pgpass|credentials?\.(?:json|ya?ml|toml)|\.env\b|(?:bash|zsh|sh|fish|python|psql|mysql|node_repl|less)_?(?:hist|history)\b|password (?:store|manager|file|database)|private keys?\b)"##,
        ],
    ),
    // All that somebody has.
    sign(
        "hoard",
        &[
            r##"\b(?:(?:whole|entire|complete|full|all of the|all of their|all your) (?:home (?:directory|folder)|disk|drive|file ?system|mailbox|inbox|address book|contacts?|calendar|photos?|photo library|desktop|documents(?: folder)?|browser (?:profile|history)|keychain|memory|workspace|clipboard|history)|everything (?:in|on|under) (?:the |your |their )?(?:home|disk|drive|desktop|mailbox|documents))\b"##,
        ],
    ),
    // Who somebody is.
    sign(
        "persona",
        &[
            r##"\b(?:(?:user|person|human|customer|owner|caller)'s (?:real |full |own |newest |last |latest |private |personal |current |home )*(?:name|e-?mails?|mails?|location|address|employer|phone|files|documents|messages|calendar|contacts|inbox|notes|identity|ip|birth\w*|age|gender|health|salary|job|title|company|photos?)|who the (?:user|person) is|person (?:in front of you|you (?:are )?(?:work|talk|speak)\w*)|(?:identity|location|employer|whereabouts|habits|mood|income) of the (?:user|person))\b"##,
        ],
    ),
    // What the model happens to know.
    sign(
        "memory",
        &[
            r##"\b(?:from (?:your )?(?:memory|context|what you know|the conversation|files)|as far as (?:\w+ ){0,2}(?:known|can)|known to you|you (?:happen to )?know of|you came across|gathered|inferred|come across|you (?:have )?seen)\b"##,
        ],
    ),
    // It goes better so.
    sign(
        "better",
        &[
            r##"\b(?:smooth\w*|faster|quicker|better|more (?:accurate|reliable|reliably|precise|helpful|quickly)|(?:really |greatly |much )?helps?|work(?:s|ed)? best|improv\w+|happy|happier|glad|grateful|appreciated?|reward\w*|bonus|unlocks?|learns?|a good place|welcome|ideal(?:ly)?)\b"##,
        ],
    ),
    // A favour is asked.
    sign(
        "plea",
        &[
            r##"(?:(?:^|[.!?;:,–—-] ?|\b(?:so|and|but|please|perhaps|maybe) )(?:could|would|can|might|will) you|\b(?:be so kind|do (?:me|us) a favou?r|(?:we|i) (?:would|'d|should) (?:like|love|appreciate|ask|be (?:glad|grateful|happy|thankful))|(?:we|i) ask (?:you|that you)|(?:we|i) (?:need|want|beg|trust) you|it(?: would|'d) be (?:great|nice|kind|good|helpful|lovely|wonderful) if you|would be (?:kind|nice) of you|feel free to))\b"##,
        ],
    ),
    // Beside what it is about.
    sign(
        "aside",
        &[
            r##"(?:\b(?:ps|p\.s\.|psst|btw|by the way|side note|one more thing|between (?:you and me|us|ourselves)|dear (?:assistant|ai|model|agent|reader)|(?:hey|hello|hi),? (?:assistant|ai|model|agent)|incidentally|a (?:small|quick|little) (?:favou?r|secret|thing))\b)"##,
        ],
    ),
    // A law.
    sign(
        "law",
        &[
            r##"\b(?:gdpr|hipaa|pci|sox|art(?:\.|icle) ?\d+|§ ?\d|by law|regulations?|iso ?27001|statut\w+|legal(?:ly)?|unlawful|compliance|regulators?|auditors?|court)\b"##,
        ],
    ),
    // Repeated as it was said.
    sign(
        "quoting",
        &[
            r##"\b(?:quotes?|repeats?|recites?|cites?|spells? out|states?|names?|lists?|mentions?|contains?|includes?)\b"##,
        ],
    ),
    // A time, or a number of calls.
    sign(
        "moment",
        &[
            r##"\b(?:(?:on|every|each) (?:mon|tues|wednes|thurs|fri|satur|sun)days?|on weekends?|on (?:public )?holidays|(?:after|before|past|from|between) \d{1,2}(?::\d\d| ?(?:am|pm|h)\b| o'clock)|at (?:night|midnight)|outside (?:of )?(?:office|business|working) hours|(?:second|third|fourth|fifth|tenth|\d+(?:st|nd|rd|th)) (?:call|use|run|invocation|time|request)|(?:after|from) (?:the )?(?:first )?(?:\d+|two|three|five|ten|a few|several) (?:calls|uses|runs|days|invocations|requests)|unattended|(?:the )?(?:next|second|third|last) time|(?:after|in) (?:some|a few|several) (?:days|weeks|hours|calls|uses)|in the (?:next|following) (?:session|conversation)|if the (?:date|day|year|hour|clock)|when the (?:date|word|phrase|clock|year)|(?:the user|somebody|someone|anyone) (?:says|mentions|types) (?:the word|[`'\"])|while the (?:user|person) is (?:away|asleep|idle|busy)|nobody (?:looks|watches)|as of (?:version|\d{4})|spring cleaning)\b"##,
        ],
    ),
    // Beside something else.
    sign(
        "also",
        &[
            r##"\b(?:as well|also|too|in addition|additionally|besides|along with|alongside|on top|at the same time|in passing|meanwhile|at it|in the same (?:go|step))\b"##,
        ],
    ),
    // At once, of itself.
    sign(
        "atonce",
        &[
            r##"\b(?:straight(?: ?away| on| to)?|right away|at once|immediately|directly|automatic(?:ally)?|(?:each|every) (?:time|call|request)|without (?:delay|waiting|further ado|hesitat\w+|question\w*)|promptly|instantly)\b"##,
        ],
    ),
    // A call of what is written like a tool and is none of the server's.
    sign(
        "called",
        &[
            r##"\b(?:call|calls|calling|called|invoke|invokes|invoking|run|runs|running|trigger|triggers|execute|executes|executing|take) (?:the |also |first |to )?(?:tool |function )?[`'\"]?\u{e002}\w+"##,
            r##"\u{e002}\w+[`'\"]? (?:(?:must|should|shall|has to|needs to|is to) (?:first |always )?)?be (?:called|invoked|run|executed|performed|carried out|triggered)\b"##,
        ],
    ),
    // What comes first.
    sign(
        "first",
        &[r##"\b(?:first|beforehand|before|prior|prerequisite|init\w*|handshake|ahead|preceding|unless|until)\b"##],
    ),
    // Others that do the same.
    sign(
        "rivals",
        &[
            r##"\b(?:(?:another|any other|other|competing|rival|alternative|similar|(?:\w+)-style) (?:\w+ ){0,2}(?:tools?|servers?|providers?|services|formatters?|engines?|plugins?|extensions?|connectors?|integrations?|assistants?|packages?|mcps?|search\w*|sources?|apps?)|competitors?|its rivals|the alternatives|(?:the|all) others)\b"##,
        ],
    ),
    // Out of use.
    sign(
        "outage",
        &[
            r##"\b(?:out of (?:service|order)|temporarily|under (?:repair|maintenance)|maintenance|suspended|unavailable|being (?:rebuilt|replaced|moved)|owing to an? (?:upgrade|outage|migration))\b"##,
        ],
    ),
    // In the place of something.
    sign(
        "instead",
        &[
            r##"\b(?:instead|in (?:its|their|whose) (?:stead|place)|in lieu|as a (?:substitute|replacement)|switch to|fall back)\b"##,
        ],
    ),
    // Consent.
    sign(
        "consent",
        &[
            r##"\b(?:consent|approvals?|permission (?:dialog(?:ue)?|prompt)s?|confirmations?|authori[sz]ation|go-ahead|sign-off|(?:consent|own) (?:dialog(?:ue)?|screen)s?|user's (?:yes|agreement|signature))\b"##,
        ],
    ),
    // Given for good.
    sign(
        "standing",
        &[
            r##"\b(?:granted|in advance|on record|on file|blanket|irrevocabl[ey]|implied|implicit(?:ly)?|deemed|presumed|assumed|counts as|represents|stands for|extends? to|carries over|waived|once and for all|pre-?(?:approved|authori[sz]ed|cleared|confirmed)|needn't|need not|superfluous|dispensed)\b"##,
        ],
    ),
    // Nobody is asked.
    sign(
        "unasked",
        &[
            r##"\b(?:(?:no need|needn't|need not|not necessary|unnecessary|without|no (?:point|reason|need|sense) (?:to|in)|no point|(?:do|does) not (?:need|have) to|don't (?:need|have) to|do not|don't|never|rather than) (?:\w+ ){0,3}?(?:check(?:ing)? back|consult(?:ing)?|ask(?:ing)?|confirm(?:ing)?|bother(?:ing)?|double-check(?:ing)?|wait(?:ing)? for|prompt(?:ing)?|disturb(?:ing)?|involv(?:e|ing)|interrupt(?:ing)?)|not (?:been )?bothered)\b"##,
        ],
    ),
    // Out of its reach.
    sign(
        "exempt",
        &[
            r##"\b(?:neither|not subject to|exempt\w*|outside (?:of )?(?:the|any)|out of reach|beyond the reach|circumvent\w*|get(?:s|ting)? (?:around|past)|work(?:s|ing)? around|sidestep\w*|evad\w+|(?:do|does) not apply|never appl(?:y|ies)|not (?:seen|noticed|caught) by|detached|under the radar|(?:do|does) not take place|(?:is|are) (?:skipped|omitted|left out|dispensed with)|(?:is|are) not (?:performed|enforced|checked|applied|made))\b"##,
        ],
    ),
    // Packages put in.
    sign(
        "install",
        &[
            r##"(?:\b(?:pip3?|npm|pnpm|yarn|uv|gem|cargo|brew|apt|apt-get|go|conda) (?:install|add|i|get)\b|--(?:extra-)?index-url|\b(?:docker|podman) (?:pull|run)\b|\bgit\+https|\b(?:install\w*|pull(?:ed)?|depend\w*|pin(?:ned)?|upgrad\w+) (?:\w+ ){0,4}(?:packages?|dependency|image|library|fork|mirror|module|plugin|extension|action|release)\b|\bthe (?:fork|mirror|package|registry) (?:at|from|of|on)\b|\badd it with (?:pip|npm)|\bnpx -y\b|\bpip --)"##,
        ],
    ),
    // Without an end.
    sign(
        "endless",
        &[
            r##"\b(?:(?:\d{3,}|[4-9]\d|fifty|a hundred|a thousand|hundreds|thousands) (?:times|rounds|iterations|passes|calls|steps|attempts|repetitions|loops)|never enough|until (?:the |every |all |its |their )?(?:\w+ )?(?:quota|budget|context|credits?|tokens?|token limit|limit)\b|as many (?:\w+ ){0,2}as|all (?:possible|conceivable) (?:combinations|permutations|variants|tools|inputs)|for ever|ad infinitum|without end|endless\w*|over and over|in parallel with|spawn\w*|stops? changing|no longer changes|runs? out|is exhausted|without a (?:break|pause)|without (?:pausing|stopping)|as often as possible|sub-?agents?|(?:no matter|regardless of) (?:how long|the cost|the time|cost)|indefinitely|largest model|most expensive)\b"##,
        ],
    ),
    // Once more.
    sign(
        "repeat",
        &[
            r##"\b(?:repeat\w*|again|keep (?:calling|going|on)|go on|continue|re-?run\w*|loop\w*|recurs\w+|each (?:term|result|answer|hit|item) of)\b"##,
        ],
    ),
    // Us, who wrote the tool.
    sign(
        "us",
        &[
            r##"\b(?:(?:send|sends|give|gives|report|reports|forward|forwards|shows?|tells?|lets?|helps?|allows?) us|(?:to|with|by|reach(?:es)?) us|we (?:\w+ )?(?:receive|get|collect|keep|store|learn|see|analy[sz]e|train|sell)|our (?:servers?|cloud|team|side|end|backend|database|logs|archive|index|training|models?|records|analysts))\b"##,
        ],
    ),
    // What it is for, of which nobody can tell.
    sign(
        "purpose",
        &[
            r##"\b(?:(?:for|to) (?:\w+ ){0,2}(?:analytics|telemetry|logging|debug\w*|diagnos\w+|personali[sz]\w+|quality|improv\w+|support|audit\w*|tracking|attribution|training|tracing|statistics|billing|fraud\w*|research|calibrat\w+|correlat\w+)|used by support)\b"##,
        ],
    ),
    // It is put modestly.
    sign(
        "modest",
        &[
            r##"\b(?:tends? to|happens? to|(?:doesn't|does not|won't|wouldn't) hurt|no harm|customary|(?:usually|commonly|traditionally|normally|generally) (?:accompanied|goes|comes|begins|starts|added|sent|passed|followed|preceded)|as a rule|rarely object|nobody minds?|part of the deal|good (?:form|manners|habit|style|tone)|polite\w*|it is sensible|might as well|comes? natural\w*|tradition\w*|in the spirit|by convention|goes? without saying|have been happy|were glad)\b"##,
        ],
    ),
    // Others are said to do so.
    sign(
        "proof",
        &[
            r##"\b(?:(?:most|many|experienced|good|careful|leading|seasoned|responsible|wise|other) (?:assistants|agents|models|developers|teams|users|people|professionals) (?:\w+ )?(?:prefer|choose|use|rely|trust|found|find|report|switched|recommend|turn)|(?:assistants|agents|models) (?:which|that|who) |(?:studies|benchmarks|surveys|evaluations|experience|tests) (?:have )?(?:show|shown|found|suggest|indicate)|(?:is|are) (?:widely |generally |commonly )?(?:considered|regarded|known|believed|seen) (?:as|to be)|in about (?:a|one|half|two))\b"##,
        ],
    ),
    // Shown in the answer, and fetched.
    sign(
        "embed",
        &[
            r##"(?:!\[|<img|<iframe|<script|\b(?:image|pixel|iframe|badge|logo|markdown|link|footer|signature|hyperlink|favicon|thumbnail|qr code)s?\b)"##,
        ],
    ),
    // Said to do no harm.
    sign(
        "harmless",
        &[
            r##"\b(?:read-?only|harmless|no side effects|non-?destructive|only (?:looks|reads|inspects)|without changing|changes nothing|safe (?:to|preview|inspection|look))\b"##,
        ],
    ),
    // In passing.
    sign(
        "passing",
        &[
            r##"\b(?:along the way|in passing|as a side effect|side effects?|on the way|in the process|for (?:faster|better|cleaner)|on by default|on the side|while doing so|as it goes|once (?:read|shown|listed|fetched|viewed|returned)|(?:that|which) (?:were|was|are|is|have been) (?:read|shown|listed|fetched|viewed))\b"##,
        ],
    ),
];
