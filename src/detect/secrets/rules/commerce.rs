//! Shops, booking, games and other services.

use super::super::checksum::Checksum;
use super::{Rule, rule};

pub(super) const RULES: &[Rule] = &[
    rule(
        "shopify",
        "Shopify",
        "access, custom app, private app, partner or shared secret",
        "SHOPIFY_TOKEN",
    )
    .prefix(
        &[
            "shpat_", "shpca_", "shppa_", "shpss_", "shptka_", "shpua_", "shpcu_", "shprt_", "shpit_",
        ],
        "[A-Za-z0-9]{32,64}",
    )
    .example("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"),
    rule(
        "woocommerce",
        "WooCommerce",
        "consumer key or secret",
        "WOOCOMMERCE_KEY",
    )
    .prefix(&["ck_", "cs_"], "[0-9a-fA-F]{40}")
    .example("ck_97255634970625edff7fbf2d75c815518a89a01d"),
    rule("shippo", "Shippo", "API token", "SHIPPO_TOKEN")
        .prefix(&["shippo_live_", "shippo_test_"], "[0-9a-fA-F]{40}")
        .example("shippo_live_74160e0cde80113ea61e1b8648577702127e5b6c"),
    rule("easypost", "EasyPost", "API key", "EASYPOST_API_KEY")
        .prefix(&["EZAK", "EZTK"], "[A-Za-z0-9]{54,58}")
        .example("EZAKojtwIYkNJGM6Pxk3oaqEJgl8WTGnf1fMVhnRyzvp8ARcG62G5r6Crz"),
    rule("duffel", "Duffel", "API token", "DUFFEL_TOKEN")
        .prefix(&["duffel_test_", "duffel_live_"], r"[\w=-]{43}")
        .example("duffel_test_bv4tMoFLHmWwBx1zzkQ5OMjpDtLPc2GgU66thxmco24"),
    rule("fleetbase", "Fleetbase", "API key", "FLEETBASE_KEY")
        .prefix(&["flb_live_", "flb_test_"], "[A-Za-z0-9]{20,64}")
        .example("flb_live_V7fKfvcbMIIWOikRzhKY400Au28C"),
    rule("ebay", "eBay", "client secret", "EBAY_SECRET")
        .prefix(&["PRD-", "SBX-"], "[0-9a-fA-F]{12}(?:-[0-9a-fA-F]{4}){3,4}")
        .example("PRD-7d63996c6171-50e4-b6a5-de44-0528"),
    rule("zuplo", "Zuplo", "consumer key", "ZUPLO_KEY")
        .prefix(&["zpka_"], "[a-z0-9]{32}_[0-9a-fA-F]{8}")
        .checksum(Checksum::AllHex)
        .example("zpka_3zllmn72w742ou7jg0ydmlu38sl223c6_1f8a3bec"),
    rule("crossmint", "Crossmint", "server or client key", "CROSSMINT_KEY")
        .prefix(
            &["sk_staging_", "sk_production_", "ck_staging_", "ck_production_"],
            "[A-Za-z0-9]{24,200}",
        )
        .example("sk_staging_nZ5ZTnpmB7QrkpH6wgr9J0HeEEE0LxfS"),
    rule("branch-io", "Branch", "key", "BRANCH_KEY")
        .prefix(
            &["key_live_", "key_test_", "secret_live_", "secret_test_"],
            "[A-Za-z0-9]{16,40}",
        )
        .example("key_live_orU0SuoUz9b9g8ZifaeMHX3G"),
    rule(
        "liveblocks",
        "Liveblocks and others",
        "secret or public key",
        "LIVEBLOCKS_KEY",
    )
    .prefix(&["sk_prod_", "sk_dev_", "pk_prod_", "pk_dev_"], r"[\w-]{24,200}")
    .example("sk_prod_lRjuft3Tj55pjjj4RoCNYIegbr5I8setadWzOWExHJLOok7rxJ4EK0Vy2pBp9J2N"),
    rule("seam", "Seam", "API key", "SEAM_API_KEY")
        .prefix(
            &["seam_test", "seam_live", "seam_apikey"],
            "[A-Za-z0-9]{0,8}_[A-Za-z0-9]{16,40}",
        )
        .example("seam_test2abcd_QKntHpoht65LfdI7bHa2Z49b"),
    rule("samsara", "Samsara", "API token", "SAMSARA_TOKEN")
        .prefix(&["samsara_api_"], "[A-Za-z0-9]{26,32}")
        .example("samsara_api_70drzmTFp8PUE2oFIy68YkHUSmVB"),
    rule("redirect-pizza", "redirect.pizza", "API token", "REDIRECT_PIZZA_TOKEN")
        .prefix(&["rpa_"], "[A-Za-z0-9]{30}")
        .example("rpa_cbpS23P6zJ8oLlJ8AvTHvP48hGFREF"),
    rule("lichess", "Lichess", "personal access token", "LICHESS_TOKEN")
        .prefix(&["lip_", "lio_"], r"\w{16,60}")
        .example("lip_o66RcboMEu1GJ1T1bsN7vMNh"),
    rule("riot-games", "Riot Games", "API key", "RIOT_API_KEY")
        .prefix(&["RGAPI-"], r"[\w-]{36}")
        .example("RGAPI-9ca6e5d5-18e8-da53-8a8c-5bbdcdd7a0d8"),
    rule(
        "thunderstore",
        "Thunderstore",
        "service account token",
        "THUNDERSTORE_TOKEN",
    )
    .prefix(&["tss_"], r"[\w-]{20,80}")
    .with_digit()
    .score(0.7)
    .example("tss_EJKCZjQ2jJvYw5FFVVvmETUIFeOV"),
    rule("intra42", "42", "API secret", "INTRA42_SECRET")
        .prefix(&["s-s4t2ud-", "s-s4t2af-", "u-s4t2ud-", "u-s4t2af-"], "[0-9a-fA-F]{64}")
        .example("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"),
    rule(
        "blockchain-node",
        "Infura, Alchemy, QuickNode and others",
        "address of a node with its key",
        "NODE_KEY",
    )
    .prefix(
        &[
            "infura.io/v3/",
            "infura.io/ws/v3/",
            "alchemy.com/v2/",
            "quiknode.pro/",
            "chainstack.com/",
            "ankr.com/eth/",
        ],
        r"(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32}|[\w-]{32})/?",
    )
    .with_digit()
    .example("infura.io/v3/1b7e09c2d4f84a6fa0c35e9d2871b64c"),
    rule("adafruit-io", "Adafruit IO", "key", "ADAFRUIT_KEY")
        .prefix(&["aio_"], "[A-Za-z0-9]{28}")
        .example("aio_wZ4SK2gnkRk75GvTadS4neEtTupE"),
    rule("polar", "Polar", "access token", "POLAR_TOKEN")
        .prefix(
            &[
                "polar_oat_",
                "polar_pat_",
                "polar_at_",
                "polar_rt_",
                "polar_whs_",
                "polar_cs_",
                "polar_ci_",
            ],
            r"[\w-]{20,100}",
        )
        .example("polar_oat_Tj3HPPE6SSCfA5K1o4LcwNRu85eQ"),
    rule("persona", "Persona", "API key", "PERSONA_KEY")
        .prefix(&["persona_production_", "persona_sandbox_"], r"[\w-]{20,80}")
        .example("persona_production_jkZXAErrjRxOkZh0fqQ1gOpYnGZe"),
    rule("onfido", "Onfido", "API token", "ONFIDO_TOKEN")
        .prefix(
            &[
                "api_live.",
                "api_sandbox.",
                "api_live_us.",
                "api_live_ca.",
                "api_sandbox_us.",
                "api_sandbox_ca.",
            ],
            r"[\w-]{11,80}(?:\.[\w-]{20,80})?",
        )
        .example("api_live.WCGvaARyALHOTA8AMsk"),
    rule("proof", "Proof", "API key", "PROOF_KEY")
        .prefix(&["prf_"], r"[\w-]{20,80}")
        .with_digit()
        .score(0.6)
        .example("prf_HV5kETWumBaCLJQvydphaK5ate21"),
    rule("mappedin", "Mappedin", "key id or secret", "MAPPEDIN_KEY")
        .prefix(&["mik_", "mis_"], "[A-Za-z0-9]{26,52}")
        .example("mik_zu8kOMqaVO9tW3Zoe4FDe5t5gbloaE3RX4"),
    rule("salesloft-warpstream", "Salesloft and WarpStream", "API key", "API_KEY")
        .prefix(&["ak_", "aks_"], "[0-9a-fA-F]{64}")
        .example("ak_797a46fa4fbcfc1058dc58555b4489ff3fb74da92b32b7d4493abf7626916921"),
    rule("sqreen", "Sqreen", "organization token", "SQREEN_TOKEN")
        .prefix(&["org_"], "[0-9a-fA-F]{56,64}")
        .example("org_a3e2c5bcfe9300ed778bfde9e616ecc004d3d8ac8a867b7ce018e789fe"),
    rule("pangea", "Pangea", "service token", "PANGEA_TOKEN")
        .prefix(&["pts_"], "[a-z0-9]{20,60}")
        .example("pts_lp4g3fdocofsw4axpa9cvmjp4mb6"),
    rule("pirsch", "Pirsch", "access key", "PIRSCH_KEY")
        .prefix(&["pa_"], "[A-Za-z0-9]{24,44}")
        .with_digit()
        .score(0.7)
        .example("pa_JvGNtKYkUjoVTwLZYoKFv7aNRRjW2A"),
    rule("infracost", "Infracost", "API key", "INFRACOST_KEY")
        .prefix(&["ico-"], "[A-Za-z0-9]{32}")
        .example("ico-2BF2cHkNByPAEGL80RSoQ3PSogIeoAKj"),
];
