//! Formats that are nobody's in particular.

use super::{Rule, rule};

pub(super) const RULES: &[Rule] = &[
    rule("jwt", "generic", "JSON Web Token", "JWT_TOKEN")
        .prefix(&["ey", "ewo"], r"[A-Za-z0-9_=-]{12,}\.ey[\w/\\=-]{14,}(?:\.[\w/\\+-]*={0,2})?")
        .example("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkphbmUifQ.aaeZR1uhNaPSM9KOIQTSVLNF3bTOs9bDQGPJ9cpTOM6"),
    rule("jwe", "generic", "encrypted JSON Web Token", "JWT_TOKEN")
        .prefix(&["eyJ"], r"[\w-]{10,}\.[\w-]*\.[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}")
        .example("eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.0Ey6gK6WHBll6kiuWw075B2T48QpFWu8g4g9vjoh80ZrfvBUrFjtoMChYM6NwLBhkvzTb3mOwcmQVsbo.Ubc1q3W3OEIPxxsa.TXIc41m5D6Wvan9WbgkdDftbJuiwnVLiqqkroVG8Xi0hqgnm3LoALQfsQU3C.Rg4KjTLGN3IydvhznzhHbr"),
    rule("jwt-base64", "generic", "JSON Web Token, base64-encoded", "JWT_TOKEN")
        .prefix(&["ZXlK"], "[A-Za-z0-9+/]{80,}={0,2}")
        .score(0.8)
        .example("ZXlKUwauIcNwO3ic6YCtGEG2MdfrrpgyUmbSX6xP6dRnl5VBqxHcA399tD9qBDEO4DgGHtP6PKo5BqYevTzys9VUk2GJ"),
    rule("paseto", "generic", "PASETO", "PASETO_TOKEN")
        .prefix(&["v1.local.", "v2.local.", "v3.local.", "v4.local.", "v1.public.", "v2.public.", "v3.public.", "v4.public."], r"[\w-]{40,}(?:\.[\w-]+)?")
        .example("v1.local.KjVoJZgqaZ7hFOlY08nFlANn8iuSHyWmVboBaHK2XQNZHZuZ"),
    rule("pkcs12", "generic", "PKCS#12 bundle, base64-encoded", "PKCS12")
        .prefix(&["MII", "MIJ", "MIK", "MIL"], "[A-Za-z0-9+/]{2,3}[AQgw]IBAzCC[A-Za-z0-9+/]{20,}={0,2}")
        .example("MIIKtwIBAzCCQvUKIirxjonXADdBGkgxDiCkn1mZYMgh2co0XVFWb4us5pQSGr50YJhfhAqm89tSGG73Pzu7tFmhoENhUl95cwcw4NrSlgMWNGFefMZdTw3DEMA5v4KNQLtnWlqJU10n6MMSDVGwRWRlUzr2mb4cYDnTYwYaRExkjQa7O85dIlFwetMXtxTDTqnvTIdaYijigdqm4n90"),
    rule("xprv", "generic", "BIP-32 extended private key", "EXTENDED_PRIVATE_KEY")
        .prefix(&["xprv", "yprv", "zprv", "tprv", "uprv", "vprv"], "[1-9A-HJ-NP-Za-km-z]{100,112}")
        .example("xprvxDGWsR7JhG9ir3PXX5vtAx3NAAEa938pY8fAo4PYvZe2sfqjnyFeeJ6EKqtNPPi5UATCdYYnEhhbPZDostHoXHECV7MKr2Mf3RKUV6EF"),
    rule("laravel", "Laravel", "application key", "LARAVEL_KEY")
        .prefix(&["base64:"], "[A-Za-z0-9+/]{43}=")
        .example("base64:3qQwm46xtZkG3kky7ArziWIqQXDf3dwcSza20r7eGMb="),
    rule("nostr", "generic", "Nostr private key", "NOSTR_PRIVATE_KEY")
        .prefix(&["nsec1"], "[02-9ac-hj-np-z]{58}")
        .example("nsec1yg8r8jnv3cmq4x4havveaj04647uv33s002zp3l4aj3cck24sjgalghwk8"),
    rule("crypt-hash", "generic", "crypt password hash (MD5, SHA-2, scrypt, yescrypt, Apache)", "PASSWORD_HASH")
        .prefix(&["1$", "5$", "6$", "7$", "8$", "9$", "y$", "gy$", "apr1$", "sha1$", "md5$"], r"(?:rounds=[0-9]+\$)?(?:[./A-Za-z0-9]{1,20}\$)?[./A-Za-z0-9]{0,64}\$[./A-Za-z0-9]{22,86}")
        .example("6$rounds=5000$fdjsO2u141OIrMMn$wPuo7mPjdd0yQzwl81YycDuOUmY0Kmx1mWmQ78Ud843MYI0nUnhmcrdFiJBYJafPAh21YTwDipxJ3shv5oiFVE"),
    rule("bcrypt-hash", "generic", "bcrypt password hash", "PASSWORD_HASH")
        .prefix(&["2a$", "2b$", "2x$", "2y$"], r"[0-9]{2}\$[./A-Za-z0-9]{53}")
        .example("2a$07$OlWAnX3uylodW2xWoTJ4JkGwUjDDqZRN0ESqQlGOlilACmKM3BUbU"),
    rule("argon2-hash", "generic", "Argon2, scrypt or PBKDF2 password hash", "PASSWORD_HASH")
        .prefix(&["argon2id$", "argon2i$", "argon2d$", "scrypt$", "pbkdf2-sha1$", "pbkdf2-sha256$", "pbkdf2-sha512$", "pbkdf2_sha256$"], "[A-Za-z0-9=,.+/$-]{30,400}")
        .example("argon2id$v=19$m=65536,t=3,p=4$kwQoGRYTW5T6hshgLKmoN5$QgYhQS4az0kZ2OaBLUneHBTtMNKdeHwdlQmfda0x4mG"),
    rule("kerberos-hash", "generic", "Kerberos ticket hash", "PASSWORD_HASH")
        .prefix(&["krb5asrep$", "krb5tgs$", "krb5pa$"], r"[0-9]{1,2}\$[!-~]{32,4000}")
        .example("krb5asrep$23$user@EXAMPLE.ORG:d74305da3ae7867513fa198174be5120$bf87447df4e7e8640b87a742ac8693e6b702fa0b5fb90ba31f81fce433786842"),
    rule("jwt-other-payload", "generic", "JSON Web Token whose payload is encrypted or no object", "JWT_TOKEN")
        .prefix(&["eyJhbGciOi", "eyJ0eXAiOi", "eyJraWQiOi"], r"[\w-]{8,}\.[\w-]{16,}\.[\w-]{16,}")
        .example("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.vaoR81yyHfG0aJlBICqdDw8clo5eXobYq6PK65xpYGaRACDZH2yJ2bRlF5kQ.EzsRRGlsossMLnHLiHcqwQ7yPkWuMyzXlOpsAKhxwrp"),
    rule("bitcoin-wif", "generic", "Bitcoin private key (WIF)", "BITCOIN_PRIVATE_KEY")
        .prefix(&["5H", "5J", "5K", "Kw", "Kx", "Ky", "Kz", "L1", "L2", "L3", "L4", "L5"], "[1-9A-HJ-NP-Za-km-z]{49,50}")
        .with_digit()
        .score(0.7)
        .example("5HG2WiRwv6eepoqCtgd9pRH3FbqoHBPPVcybk3q9FbVQ2LV8G6L"),
];
