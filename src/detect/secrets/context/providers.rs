//! Providers whose keys have no prefix of their own: only the provider's name beside a value tells what it is.

use std::sync::LazyLock;

use super::operator::{SLOTS, slot};

/// What the characters of a key are taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alphabet {
    /// Hexadecimal digits.
    Hex,
    /// `8-4-4-4-12` hexadecimal digits.
    Uuid,
    /// ASCII letters and digits.
    Alnum,
    /// ASCII letters, digits, `_`, `-` and `=`.
    Word,
    /// The standard base64 alphabet with its padding.
    Base64,
}

impl Alphabet {
    /// Whether all of `value` is of this alphabet.
    pub(super) fn holds(self, value: &str) -> bool {
        match self {
            Self::Hex => value.bytes().all(|b| b.is_ascii_hexdigit()),
            Self::Uuid => {
                super::randomness::is_uuid(value) && value.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
            }
            Self::Alnum => value.bytes().all(|b| b.is_ascii_alphanumeric()),
            Self::Word => value.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-=".contains(&b)),
            Self::Base64 => value.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b)),
        }
    }
}

/// Words by their first three letters, in whatever case: a cheap first look.
#[derive(Debug)]
pub(super) struct FirstLetters(Box<[u64; SLOTS / 64]>);

impl FirstLetters {
    /// Those of `words`.
    pub(super) fn of(words: impl Iterator<Item = &'static str>) -> Self {
        let mut table = Box::new([0; SLOTS / 64]);
        for slot in words.map(|word| slot_of(word.as_bytes())) {
            table[slot / 64] |= 1 << (slot % 64);
        }
        Self(table)
    }

    /// Whether one of the words may be `word`.
    pub(super) fn may_hold(&self, word: &[u8]) -> bool {
        let slot = slot_of(word);
        self.0[slot / 64] >> (slot % 64) & 1 == 1
    }
}

fn slot_of(word: &[u8]) -> usize {
    let letter = |i: usize| word.get(i).copied().unwrap_or_default();
    slot(letter(0), letter(1), letter(2))
}

/// The providers with a shape of their own.
pub(super) fn shaped() -> impl Iterator<Item = &'static str> {
    SHAPES.iter().map(|row| row.0)
}

/// Whether `value` has the shape of a key of `provider` (in lower case).
pub(super) fn fits(provider: &str, value: &str) -> bool {
    static SHAPED: LazyLock<FirstLetters> = LazyLock::new(|| FirstLetters::of(shaped()));
    if !SHAPED.may_hold(provider.as_bytes()) {
        return false;
    }
    let first = SHAPES.partition_point(|row| row.0 < provider);
    SHAPES[first..]
        .iter()
        .take_while(|row| row.0 == provider)
        .any(|&(_, alphabet, least, most)| (least..=most).contains(&value.len()) && alphabet.holds(value))
}

/// Provider, alphabet, least and most length of keys that are told by the provider's name alone; sorted.
const SHAPES: &[(&str, Alphabet, usize, usize)] = &[
    ("abuseipdb", Alphabet::Hex, 80, 80),
    ("adafruit", Alphabet::Word, 32, 32),
    ("ai21", Alphabet::Alnum, 32, 32),
    ("airtable", Alphabet::Alnum, 17, 17),
    ("algolia", Alphabet::Alnum, 32, 32),
    ("alibaba", Alphabet::Alnum, 30, 30),
    ("aliyun", Alphabet::Alnum, 30, 30),
    ("artifactory", Alphabet::Alnum, 64, 73),
    ("asana", Alphabet::Alnum, 30, 40),
    ("auth0", Alphabet::Word, 64, 128),
    ("beamer", Alphabet::Word, 46, 46),
    ("bitbucket", Alphabet::Word, 44, 64),
    ("bitfinex", Alphabet::Alnum, 43, 43),
    ("bitly", Alphabet::Hex, 40, 40),
    ("bitrise", Alphabet::Word, 60, 120),
    ("browserstack", Alphabet::Alnum, 20, 20),
    ("civo", Alphabet::Alnum, 50, 50),
    ("cloudflare", Alphabet::Word, 37, 42),
    ("codecov", Alphabet::Uuid, 36, 36),
    ("cohere", Alphabet::Alnum, 40, 40),
    ("coinbase", Alphabet::Word, 64, 64),
    ("confluent", Alphabet::Alnum, 16, 64),
    ("contentful", Alphabet::Word, 43, 45),
    ("databox", Alphabet::Alnum, 18, 20),
    ("datadog", Alphabet::Hex, 32, 40),
    ("deepgram", Alphabet::Hex, 40, 40),
    ("discord", Alphabet::Word, 32, 72),
    ("dropbox", Alphabet::Word, 64, 64),
    ("enigma", Alphabet::Alnum, 40, 40),
    ("etsy", Alphabet::Alnum, 24, 24),
    ("eventbrite", Alphabet::Alnum, 20, 20),
    ("exa", Alphabet::Uuid, 36, 36),
    ("fastforex", Alphabet::Alnum, 24, 32),
    ("fastly", Alphabet::Word, 32, 32),
    ("feedier", Alphabet::Alnum, 32, 32),
    ("finnhub", Alphabet::Alnum, 20, 20),
    ("gitter", Alphabet::Word, 38, 40),
    ("glassnode", Alphabet::Alnum, 27, 27),
    ("gumroad", Alphabet::Alnum, 43, 64),
    ("helpscout", Alphabet::Alnum, 24, 64),
    ("heroku", Alphabet::Uuid, 36, 36),
    ("hetzner", Alphabet::Alnum, 64, 64),
    ("honeycomb", Alphabet::Alnum, 22, 32),
    ("hubspot", Alphabet::Uuid, 36, 36),
    ("infura", Alphabet::Hex, 32, 32),
    ("intercom", Alphabet::Base64, 59, 60),
    ("jfrog", Alphabet::Alnum, 64, 73),
    ("jumpcloud", Alphabet::Alnum, 40, 40),
    ("kraken", Alphabet::Base64, 80, 90),
    ("kucoin", Alphabet::Hex, 24, 24),
    ("launchdarkly", Alphabet::Word, 40, 40),
    ("lighton", Alphabet::Word, 40, 80),
    ("linode", Alphabet::Hex, 64, 64),
    ("lokalise", Alphabet::Alnum, 40, 40),
    ("looker", Alphabet::Alnum, 20, 24),
    ("mailgun", Alphabet::Hex, 32, 32),
    ("mailjet", Alphabet::Alnum, 32, 87),
    ("mailsac", Alphabet::Word, 40, 48),
    ("mattermost", Alphabet::Alnum, 26, 26),
    ("messagebird", Alphabet::Alnum, 25, 25),
    ("mistral", Alphabet::Alnum, 32, 32),
    ("mistralai", Alphabet::Alnum, 32, 32),
    ("mixpanel", Alphabet::Hex, 32, 32),
    ("netlify", Alphabet::Word, 40, 46),
    ("newyorktimes", Alphabet::Alnum, 32, 32),
    ("nytimes", Alphabet::Alnum, 32, 32),
    ("okta", Alphabet::Word, 42, 42),
    ("openweather", Alphabet::Alnum, 32, 32),
    ("packagecloud", Alphabet::Hex, 48, 48),
    ("pagerduty", Alphabet::Word, 20, 20),
    ("pandadoc", Alphabet::Alnum, 40, 40),
    ("parseur", Alphabet::Hex, 40, 40),
    ("pinata", Alphabet::Hex, 64, 64),
    ("pinecone", Alphabet::Uuid, 36, 36),
    ("plivo", Alphabet::Word, 40, 40),
    ("postmark", Alphabet::Uuid, 36, 36),
    ("railway", Alphabet::Uuid, 36, 36),
    ("rapidapi", Alphabet::Word, 50, 50),
    ("rawg", Alphabet::Hex, 32, 32),
    ("razorpay", Alphabet::Alnum, 24, 24),
    ("scaleway", Alphabet::Uuid, 36, 36),
    ("sentry", Alphabet::Hex, 64, 64),
    ("shortcut", Alphabet::Uuid, 36, 36),
    ("snyk", Alphabet::Uuid, 36, 36),
    ("sonarcloud", Alphabet::Hex, 40, 40),
    ("splunk", Alphabet::Uuid, 36, 36),
    ("squarespace", Alphabet::Uuid, 36, 36),
    ("statuspage", Alphabet::Hex, 64, 64),
    ("sumologic", Alphabet::Alnum, 62, 64),
    ("todoist", Alphabet::Hex, 40, 40),
    ("travis", Alphabet::Alnum, 22, 22),
    ("travisci", Alphabet::Alnum, 22, 22),
    ("trello", Alphabet::Alnum, 32, 64),
    ("twilio", Alphabet::Hex, 32, 32),
    ("twitch", Alphabet::Alnum, 30, 30),
    ("twitter", Alphabet::Alnum, 25, 50),
    ("unkey", Alphabet::Alnum, 20, 48),
    ("unsplash", Alphabet::Word, 43, 43),
    ("vercel", Alphabet::Alnum, 24, 24),
    ("vonage", Alphabet::Alnum, 16, 16),
    ("vultr", Alphabet::Alnum, 36, 36),
    ("wandb", Alphabet::Hex, 40, 40),
    ("weatherstack", Alphabet::Alnum, 32, 32),
    ("yelp", Alphabet::Word, 128, 128),
    ("zendesk", Alphabet::Alnum, 40, 40),
    ("zerotier", Alphabet::Alnum, 32, 32),
    ("zipcodebase", Alphabet::Uuid, 36, 36),
    ("zonka", Alphabet::Alnum, 36, 36),
];

/// Providers whose name before `key` or `access` makes it a key of theirs; sorted.
#[rustfmt::skip]
pub(super) const NAMES: &[&str] = &[
    "1password", "ably", "abstractapi", "abuseipdb", "adafruit", "adobe", "adyen", "agora", "ai21", "ai71", "aikido",
    "airbnb", "airbrake", "airship", "airtable", "aiven", "akamai", "alchemy", "algolia", "alibaba", "alienvault",
    "alphavantage", "amadeus", "amazonmws", "amplify", "amplitude", "ansible", "anthropic", "anypoint", "apideck",
    "apiflash", "apifonica", "apify", "apilayer", "apitemplate", "apollo", "appcenter", "appcues", "appfollow",
    "appointedd", "appsflyer", "apptivo", "appveyor", "appwrite", "arcjet", "artifactory", "asaas", "asana",
    "assemblyai", "atera", "atlassian", "auddio", "auth0", "authress", "aviationstack", "aws", "axiom", "ayrshare",
    "azure", "azurecommunication", "azuresearch", "azuresql", "bamboo", "bannerbear", "baremetrics", "basecamp",
    "baseten", "beamer", "beebole", "besnappy", "besttime", "betterstack", "bigcommerce", "billomat", "binance",
    "bitbucket", "bitfinex", "bitly", "bitmex", "bitrise", "bittrex", "bitwarden", "blitapp", "blocknative",
    "bluejeans", "blynk", "bombbomb", "boostnote", "box", "braintree", "branchio", "brave", "browserbase",
    "browserstack", "browseruse", "browshot", "bscscan", "bugsnag", "builderio", "buildkite", "bulksms", "bunnynet",
    "buttercms", "calcom", "calendly", "calorieninja", "campayn", "canadian", "canva", "cartesia", "carto", "caspio",
    "centralstationcrm", "cerebras", "cexio", "cfxre", "chartmogul", "chatfuel", "checklyhq", "checkmarx", "checkout",
    "checkoutcom", "cicero", "circleci", "civo", "clarifai", "claude", "clay", "clearbit", "clearout", "clerk",
    "clickhelp", "clickhouse", "clickhousecloud", "clickup", "clientary", "clinchpad", "clockify", "clockwork",
    "clojars", "closecrm", "cloudant", "cloudconvert", "cloudelements", "cloudflare", "cloudimage", "cloudinary",
    "cloudmersive", "cloudplan", "cloudsight", "cloudsmith", "cloverly", "cloze", "clustdoc", "cockroachdbcloud",
    "coda", "codacy", "codeclimate", "codecov", "codefresh", "codemagic", "codequiry", "coderabbit", "codeship",
    "cognition", "cohere", "coinapi", "coinbase", "coingecko", "coinlayer", "coinlib", "coinmarketcap", "column",
    "companyhub", "composio", "configcat", "confluence", "confluent", "consul", "contentful", "contentstack",
    "convertapi", "convertkit", "convex", "copper", "couchbase", "countrylayer", "courier", "coveralls", "coze",
    "craftmypdf", "crossmint", "crowdin", "crowdstrike", "currencycloud", "currencyfreaks", "currencylayer",
    "currencyscoop", "currentsapi", "customerguru", "customerio", "cypress", "d7network", "dailyco", "dandelion",
    "dareboost", "databento", "databox", "databricks", "datadog", "datagov", "datastax", "db2", "dbt", "debounce",
    "deepl", "deepseek", "definednetworking", "delighted", "deno", "denodeploy", "denopatorg", "detectify",
    "detectlanguage", "devcycle", "deviantart", "devin", "dfuse", "diffbot", "dify", "diggernaut", "digitalocean",
    "discord", "disqus", "ditto", "django", "docker", "dockerhub", "documo", "doppler", "dotdigital", "dovico",
    "dronahq", "dropbox", "drupal", "dryrunsecurity", "dtrack", "dub", "duffel", "duo", "duplocloud", "dwolla",
    "dynadot", "dynatrace", "e2b", "eagleeyenetworks", "easyinsight", "easypost", "ebay", "edamam", "edenai",
    "eightxeight", "elastic", "elasticsearch", "elevenlabs", "enablex", "endorlabs", "enigma", "equinix", "etherscan",
    "ethplorer", "etsy", "eventbrite", "everhour", "exa", "exchangerate", "exchangerates", "exoscale", "facebook",
    "faceplusplus", "fal", "falai", "fastforex", "fastly", "fauna", "fernet", "fetchrss", "figma", "fileio",
    "filezilla", "finage", "finicity", "finnhub", "firebase", "firecrawl", "fireworks", "fireworksai", "fivetran",
    "fixer", "flagsmith", "flatio", "fleetbase", "flickr", "flightapi", "flightlabs", "flightstats", "float",
    "flowflu", "flutterwave", "fly", "flyio", "fmfw", "forestadmin", "formbucket", "formcraft", "formio", "formsite",
    "foursquare", "freemius", "freshbooks", "freshdesk", "friendli", "fulcrum", "fullstory", "fusebill", "fxmarket",
    "gamma", "gcp", "geckoboard", "gemfury", "gemini", "gemstash", "gengo", "geoapify", "geocode", "geocodify",
    "geocodio", "geoipifi", "getemails", "getgeoapi", "getgist", "getresponse", "github", "gitlab", "gitter",
    "glassnode", "globalgiving", "gocardless", "godaddy", "goodday", "google", "gradle", "grafana", "graphcms",
    "graphhopper", "greptile", "grok", "groovehq", "groq", "gtmetrix", "guardsquare", "gumroad", "gyazo", "hackclub",
    "happyscribe", "harness", "hashicorp", "hcaptcha", "heartland", "hellosign", "helpcrunch", "helpscout", "hereapi",
    "heroku", "hetzner", "hex", "hexpm", "highnote", "hive", "hiveage", "holistic", "honeybadger", "honeycomb",
    "huawei", "hubspot", "huggingface", "humanity", "hunter", "hybiscus", "ibm", "iconfinder", "iexcloud", "imagekit",
    "imagga", "imgix", "impala", "infisical", "influxdb", "infomaniak", "infracost", "infura", "inmobi", "inngest",
    "insightly", "instagram", "instantly", "integromat", "intercom", "interseller", "intra42", "intrinio",
    "invoiceocean", "ionic", "ipapi", "ipgeolocation", "ipify", "ipinfo", "ipinfodb", "ipquality", "ipstack",
    "iterable", "iterative", "jenkins", "jfrog", "jina", "jinaai", "jira", "jotform", "jumpcloud", "jupiterone",
    "juro", "kafka", "kagi", "kairos", "kakao", "kanban", "karma", "karmacrm", "keenio", "keycdn", "kickbox", "kimi",
    "klaviyo", "klingai", "klipfolio", "knapsackpro", "kontent", "kraken", "krb5", "kucoin", "kylas", "labelbox",
    "lacework", "langchain", "langfuse", "languagelayer", "laravel", "lark", "lastfm", "launchdarkly", "leadfeeder",
    "lemonsqueezy", "lendflow", "lessannoyingcrm", "lexigram", "lichess", "lighton", "linear", "linemsg",
    "linenotify", "linkedin", "linkpreview", "linode", "liveagent", "liveblocks", "livekit", "livestorm",
    "llamaindex", "loadmill", "lob", "localstack", "locationiq", "logdna", "loggly", "loginradius", "logz", "logzio",
    "lokalise", "looker", "loyverse", "lunchmoney", "luno", "macaddress", "madkudu", "magento", "mailboxlayer",
    "mailchimp", "mailerlite", "mailersend", "mailgun", "mailjet", "mailmodo", "mailsac", "mandrill", "mapbox",
    "mappedin", "mapquest", "marketstack", "mastra", "mattermost", "mavenlink", "maxmind", "mediastack",
    "meilisearch", "meistertask", "mem0", "mercadopago", "mercury", "mergify", "mesibo", "messagebird", "messari",
    "metaapi", "metabase", "metrilo", "microsoft", "midtrans", "mindmeister", "minimax", "mintlify", "miro",
    "mistral", "mixmax", "mixpanel", "mockaroo", "modal", "monday", "mondaycom", "moneywave", "mongodb",
    "mongodbatlas", "monkeylearn", "moonclerk", "moosend", "moralis", "mrticktock", "msteams", "myfreshworks",
    "myintervals", "mysql", "nasdaq", "neo4j", "neon", "netcore", "nethunt", "netlify", "netrc", "newrelic",
    "newsapi", "newscatcher", "nexmo", "nftport", "ngrok", "nicereply", "nightfall", "nimble", "nomad", "noticeable",
    "notion", "nozbe", "npm", "nubela", "nuget", "numverify", "nutritionix", "nvidia", "nxcloud", "nylas", "nytimes",
    "oanda", "octopus", "octopusdeploy", "okta", "ollama", "omnisend", "onedesk", "onelogin", "onepagecrm",
    "onesignal", "onfido", "onwater", "oopspam", "openai", "opencage", "opengraphr", "openrouter", "openshift",
    "openuv", "openvsx", "openweather", "openweathermap", "opsgenie", "optidash", "optimizely", "oracle", "ory",
    "overloop", "ovh", "ovhcloud", "owlbot", "packagecloud", "packagist", "paddle", "pagerduty", "pandadoc",
    "pandascore", "pangea", "papertrail", "paralleldots", "parsehub", "parseur", "partnerstack", "passbase",
    "pastebin", "paydirt", "paymo", "paymongo", "paypal", "paystack", "pdflayer", "pdfshift", "peopledatalabs",
    "pepipost", "permitio", "perplexity", "phantombuster", "phpmailer", "pinata", "pinecone", "pingdom",
    "pingidentity", "pinterest", "pipedream", "pipedrive", "pirsch", "pivotaltracker", "pixabay", "plaid",
    "planetscale", "plivo", "podio", "polar", "pollinations", "pollsapi", "poloniex", "polygon", "polymarket",
    "portainer", "positionstack", "postageapp", "postbacks", "postgres", "posthog", "postman", "postmark", "powrbot",
    "prefect", "prismic", "privacy", "privateai", "prodpad", "prospectcrm", "prospectio", "protocolsio", "proxycrawl",
    "psexec", "pubnub", "pulumi", "pushbullet", "pusher", "pypi", "qdrant", "quaderno", "qualaroo", "qualys",
    "qubole", "quickbooks", "quickmetrics", "rabbitmq", "rails", "railway", "rainforest", "rainforestpay", "ramp",
    "rapid7", "rapidapi", "rapyd", "raven", "rawg", "razorpay", "reachmail", "reactapp", "readme", "rebrandly",
    "recaptcha", "redhat", "redirect", "redis", "refiner", "render", "replicate", "requestfinance", "restpack",
    "retell", "retellai", "revampcrm", "ringcentral", "riot", "riotgames", "ritekit", "roaring", "robinhood",
    "rocketreach", "rollbar", "roninapp", "rootly", "rosette", "rownd", "rubygems", "runpod", "runrunit", "runway",
    "saladcloud", "salescookie", "salesflare", "salesforce", "salesloft", "salesmate", "saltstack", "samsara",
    "sanity", "satismeter", "sauce", "saucelabs", "scaleway", "scalingo", "scalr", "scrapeowl", "scraperapi",
    "scraperbox", "scrapersite", "scrapestack", "scrapfly", "scrapingant", "scrapingbee", "screenshotapi",
    "screenshotlayer", "scw", "seam", "securitytrails", "selectpdf", "sellfy", "semaphore", "semgrep", "sendbird",
    "sendgrid", "sendinblue", "sentry", "serphouse", "serpstack", "settlemint", "sheety", "sherpadesk", "shipday",
    "shippo", "shodan", "shopify", "shortcut", "shotstack", "shutterstock", "sidekiq", "siftscience", "signable",
    "signaturit", "signifyd", "signupgenius", "sigopt", "simfin", "simplesat", "simplynoted", "simvoly", "sinch",
    "sirv", "siteleaf", "skrapp", "skybiometry", "slack", "smartsheet", "smartsheets", "smartystreets", "smooch",
    "snipcart", "snowflake", "snyk", "socialbakers", "softlayer", "sonar", "sonarcloud", "sonarqube", "sonatype",
    "sourcegraph", "splunk", "spoonacular", "sportsmonk", "spotify", "sqreen", "squarespace", "squareup", "sslmate",
    "stabilityai", "stackhawk", "statsig", "statuscake", "statuspage", "steam", "stitchdata", "stockdata",
    "storecove", "storemapper", "stormboard", "stormglass", "storyblok", "strapi", "strava", "stripe", "stripo",
    "stytch", "sugester", "sumo", "sumologic", "supabase", "surveyanyplace", "surveybot", "surveysparrow",
    "survicate", "svix", "swiftype", "tableau", "tailscale", "tallyfy", "tatum", "tavily", "taxjar", "teamcity",
    "teamgate", "teamworkcrm", "teamworkdesk", "teamworkspaces", "telegram", "telesign", "teletype", "telnyx",
    "temporal", "tenable", "tencent", "terraform", "testingfarm", "testkube", "text2data", "textmagic", "theoddsapi",
    "thinkific", "thunderstore", "ticketmaster", "tickettailor", "tigris", "tiingo", "timecamp", "timezoneapi",
    "tinybird", "tmdb", "todoist", "togetherai", "toggl", "tokeet", "tolgee", "tomorrowio", "tomtom", "tradier",
    "transferwise", "travelpayouts", "travis", "travisci", "trello", "trendmicro", "triggerdev", "truenas", "turso",
    "twilio", "twitch", "twitter", "tyntec", "typeform", "typesense", "typetalk", "uber", "ubidots", "uclassify",
    "unifyid", "unkey", "unleash", "unplugg", "unsplash", "upcdatabase", "upcloud", "uplead", "uploadcare", "upstage",
    "upstash", "uptimerobot", "upwave", "urlscan", "userflow", "userstack", "vatlayer", "vault", "vbout", "veracode",
    "vercel", "verimail", "veriphone", "versioneye", "victorops", "viewneo", "virustotal", "visualcrossing",
    "vkontakte", "vmware", "voiceflow", "voicegain", "volcengine", "voluum", "vonage", "vouchery", "voyageai",
    "vpnapi", "vultr", "wakatime", "walkscore", "wandb", "warpstream", "weatherbit", "weatherstack", "weaviate",
    "web3storage", "webex", "webflow", "webscraper", "webscraping", "wechat", "weights", "weightsbiases", "wepay",
    "whoxy", "wireguard", "wistia", "woo", "woocommerce", "wordpress", "workato", "worksnaps", "workstack",
    "worldcoinindex", "worldweather", "wrike", "wundergraph", "xai", "xata", "xendit", "xero", "xtwitter", "yahoo",
    "yandex", "yelp", "yesmail", "ynab", "youneedabudget", "youtube", "zai", "zapier", "zendesk", "zenrows",
    "zenserp", "zeplin", "zerobounce", "zerotier", "zipapi", "zipbooks", "zipcodeapi", "zipcodebase", "zoho", "zonka",
    "zonkafeedback", "zoom", "zulipchat", "zuplo",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(NAMES.is_sorted_by(|a, b| a < b));
        assert!(SHAPES.is_sorted_by(|a, b| a.0 <= b.0));
    }

    #[test]
    fn a_shape_is_alphabet_and_length() {
        assert!(fits("mistral", "abcdefghij1234567890ABCDEFGHIJ12"));
        assert!(!fits("mistral", "abcdefghij1234567890ABCDEFGHIJ1"));
        assert!(!fits("heroku", "c55dbac4-e0e8-4a06-b892-75cac2387ceg"));
        assert!(!fits("nobody", "abcdefghij1234567890ABCDEFGHIJ12"));
    }
}
