//! The words that names are made of, in lower case: what each says of the value beside the name.

/// Words that name a password, alone or as the last part of a word written together (`dbpassword`).
#[rustfmt::skip]
pub(super) const PASSWORDS: &[&str] = &[
    "password", "passwd", "pwd", "pass", "passphrase", "passcode", "passwords", "passw0rd", "pswd", "psw", "pw",
    "userpass", "dbpass", "mypass", "passwort", "kennwort", "contrasena", "contrasenia", "senha", "wachtwoord",
    "motdepasse", "mdp", "haslo", "heslo", "parola", "parool", "losenord", "adgangskode", "keypass", "storepass",
    "sshpass", "rootpw", "bindpw", "passe", "salasana", "passord", "jelszo", "contrasenya", "srcstorepass", "deststorepass", "srckeypass",
    "destkeypass", "geslo", "lozinka", "zaporka",
];

/// Words that name a password in other scripts, or with letters of others.
pub(super) const FOREIGN_PASSWORDS: &[&str] = &[
    "пароль",
    "密码",
    "密碼",
    "口令",
    "パスワード",
    "비밀번호",
    "암호",
    "contraseña",
    "hasło",
    "şifre",
    "lösenord",
    "סיסמה",
    "κωδικός",
    "πρόσβασης",
    "रहस्यशब्द",
    "पासवर्ड",
    "المرور",
    "السر",
    "عبور",
    "รหัสผ่าน",
    "khẩu",
    "jelszó",
    "parolă",
    "лозинка",
    "парола",
    "şifrə",
    "salasõna",
];

/// Words that name a secret a person may have chosen.
#[rustfmt::skip]
pub(super) const SECRETS: &[&str] = &[
    "secret", "secrets", "secretkey", "clientsecret", "appsecret", "apisecret", "credential", "credentials", "creds",
    "privatekey", "signingkey", "encryptionkey", "masterkey", "secrete", "secretaccesskey", "mnemonic", "seedphrase",
    "webhooksecret", "sharedsecret", "keybase", "secretkeybase", "masterauth", "wif",
];

/// Words that name a token or an API key.
#[rustfmt::skip]
pub(super) const TOKENS: &[&str] = &[
    "token", "apikey", "accesskey", "authtoken", "accesstoken", "refreshtoken", "authkey", "apitoken", "bearer",
    "jwt", "idtoken", "sessiontoken", "usertoken", "accountkey", "sharedaccesskey", "consumerkey", "appkey",
    "presharedkey", "licensekey", "instrumentationkey", "subscriptionkey", "servicekey", "deploykey", "psk", "otp",
    "xapikey", "tkn", "skey", "ikey", "samlresponse",
];

/// Words that may name a secret or something ordinary.
pub(super) const FAINT: &[&str] = &[
    "key",
    "auth",
    "authentication",
    "authenticator",
    "salt",
    "pat",
    "access",
    "private",
    "login",
    "sig",
    "oauth",
];

/// Words before `key` that make it a secret …
#[rustfmt::skip]
pub(super) const SECRET_KEYS: &[&str] = &[
    "secret", "private", "signing", "encryption", "encrypt", "crypto", "master", "hmac", "aes", "priv", "jwt",
    "cipher",
];

/// … and those that make it a token.
#[rustfmt::skip]
pub(super) const TOKEN_KEYS: &[&str] = &[
    "api", "access", "auth", "account", "shared", "service", "license", "client", "app", "application", "consumer",
    "storage", "subscription", "preshared", "unseal", "session", "security", "admin", "root", "write", "read",
    "ingest", "ingestion", "deploy", "sdk", "server", "integration", "recovery", "user", "developer", "dev", "prod",
    "live", "test", "management", "mgmt", "rest", "nonce", "token", "logged", "webhook", "sending", "tracking",
    "upload", "global", "authentication", "authorization", "activation", "registration", "licence",
];

/// Words that end a name which is *about* a secret and holds none: `secret_name`, `password_policy`, `token_count`.
#[rustfmt::skip]
pub(super) const ABOUT: &[&str] = &[
    "id", "ids", "name", "names", "url", "urls", "uri", "path", "paths", "file", "files", "filename", "dir", "type",
    "types", "count", "counts", "length", "len", "size", "limit", "limits", "expires", "expiry", "expiration",
    "expire", "exp", "ttl", "lifetime", "age", "at", "date", "time", "timestamp", "policy", "policies", "field",
    "fields", "label", "hint", "prompt", "reset", "regex", "regexp", "pattern", "format", "algorithm", "alg",
    "version", "status", "state", "enabled", "disabled", "required", "valid", "invalid", "usage", "used", "index",
    "idx", "column", "header", "headers", "param", "params", "parameter", "parameters", "endpoint", "address", "addr",
    "host", "port", "username", "email", "manager", "provider", "providers", "store", "class", "factory", "handler",
    "helper", "generator", "validator", "encoder", "strength", "placeholder", "input", "form", "page", "button",
    "link", "message", "error", "errors", "description", "title", "prefix", "suffix", "arn", "ref", "refs", "scope",
    "scopes", "role", "roles", "group", "groups", "list", "table", "model", "kind", "mode", "method", "func",
    "function", "callback", "source", "env", "var", "variable", "hash", "hashed", "digest", "checksum", "sha", "sha1",
    "sha256", "sha512", "md5", "fingerprint", "thumbprint", "integrity", "tokenizer", "vault", "backend", "engine",
    "exists", "set", "rotation", "rule", "rules", "change", "changed", "updated", "created", "bytes", "bits", "space",
    "strategy", "option", "options", "config", "settings", "schema", "property", "properties", "selector", "words",
    "word", "hashes", "issuer", "audience", "pair", "pairs", "press", "pressed", "code", "codes", "down", "up",
    "board", "frame", "frames", "stroke", "binding", "map", "flow", "grant", "uuid", "guid", "owner", "permission",
    "permissions", "level", "flag", "flags", "only", "alias", "algo", "pem", "der", "request", "requests", "response",
    "result", "results", "tokens", "budget", "cost", "price",
];

/// Words that make a name harmless wherever they stand in it: `nextPageToken`, `publicKey`, `cacheKey`, `csrf`.
#[rustfmt::skip]
pub(super) const HARMLESS: &[&str] = &[
    "public", "pub", "next", "prev", "previous", "paging", "pagination", "continuation", "continue", "cursor", "sync",
    "resume", "cache", "primary", "foreign", "partition", "sort", "row", "column", "translation", "i18n", "locale",
    "object", "idempotency", "dedup", "dedupe", "hotkey", "shortcut", "keyboard", "eos", "bos", "unk", "lexer",
    "parser", "syntax", "site", "publishable", "issue", "project", "max", "min", "num", "total", "prompt",
    "completion", "forgot", "reset", "pagetoken", "nextpagetoken", "nexttoken", "publickey", "cachekey", "sortkey",
    "primarykey", "dict", "group", "index", "hash", "etag", "bucket", "schema", "feature", "metric", "config",
    "query", "lookup", "tag", "label", "unique", "message", "event", "routing", "trans", "text", "i18nkey", "license",
    "spdx", "non", "not", "fake", "dummy", "bogus", "page", "lock", "change", "request", "task", "delta", "file",
    "sec",
];

/// Words after the telling one that say nothing against it.
#[rustfmt::skip]
pub(super) const DECORATION: &[&str] = &[
    "value", "val", "prod", "dev", "test", "staging", "stage", "live", "hex", "base64", "b64", "plain", "cleartext",
    "old", "new", "current", "confirmation", "confirm", "again", "repeat", "default", "here", "string", "str",
    "super", "secure", "base", "primary", "secondary", "main", "local", "a", "b",
];

/// Words that may stand between a provider's name and the telling word.
#[rustfmt::skip]
pub(super) const FILLERS: &[&str] = &[
    "key", "token", "api", "access", "private", "secret", "client", "user", "app", "record", "web", "auth", "rest",
    "dev",
];

/// The tables of words that a telling name may end with.
pub(super) const LAST_WORDS: &[&[&str]] = &[
    PASSWORDS,
    SECRETS,
    TOKENS,
    FAINT,
    DECORATION,
    &[
        "authorization",
        "cookie",
        "cookies",
        "signature",
        "_id",
        "api",
        "kind",
        "commit",
        "contraseña",
        "hasło",
        "şifre",
        "salasõna",
        "lösenord",
        "keys",
        "default",
    ],
    super::held::HOLDERS,
    super::held::TYPES,
];
