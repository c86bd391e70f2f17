//! Databases, analytics and maps.

use super::{Rule, rule};

pub(super) const RULES: &[Rule] = &[
    rule("supabase-management", "Supabase", "management token", "SUPABASE_TOKEN")
        .prefix(&["sbp_", "sbp_oauth_", "sbp_v0_"], "[a-z0-9_-]{40}")
        .example("sbp_ec1f2350771cd0b867738696bd3b69850f995816"),
    rule("supabase-project", "Supabase", "project secret key", "SUPABASE_KEY")
        .prefix(&["sb_secret_"], r"[\w-]{25,40}")
        .example("sb_secret_QWPuR8qwg8s8MO6OmognzhZqoQpmNv"),
    rule("neon", "Neon", "API key", "NEON_API_KEY")
        .prefix(&["napi_"], "[A-Za-z0-9]{60,68}")
        .example("napi_Kqf1pqyGTZ2Qm1xLxKLBeJR860W5t1mhHSTMspp8KvivsMdFDwtlBhdXhvdh6P"),
    rule("planetscale", "PlanetScale", "service, OAuth or password token", "PLANETSCALE_TOKEN")
        .prefix(&["pscale_tkn_", "pscale_oauth_", "pscale_pw_", "pscale_app_secret_", "pscale_otkn_", "pscale_ortkn_"], r"[\w=.-]{32,64}")
        .example("pscale_tkn_8e9z2pohZT6C4jiSsjI4lfZC9mOuUJBjB2t101dn"),
    rule("mongodb-atlas", "MongoDB", "Atlas service account secret", "MONGODB_ATLAS_SECRET")
        .prefix(&["mdb_sa_sk_"], r"[\w-]{40}")
        .example("mdb_sa_sk_VgnpLlwZeqYNRgZGLWwU6QozpbeLiUp8pSCfFFs7"),
    rule("tinybird", "Tinybird", "token", "TINYBIRD_TOKEN")
        .prefix(&["p.eyJ"], r"[\w-]{60,400}\.[\w-]{43}")
        .example("p.eyJlwXqARPQcwTRZvqD15hPK09oBimtLQTLi2Jxmo0pzHhwiFy6SVVK35BD1oSl5ZDh16Nb.Km2AGkCFCVYrVP3uPkN8DTUC7oR9NNvaOz8n4tWiAOY"),
    rule("xata", "Xata", "API key", "XATA_API_KEY")
        .prefix(&["xau_"], "[A-Za-z0-9]{30,36}")
        .example("xau_YzvdLmzvX8SvuLWMxllVjikvWAECDssL"),
    rule("databricks", "Databricks", "personal access token or OAuth secret", "DATABRICKS_TOKEN")
        .prefix(&["dapi", "dose"], "[0-9a-fA-F]{32}(?:-[0-9])?")
        .example("dapicb454373b59911f1e5b8ad4b6ec931a9"),
    rule("confluent", "Confluent", "Cloud API secret", "CONFLUENT_SECRET")
        .prefix(&["cflt"], "[A-Za-z0-9+/]{60}")
        .example("cfltURKxsUdhpq4qtcMjcLEJeq4IEsIGHSS3GCeRGFIV53PMw0EPWYTclspUjitP"),
    rule("clickhouse", "ClickHouse", "Cloud API secret", "CLICKHOUSE_SECRET")
        .prefix(&["4b1d"], "[A-Za-z0-9]{38}")
        .example("4b1d432XfYmoYr4erragdQrX25ER0sDYYmGCqI3ziI"),
    rule("elastic-cloud", "Elastic", "Cloud API key", "ELASTIC_API_KEY")
        .prefix(&["essu_"], r"[\w+/-]{40,200}={0,2}")
        .example("essu_Hj3vFd1NvsuyhhuDpsZBVktMC0UTadUKutT8ILuilSKkGv7K"),
    rule("astra", "DataStax", "Astra token", "ASTRA_TOKEN")
        .prefix(&["AstraCS:"], "[A-Za-z0-9]{20,40}(?::[0-9a-fA-F]{64})?")
        .example("AstraCS:XgYaHbomlyFagjgchBefWjMV:0765d0625dba0080975bcc8d49698c3c8689ffd1c23d4fc7ccc66bc38b86fcbf"),
    rule("cockroach", "CockroachDB", "Cloud API key", "COCKROACH_API_KEY")
        .prefix(&["CCDB1_"], "[A-Za-z0-9]{22}_[A-Za-z0-9]{40}")
        .example("CCDB1_1yq3gFfCO38JJG8llHApus_GvPPdf3sNQWskwxWEM1pGpbkiAkTrw14Xw1A3WIf"),
    rule("aiven", "Aiven", "service password or token", "AIVEN_TOKEN")
        .prefix(&["AVNS_", "aivenv1_"], r"[\w+/=-]{19,400}")
        .example("AVNS_zVzkx4XHBmarFvch31uRtC71sBh"),
    rule("prefect", "Prefect", "API key", "PREFECT_API_KEY")
        .prefix(&["pnu_", "pnb_"], "[A-Za-z0-9]{36}")
        .example("pnu_biSaZ1YgPM9qBfxOldWCuGT9UhUhM29iztGS"),
    rule("hex", "Hex", "API token", "HEX_TOKEN")
        .prefix(&["hxtp_", "hxtw_"], "[0-9a-fA-F]{64,96}")
        .example("hxtp_104865c7519b100a3f30c993dec310fb2997591f437689d0f6898383e398ddae8d4de73a"),
    rule("duplocloud", "DuploCloud", "token", "DUPLOCLOUD_TOKEN")
        .prefix(&["AQAAANCMnd8BFdERjHo"], r"[\w-]{200,900}")
        .example("AQAAANCMnd8BFdERjHol1yeFNR1dsPnkBbFNXCvygEgs34EW9XAbM2dmqa7wFH8ujUWuEdV16hjUxnU4Us2IOpxXr1uJmKzPQnaDLhahwcdlAUVsS4urtMiLHfQe2Ln8KknA42fAVY4FdihSMvF2myPsuTCWuqS0nykkcxqWprrvcmVsOCli1mQMKC4TyRMBK8Lm1W6u5QkWPwakUvuU4pRFPJ0lKUcOt2F"),
    rule("airtable", "Airtable", "personal access token", "AIRTABLE_TOKEN")
        .prefix(&["pat"], r"[A-Za-z0-9]{14}\.[0-9a-fA-F]{64}")
        .example("pathjaGjyzMHz4wEX.5408aca96736f53fdcf3e80b38268721e3d444eba16533028e66da8dc126c26f"),
    rule("segment", "Segment", "public API token", "SEGMENT_TOKEN")
        .prefix(&["sgp_"], r"[\w-]{60,70}")
        .score(0.85)
        .example("sgp_NUGh19XWKpnV6ddFm9Wuj8dGc45C80XppjNO4yZRMzfRy8EGsijC5rsOhWKlhk7"),
    rule("tolgee", "Tolgee", "project or personal key", "TOLGEE_KEY")
        .prefix(&["tgpak_", "tgpat_"], "[a-z0-9]{40,64}")
        .example("tgpak_pw9xwtulo2argb1xnz26xzh4kue1fei2q9xrg588c1e7kka3"),
    rule("maxmind", "MaxMind", "license key", "MAXMIND_KEY")
        .within("_mmk", 36, 36, "[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk")
        .example("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"),
    rule("mapbox", "Mapbox", "secret or temporary token", "MAPBOX_TOKEN")
        .prefix(&["sk.", "tk."], r"[\w+/=-]{32,160}\.[\w+/=-]{20,32}")
        .example("sk.eyJNIw86pF5p2osSEjUT0nquld0r2lt5EwJkzjFhCh8xrrvuxmUr44l7THwZ39R.WG8CDEoqg0Duih2hE3bODu"),
    rule("mapbox-public", "Mapbox", "public token", "MAPBOX_TOKEN")
        .prefix(&["pk."], r"[\w+/=-]{32,160}\.[\w+/=-]{20,32}")
        .score(0.6)
        .example("pk.eyJDjuOUSkbVbtfOMW6XJWGhjwCb7m6hi0boyNUmlrwcpODcVgS71aybpzDKOEI.8dIhQTYx5tM7UgrI3FTPIy"),
    rule("configcat", "ConfigCat", "SDK key", "CONFIGCAT_KEY")
        .prefix(&["configcat-sdk-1/", "configcat-sdk-2/", "configcat-proxy/"], r"[\w-]{22}/[\w-]{22}")
        .example("configcat-sdk-1/aKI8E9pzuA73AGJXBcXcK1/6zT3ymQoE0knLtigu4XUIB"),
    rule("posthog", "PostHog", "personal, feature flag or OAuth key", "POSTHOG_KEY")
        .prefix(&["phx_", "phs_", "pha_", "phr_"], r"[\w-]{40,50}")
        .example("phx_NahbnLcxi1ggg4m0LnaMDeCwgNN2Oah6s1ErkOpEGbY"),
    rule("posthog-project", "PostHog", "project key", "POSTHOG_KEY")
        .prefix(&["phc_"], r"[\w-]{40,50}")
        .score(0.6)
        .example("phc_2BSfKPgwLkSYmIX8WxGxPjwYaBdSqjmZHYGsS5xGHhf"),
    rule("permit-io", "Permit.io", "API key", "PERMIT_KEY")
        .prefix(&["permit_key_"], "[A-Za-z0-9]{85,86}")
        .example("permit_key_2EolXYGMvLoHQFc4y6Rjzybshhygf45HHRqkB6kszXY1wvGiLb7DITyzteQulTrcPnq66zSBYcDB1fo07zIj0"),
    rule("convex", "Convex", "deploy key", "CONVEX_KEY")
        .prefix(&["eyJ2MiI6I"], "[A-Za-z0-9+/]{40,60}={0,2}")
        .example("eyJ2MiI6IT4yAOP14e6Rhv8AWKjky0AMJdJoaZm46o5Ncd7nngVX07y"),
    rule("block-protocol", "Block Protocol", "API key", "BLOCK_PROTOCOL_KEY")
        .prefix(&["b10ck5."], r"[A-Za-z0-9]{32}\.[A-Za-z0-9-]{36}")
        .example("b10ck5.PnKLWWP1df9DzlnIRZQduHHXz6doQHkH.HhNzJ65Wn9GcVvDVwgKbDSc7lMdfvUr0wpY8"),
    rule("trendmicro", "Trend Micro", "Vision One token", "TRENDMICRO_TOKEN")
        .prefix(&["tmc1"], "[A-Za-z0-9]{26,32}:[A-Za-z0-9]{60,70}")
        .example("tmc1CvcZQTQhldR05HaF6PwngsF1toW6:uobGVw1Fidx7GYJqidyAHQ4vkWrztVJ2J0gjMemnNxSVeMWCmzgZnTQR0novc4z"),
];
