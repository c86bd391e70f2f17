//! Payment.

use super::{Rule, rule};

pub(super) const RULES: &[Rule] = &[
    rule("stripe-secret", "Stripe", "secret key (also Clerk, WorkOS and Paystack)", "STRIPE_SECRET_KEY")
        .prefix(&["sk_live_", "sk_test_"], "[A-Za-z0-9]{10,247}")
        .example("sk_live_17MBm5MNSfnfZYA70spY1zoM"),
    rule("stripe-restricted", "Stripe", "restricted key", "STRIPE_RESTRICTED_KEY")
        .prefix(&["rk_live_", "rk_test_", "rk_prod_"], "[A-Za-z0-9]{10,247}")
        .example("rk_live_CIqnNA6nfte9OpVe7Ey8s9FU")
        .misses(&["rk-live_notThatForm0123456789"]),
    rule("stripe-webhook", "Stripe and Svix", "webhook signing secret", "WEBHOOK_SECRET")
        .prefix(&["whsec_"], "[A-Za-z0-9+/]{24,64}={0,2}")
        .example("whsec_68wZg08e3VMHvxgch9JULFiS5myLE9Ax"),
    rule("checkout-secret", "Checkout.com", "secret key", "CHECKOUT_SECRET_KEY")
        .prefix(&["sk_", "sk_test_", "sk_sbox_"], "(?:[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|[a-z0-9]{26,32}[*#$=]?)")
        .score(0.85)
        .example("sk_sbox_ednt3nl29efpqbxjaj5zym0quyh"),
    rule("square-access", "Square", "access token", "SQUARE_TOKEN")
        .prefix(&["EAAA"], r"[\w+=-]{56,66}")
        .example("EAAAbVtG3l1jSApvfMLXhqlQfd8AbaHFW1Xe5ir2L2JXqUL50ur5NYoZeRXBqH2"),
    rule("square-oauth", "Square", "OAuth token or secret", "SQUARE_TOKEN")
        .prefix(&["sq0atp-", "sq0csp-", "sq0idp-"], r"[\w-]{22,64}")
        .example("sq0atp-vRETLv4RFNiKWMk8W3GxfIXYmf3U22"),
    rule("braintree", "PayPal", "Braintree access token", "BRAINTREE_TOKEN")
        .prefix(&["access_token$production$", "access_token$sandbox$"], r"[0-9a-z]{16}\$[0-9a-fA-F]{32}")
        .example("access_token$production$uxeuigy0w8founc7$606ee96e34fabc36e1daf8a71ef5e8e4"),
    rule("razorpay", "Razorpay", "key id", "RAZORPAY_KEY")
        .prefix(&["rzp_live_", "rzp_test_"], "[A-Za-z0-9]{14,24}")
        .example("rzp_live_xHHFOM6kHpEBIgQfC"),
    rule("plaid", "Plaid", "access token", "PLAID_TOKEN")
        .prefix(&["access-sandbox-", "access-development-", "access-production-"], "[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
        .example("access-sandbox-e39a49da-7348-25ea-cd9c-cb608d3ddc4f"),
    rule("adyen", "Adyen", "API key", "ADYEN_API_KEY")
        .prefix(&["AQE"], "[a-z]hmf[A-Za-z0-9+/=*_-]{80,300}")
        .example("AQEyhmfpuGGBwgJBBfDtTRTYIsitPj3tRD0KXAxjMdq6Th1yWzOCmNduIFldh5T9uvHNetWAwTse0vOaqFci7fONprOUUD0FLIlaKOvkmpU"),
    rule("flutterwave", "Flutterwave", "secret or public key", "FLUTTERWAVE_KEY")
        .prefix(&["FLWSECK-", "FLWSECK_TEST-", "FLWPUBK-", "FLWPUBK_TEST-"], "[a-zA-Z0-9]{12,32}(?:-X)?")
        .example("FLWSECK_TEST-e9b3c74366cfdf75563f37b0a48fee0d-X"),
    rule("xendit", "Xendit", "API key", "XENDIT_API_KEY")
        .prefix(&["xnd_production_", "xnd_development_", "xnd_public_"], "[A-Za-z0-9]{48,80}")
        .example("xnd_production_ambRnkOvsZ8cVQY3BlzwoU2KQsiWDsB6ZUltfXs4zcmSAssRZDJU7gw5"),
    rule("mercadopago", "Mercado Pago", "access token", "MERCADOPAGO_TOKEN")
        .prefix(&["APP_USR-"], "[A-Za-z0-9]{6,20}(?:-[A-Za-z0-9]{4,64}){2,4}")
        .example("APP_USR-1234567890123456-112233-64bb0f8c43b96f1d77e6260b5d1eb00e-123456789"),
    rule("midtrans", "Midtrans", "server key", "MIDTRANS_KEY")
        .prefix(&["Mid-server-", "Mid-client-", "SB-Mid-server-", "SB-Mid-client-"], r"[\w-]{10,32}")
        .example("SB-Mid-server-y1EH6mEzThr8YPnTGG5dPekv"),
    rule("asaas", "Asaas", "API token", "ASAAS_TOKEN")
        .prefix(&["aact_prod_", "aact_hmlg_"], r"(?:[\w=:-]{20,200}::\$aac[ht]_[\w-]{20,200}|[\w=:-]{20,200})")
        .example("aact_prod_1DmfNsr2A8SS1KXwWQrIIawhkkXj6Oiqtz3hmC9vu5JNioIXKRSQfXpVHn6HYmqMolOwW1IcW0699qBk"),
    rule("paddle", "Paddle", "API key", "PADDLE_API_KEY")
        .prefix(&["pdl_live_apikey_", "pdl_sdbx_apikey_"], "[a-z0-9]{26}_[A-Za-z0-9]{22}_[A-Za-z0-9]{3}")
        .example("pdl_live_apikey_42wugo2f9zls3czteyeay6yecs_sEJyca83zQHp5zNdBLH4h7_C6h"),
    rule("mercury", "Mercury", "API token", "MERCURY_TOKEN")
        .prefix(&["mercury_production_", "mercury_sandbox_"], "[a-z]{3,6}_[A-Za-z0-9]{40,50}_yrucrem")
        .example("mercury_production_yik_o3GZ3f6rp1zH5hlBPojpwJVRyH7d2tS6G8Yyx4cxRfN_yrucrem"),
    rule("ramp", "Ramp", "client secret", "RAMP_SECRET")
        .prefix(&["ramp_sec_"], "[A-Za-z0-9]{40,56}")
        .example("ramp_sec_ZiZrVDZ8f7ptKE16bKiA9nn77M7m8bdDvYNECS8bUoQCP"),
    rule("heartland", "Heartland", "secret API key", "HEARTLAND_KEY")
        .prefix(&["skapi_cert_", "skapi_prod_"], "[A-Za-z0-9]{20,50}")
        .example("skapi_cert_cigCjmFUi1csKXEMENoDDNqTr50V"),
    rule("moneywave", "Moneywave", "API key", "MONEYWAVE_KEY")
        .prefix(&["ts_", "lv_"], "[A-Z0-9]{28,34}")
        .score(0.7)
        .example("ts_6EYOJB7U95R7H0572EU6YMPP6QVR0I"),
    rule("rainforest-pay", "Rainforest", "API key", "RAINFOREST_KEY")
        .prefix(&["apikey_", "sbx_apikey_"], "[0-9a-fA-F]{64}")
        .example("apikey_fe8131d7f859b260f77e01e4790848489b825dd172fc5d81404bb420b14b8c4e"),
    rule("gocardless", "GoCardless", "access token", "GOCARDLESS_TOKEN")
        .prefix(&["live_", "sandbox_"], r"[\w=-]{40,42}")
        .with_digit()
        .score(0.7)
        .example("live_nVOqyQ8Ty5u32eqsbPV62H7Cs5eLTvhWxoXBD2aF"),
    rule("lob", "Lob", "API key", "LOB_API_KEY")
        .prefix(&["live_", "test_", "live_pub_", "test_pub_"], "[0-9a-fA-F]{31,35}")
        .score(0.7)
        .example("live_0500f2c6c65f41ecedc864a413229bbd8cf"),
    rule("paystack-named", "Paystack", "secret key", "PAYSTACK_SECRET_KEY")
        .prefix(&["sk_"], "[a-z]{1,12}_[A-Za-z0-9]{40}")
        .score(0.8)
        .example("sk_live_5ec33011d593a3bfbd2dab8dc2e0f074e67380f2"),
    rule("coinbase-cdp", "Coinbase", "developer platform key name", "COINBASE_KEY")
        .prefix(&["organizations/"], "[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}/apiKeys/[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
        .example("organizations/5b073a24-337d-6d3f-218d-85f461f60eb3/apiKeys/559d868a-c594-9822-f1d2-971f9db8dfee"),
    rule("robinhood", "Robinhood", "API key", "ROBINHOOD_KEY")
        .prefix(&["rh-api-"], "[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
        .example("rh-api-039ce0e8-f860-2328-71c1-d9606736cb8d"),
    rule("stripe-publishable", "Stripe", "publishable key", "STRIPE_PUBLISHABLE_KEY")
        .prefix(&["pk_live_", "pk_test_"], "[A-Za-z0-9]{20,247}")
        .score(0.6)
        .example("pk_live_DqJ8WHw48i5Ckqy0M7rYSVIHOKgQ"),
];
