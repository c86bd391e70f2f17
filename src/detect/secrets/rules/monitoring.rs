//! Observability.

use super::{Rule, rule};

pub(super) const RULES: &[Rule] = &[
    rule("sentry-organization", "Sentry", "organization token", "SENTRY_TOKEN")
        .prefix(&["sntrys_eyJ"], "[A-Za-z0-9+/_=-]{80,700}")
        .example("sntrys_eyJnFXYJk9Wex4wyR0Tykv4xpt4ZcXY3hz2iKQ7fxXE3C3WNeIpUZpHERgTKILAmoE8FNCSJytg5WoVSqpYJ2A2aXd5"),
    rule("sentry-user", "Sentry", "user token", "SENTRY_TOKEN")
        .prefix(&["sntryu_", "sntrya_"], "[0-9a-fA-F]{64}")
        .example("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"),
    rule(
        "grafana-service-account",
        "Grafana",
        "service account token",
        "GRAFANA_TOKEN",
    )
    .prefix(&["glsa_"], "[A-Za-z0-9]{32}_[0-9a-fA-F]{8}")
    .example("glsa_F49HuUE2oGpKcasW5RQFiFg26JcaZFAD_4fd9c106"),
    rule("grafana-cloud", "Grafana", "Cloud access policy token", "GRAFANA_TOKEN")
        .prefix(&["glc_"], "[A-Za-z0-9+/]{32,400}={0,2}")
        .example("glc_eyJvIjoi4LDbtveZQEDcfUsAqkfdqApPIUqqxBdijyVXVRpkfxZU755vJbB4NdWGNgJv4XdDHeDt6whM06qREoqo"),
    rule("grafana-legacy", "Grafana", "legacy API key", "GRAFANA_TOKEN")
        .prefix(&["eyJrIjoi"], "[A-Za-z0-9+/]{40,400}={0,2}")
        .example("eyJrIjoiqnrGxSvqTvQo6CtHpJg7ltuQEsVEP6QBkDMA6eijL1boKetB"),
    rule(
        "newrelic",
        "New Relic",
        "user, admin, insights, ingest or browser key",
        "NEWRELIC_KEY",
    )
    .prefix(
        &[
            "NRAK-", "NRAA-", "NRII-", "NRIQ-", "NRRA-", "NRJS-", "NRBR-", "nrak-", "nraa-", "nrii-", "nriq-", "nrra-",
            "nrjs-", "nrbr-",
        ],
        r"[\w-]{19,42}",
    )
    .example("NRAK-PIJPGA3YWF6V23TV2PT5VKHD6BI"),
    rule("newrelic-license", "New Relic", "license key", "NEWRELIC_KEY")
        .within("NRAL", 36, 36, "[A-Za-z0-9]{36}NRAL")
        .example("efce555d1ddfde589f7cdbb48e03ef316fa7NRAL"),
    rule("pixie", "New Relic", "Pixie API or deploy key", "PIXIE_KEY")
        .prefix(
            &["px-api-", "px-dep-"],
            "[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}",
        )
        .example("px-api-c0345d00-16d3-88f9-6c39-11e7de838f3c"),
    rule("dynatrace", "Dynatrace", "API, PaaS or OAuth token", "DYNATRACE_TOKEN")
        .prefix(&["dt0"], r"[A-Za-z][0-9]{2}\.[A-Za-z0-9-]{8,128}\.[A-Za-z0-9]{64}")
        .example("dt0c01.2H75HQ7RUGVQ3GKY5MIIUUUY.P4D3FDM7EZWJ5YHHEIG73KA5T4L2DYDDH24AXW3CKSQ4XFDPLYQAI4ZO677AYQTN"),
    rule("honeycomb", "Honeycomb", "ingest or management key", "HONEYCOMB_KEY")
        .prefix(
            &[
                "hcaik_", "hcbik_", "hcxik_", "hcamk_", "hcbmk_", "hcxmk_", "hcalk_", "hcblk_", "hcxlk_",
            ],
            "[A-Za-z0-9]{30,80}",
        )
        .example("hcaik_ReQHGMd1mXL4h3VGwER3wdAOtY5olkmepTaE0Q"),
    rule("axiom", "Axiom", "API or personal token", "AXIOM_TOKEN")
        .prefix(
            &["xaat-", "xapt-"],
            "[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}",
        )
        .example("xaat-c0a18548-8754-8d49-472b-9b63c910e0a6"),
    rule("datadog-token", "Datadog", "personal or app token", "DATADOG_TOKEN")
        .prefix(&["ddpat_", "ddapp_"], r"[\w-]{32,80}")
        .example("ddapp_QgXPglRUEmpLCv9UbpBxAcnhdbGq3hGavV"),
    rule("logfire", "Logfire", "write token", "LOGFIRE_TOKEN")
        .prefix(&["pylf_v1_"], "[a-z]{2,10}_[A-Za-z0-9]{30,80}")
        .example("pylf_v1_us_2tJmUf6HEcWjR68sFWGsLr1QHhjEaPHqhHcu6awHoY7"),
];
