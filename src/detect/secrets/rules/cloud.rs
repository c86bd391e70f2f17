//! Clouds and hosting.

use super::super::checksum::Checksum;
use super::{Rule, rule};

pub(super) const RULES: &[Rule] = &[
    rule("aws-access-key-id", "AWS", "access key id (long-term, STS, bearer, context-specific)", "AWS_ACCESS_KEY")
        .prefix(&["AKIA", "ASIA", "ABIA", "ACCA", "A3T"], "[A-Z0-9]{16,17}")
        // They are base 32.
        .issued("[A-Z2-7]{16,}")
        .example("AKIAJ1JWK0UTG3DY80QI")
        .hits(&["A3TX2345ABCDEFGHIJKL", "AKIAAAAAAAAAAAAAAAAA"])
        .misses(&["AKIA90JKL90JKLWERT12", "AKIA0000000000000000"]),
    rule("aws-session-token", "AWS", "STS session token", "AWS_SESSION_TOKEN")
        .prefix(&["IQoJb3JpZ2luX2Vj", "FwoGZXIvYXdz", "FQoGZXIvYXdz", "AgoJb3JpZ2lu"], "[A-Za-z0-9/+]{80,4000}={0,2}")
        .example("IQoJb3JpZ2luX2VjkPmCF4tbG2mdXEgpBYYJDdRlPMY4cjKjW1oBbeI9pXPyqNe4dSjfv3LU1EW1Ns9y9qyVgsGt62Rs1a3r8X3OVaTy"),
    rule("aws-cloudfront-signature", "AWS", "signature of a CloudFront URL or cookie", "AWS_SIGNATURE")
        .prefix(&["Signature=", "CloudFront-Signature="], "(?:[A-Za-z0-9~_-]{40,700}&Key-Pair-Id=[A-Z0-9]{8,32}|[A-Za-z0-9~-]{160,700}_{0,2})")
        .example("Signature=OGvXAaoAWmPsDql0y38ZjjAnasl-um8gm0R1TL0pU5e_gUUQDm4hiAen2x8CJLl9IeOUPyFrm&Key-Pair-Id=K2JCJMDEHXQW5F"),
    rule("aws-bedrock-long", "AWS", "long-lived Bedrock API key", "AWS_BEDROCK_API_KEY")
        .prefix(&["ABSK"], "[A-Za-z0-9+/]{60,300}={0,2}")
        .example("ABSKQmVkcm9ja0FQSUtleS158CdAL9S4DzgoHXcofoMCEY6L2LcpXd2AIfO21ReUFWDKvh2gXfakmDl0UldxFWUYJ6I2z5RhiuNO43tldcDdK9AP5AXZfrynPUo"),
    rule("aws-bedrock-short", "AWS", "short-term Bedrock API key", "AWS_BEDROCK_API_KEY")
        .prefix(&["bedrock-api-key-"], "[A-Za-z0-9+/]{20,4000}={0,2}")
        .example("bedrock-api-key-N6YwJYZ8VABaF6r6ozofNBjHaKSo"),
    rule("aws-mws", "AWS", "Marketplace Web Service token", "AWS_MWS_TOKEN")
        .prefix(&["amzn.mws."], "[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
        .example("amzn.mws.4824d54f-a7bb-d0aa-0f51-22a28c8b36e7"),
    rule("aws-appsync", "AWS", "AppSync API key", "AWS_APPSYNC_KEY")
        .prefix(&["da2-"], "[a-z0-9]{26}")
        .example("da2-6dp8x85wpnlumm5wumq9myqln7"),
    rule("aws-oa2-secret", "AWS", "Login with Amazon client secret", "AMAZON_CLIENT_SECRET")
        .prefix(&["amzn1.oa2-cs.v1."], "[0-9a-fA-F]{64}")
        .example("amzn1.oa2-cs.v1.2e57026f71b0f2002d1851ab6a68d2e25cf3780b5e30f01ed3144615ca4211ed"),
    rule("azure-ad-client-secret", "Azure", "Entra ID client secret", "AZURE_KEY")
        .within("Q~", 4, 4, "[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}")
        .example("aB38Q~kL9mN2pQ4rS6tU8vW0xY1zA3bC5dE7fG9h"),
    rule("azure-cask", "Azure", "common annotated security key (OpenAI, DevOps, Maps, Event Grid and many others)", "AZURE_KEY")
        .within("JQQJ9", 52, 52, "[A-Za-z0-9]{52}JQQJ9[A-Za-z0-9]{20,40}(?:==)?")
        .example("pnRnznjEIV3T5v8YeDPjFQK2NtvMFTuuZfEIzd2NGHCuwJWcTMUjJQQJ99BCAr2CWJjrZNXaQAAAAACOGLTRp"),
    rule("azure-storage-key", "Azure", "storage account key", "AZURE_KEY")
        .within("+ASt", 76, 76, r"[A-Za-z0-9+/]{76}\+ASt[A-Za-z0-9+/]{5}[AQgw]==")
        .example("XkZAwVQODnxbJn4glYgRd0A0UdNFKraicC1FFk4shMu00uvb9vQ0mR35BxBitxYngZ4XPLO7R0Sc+ASt4NdZ1Q=="),
    rule("azure-cosmos-key", "Azure", "Cosmos DB key", "AZURE_KEY")
        .within("ACDb", 76, 76, "[A-Za-z0-9+/]{76}ACDb[A-Za-z0-9+/]{5}[AQgw]==")
        .example("53cy2QbZRqCBrnMA5yRzx3tzVCqy7ThO4qXhwbuZKRP1xKUOyBao052BVNwymqPyKV43wM0S0DkPACDbIWPxgg=="),
    rule("azure-batch-key", "Azure", "Batch account key", "AZURE_KEY")
        .within("+ABa", 76, 76, r"[A-Za-z0-9+/]{76}\+ABa[A-Za-z0-9+/]{5}[AQgw]==")
        .example("fP7MKvRYuXdxlR3LDjOnnHp3idHO4cm8T3Hf70jFT3IEiYZv2GQzft3U5EYXPPrQBSJsAuCIRn4n+ABalEj4Dg=="),
    rule("azure-apim-key", "Azure", "API Management key", "AZURE_KEY")
        .within("APIM", 76, 76, "[A-Za-z0-9+/]{76}APIM[A-Za-z0-9+/]{5}[AQgw]==")
        .example("YvKMdo66DW0eyF6MSaFpERDmgIU168RSY2DuuvwKorjCIpoeNxbeUbXk1dEglYDh0jCDZJaOxdvqAPIMxovsnA=="),
    rule("azure-ml-key", "Azure", "Machine Learning (classic) key", "AZURE_KEY")
        .within("+AMC", 76, 76, r"[A-Za-z0-9+/]{76}\+AMC[A-Za-z0-9+/]{5}[AQgw]==")
        .example("RpzwPrQ52kQuLQH8AmRY6KwFBW7urNelghunT8PLsUZ4fMg4Dbl6bB8wfU30ETz7VfvaDzvn8t5A+AMCBzNCOA=="),
    rule("azure-redis-key", "Azure", "Cache for Redis key", "AZURE_KEY")
        .within("AzCa", 33, 33, "[A-Za-z0-9+/]{33}AzCa[A-P][A-Za-z0-9+/]{5}=")
        .example("PaL2Kt7f2wpmHkgHFVGWfBPmi6jquNy7KAzCaLCLhJn="),
    rule("azure-event-hubs-key", "Azure", "Event Hubs key", "AZURE_KEY")
        .within("+AEh", 33, 33, r"[A-Za-z0-9+/]{33}\+AEh[A-P][A-Za-z0-9+/]{5}=")
        .example("l6JAaoBXUVPdy1YEpXONaJnIiMd1oWBU2+AEhHnJiwQ="),
    rule("azure-service-bus-key", "Azure", "Service Bus key", "AZURE_KEY")
        .within("+ASb", 33, 33, r"[A-Za-z0-9+/]{33}\+ASb[A-P][A-Za-z0-9+/]{5}=")
        .example("Udav0Y95fgY3agLJr7y06sYkFhjPm48zg+ASbLoIVmj="),
    rule("azure-relay-key", "Azure", "Relay key", "AZURE_KEY")
        .within("+ARm", 33, 33, r"[A-Za-z0-9+/]{33}\+ARm[A-P][A-Za-z0-9+/]{5}=")
        .example("D2bKq3kX3GTCZnRRHOlZipYFNGh5z82a6+ARmOB1PF4="),
    rule("azure-iot-key", "Azure", "IoT hub, device or provisioning key", "AZURE_KEY")
        .within("AIoT", 33, 33, "[A-Za-z0-9+/]{33}AIoT[A-P][A-Za-z0-9+/]{5}=")
        .example("3M5J07oNFiyuaLaffczYd32Ydq2xXtZOPAIoTCpDZE8="),
    rule("azure-event-grid-key", "Azure", "Event Grid key", "AZURE_KEY")
        .within("AZEG", 33, 33, "[A-Za-z0-9+/]{33}AZEG[A-P][A-Za-z0-9+/]{5}=")
        .example("hhZ7AZfMUChmE0FQmZ8MXygM16BHYTmu6AZEGKlCTM0="),
    rule("azure-registry-key", "Azure", "Container Registry key", "AZURE_KEY")
        .within("+ACR", 42, 42, r"[A-Za-z0-9+/]{42}\+ACR[A-D][A-Za-z0-9+/]{5}")
        .example("0Rs4LNUBkL3GkuO9Ry1aumcqzZMdHWnSM4HETcen8A+ACRD6zJw1"),
    rule("azure-search-key", "Azure", "AI Search key", "AZURE_KEY")
        .within("AzSe", 42, 42, "[A-Za-z0-9]{42}AzSe[A-D][A-Za-z0-9]{5}")
        .example("Q0ymcVi8dYoY23yJ6nuqfQKVEXhtXJd0kJNl2NqUpgAzSeCpn2GC"),
    rule("azure-functions-key", "Azure", "Functions key", "AZURE_KEY")
        .within("AzFu", 44, 44, r"[\w-]{44}AzFu[\w-]{5}[AQgw]==")
        .example("rdmPWVcpiuDJgB7449KvK88c4OmV47rJaFUl5WCCSPWLAzFuBG7ekA=="),
    rule("gcp-api-key", "Google", "API key", "GCP_API_KEY")
        .prefix(&["AIza"], r"(?:[\w-]{35,36}|[\w\\-]{35})")
        .issued(r"Sy[\w-]{33,}")
        .example("AIzagvNCw1haZYXl0d1Ux6ZMBf5L3432LaQTYrL")
        .hits(&["AIzaSyaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"])
        .misses(&["AIzaTooShortForAKey0123456789", "AIzabbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"]),
    rule("gcp-oauth-access", "Google", "OAuth access token", "GCP_OAUTH_TOKEN")
        .prefix(&["ya29."], r"[\w-]{20,1024}(?:\.[\w-]{10,1024})?")
        .example("ya29.Ea9N7pn0VSVwze4pFp1qSf0HQyYv"),
    rule("gcp-oauth-refresh", "Google", "OAuth refresh token", "GCP_REFRESH_TOKEN")
        .prefix(&["1//0"], r"[\w-]{35,120}")
        .example("1//0dl2TuD33RjhimUTaoNzhOxXR2o73dJMj8FtVy5wXBuZ"),
    rule("gcp-oauth-client-secret", "Google", "OAuth client secret", "GCP_CLIENT_SECRET")
        .prefix(&["GOCSPX-"], r"[\w-]{24,40}")
        .example("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P"),
    rule("gcp-express-key", "Google", "Vertex express or Gemini key", "GCP_API_KEY")
        .prefix(&["AQ.Ab8R"], r"[\w-]{40,80}")
        .example("AQ.Ab8RxA9FdXjH3osJYNVpd81yH23by0x6G6gItk3dhifJLvwNH8VF"),
    rule("gcp-storage-hmac", "Google", "Cloud Storage HMAC key id of a service account", "GCP_HMAC_KEY")
        .prefix(&["GOOG1E"], "[A-Z0-9]{20,57}")
        .example("GOOG1ETSBCOQTG9B7YAWONECM060UQL19C"),
    rule("gcp-storage-hmac-user", "Google", "Cloud Storage HMAC key id of a user", "GCP_HMAC_KEY")
        .prefix(&["GOOG"], "[A-Z2-7]{20,57}")
        .score(0.7)
        .example("GOOG2IPCHY6POYJJJJOPKYJMYL7TSCPY"),
    rule("google-oauth-code", "Google", "OAuth authorization code", "GCP_AUTHORIZATION_CODE")
        .prefix(&["4/0"], r"[\w-]{50,120}")
        .score(0.7)
        .example("4/0tVZ5okZagZYt5GRtJKsSviHOrvZXHhK7puBq6HXvKsVTfziGMoXnbqptD4"),
    rule("firebase-fcm", "Google", "Firebase Cloud Messaging server key", "FIREBASE_SERVER_KEY")
        .within(":APA91b", 7, 24, r"[\w-]{7,24}:APA91b[\w-]{100,200}")
        .example("AAAA7BcKpKL:APA91bhOLsQwGOYrwYmlJQN1RQMoOgpqdHipPkyfyhaRbzqHSsQ7VdFRxiPJSPAvmATswagPaJvjcuVleYXZaijVkBtiaeCPdWK69MRNRf2nolkeWL1ipnJ4eFMsq6q4GTgEraDWmzor"),
    rule("recaptcha", "Google", "reCAPTCHA key", "RECAPTCHA_KEY")
        .prefix(&["6Lc", "6Ld", "6Le", "6Lf"], r"[\w-]{37}")
        .with_digit()
        .score(0.7)
        .example("6LcStgwRw4iLEGJJCcw9DNO6xlF4YNQeQMBT5LrD"),
    rule("digitalocean-token", "DigitalOcean", "personal, OAuth or refresh token", "DIGITALOCEAN_TOKEN")
        .prefix(&["dop_v1_", "doo_v1_", "dor_v1_"], "[0-9a-fA-F]{64}")
        .example("dop_v1_620c0b73c8dbafb2674b061aabc8b147bc383dd53ce1bcf75ab18f250cbbbcb7"),
    rule("digitalocean-spaces", "DigitalOcean", "Spaces access key", "DIGITALOCEAN_SPACES_KEY")
        .prefix(&["DO00", "DO801"], "[A-Z0-9]{16,18}")
        .score(0.7)
        .example("DO00FJHW6FGMBGZOCYZW"),
    rule("heroku", "Heroku", "API key", "HEROKU_API_KEY")
        .prefix(&["HRKU-"], r"[\w-]{60}")
        .example("HRKU-E5JJ4r5Fof6iMbJSNHouypIV40WfVt75uCtG7qhLySTiFAJnfFRdHpMAXDAO"),
    rule("cloudflare-token", "Cloudflare", "user, account or global API token", "CLOUDFLARE_TOKEN")
        .prefix(&["cfut_", "cfat_", "cfk_"], "[A-Za-z0-9_-]{40,64}")
        .checksum(Checksum::AllHex)
        .example("cfut_2dR3cU4cwVlu6elCHrONO7KiukEWgO3BEZhZaK2870155e95"),
    rule("cloudflare-origin-ca", "Cloudflare", "Origin CA key", "CLOUDFLARE_ORIGIN_CA_KEY")
        .prefix(&["v1.0-"], "[a-z0-9._-]{160,200}")
        .example("v1.0-48aeae91ec12b99c1d42a9d5-47919ebd5ed88774df53a944d5acee8f4ac0b78a5ff6683af161f18c5bbfb5d7116262d4904b4a8478a67f6b363c0f6dc2b498ad6613f3d6f77e06572412f2ad7cc44b4c4b79305fd7"),
    rule("akamai-edgegrid", "Akamai", "EdgeGrid access or client token", "AKAMAI_TOKEN")
        .prefix(&["akab-"], "[a-z0-9]{16}-[a-z0-9]{16}")
        .example("akab-v5xis8hc6d6h50iv-l31ssf5sicf7iplr"),
    rule("vercel-token", "Vercel", "personal, integration, app, refresh or AI gateway token", "VERCEL_TOKEN")
        .prefix(&["vcp_", "vci_", "vca_", "vcr_", "vck_"], r"[\w-]{24,64}")
        .checksum(Checksum::BodyBase62)
        .example("vcp_hTYp0RfiHv77RCcsqW49gmmel2rH7TrJa424EuGbIbmYz4C28f0WeyeZ"),
    rule("netlify-token", "Netlify", "access token", "NETLIFY_TOKEN")
        .prefix(&["nfp_", "nfc_", "nfo_", "nfu_", "nfb_"], "[A-Za-z0-9]{36,48}")
        .example("nfp_ZhAKFKC9KgdKcwjBwdkyGFQbVrEsmXVB6XIpywLG"),
    rule("flyio-token", "Fly.io", "macaroon", "FLYIO_TOKEN")
        .prefix(&["fo1_", "fm1_", "fm1r_", "fm1a_", "fm2_"], "[A-Za-z0-9+/=,_-]{40,4000}")
        .example("fo1_SwWKNRfREmgPlJ13aYgST8m9HcpnPDlcQxtyeiM04hhB0ZF3"),
    rule("flyio-header", "Fly.io", "authorization header's macaroons", "FLYIO_TOKEN")
        .prefix(&["FlyV1"], " [A-Za-z0-9+/=,_-]{40,4000}")
        .example("FlyV1 fm2_PZZFMkY3uss14Z4qaTsCxBKFq9xDxwIbNlk1DDvUTAJxBk8yAsrmuVC4PbIhYiDGzOXV4Arv9uaWa5IhvN5qOUoR0lHJuHWgkKiC"),
    rule("render", "Render", "API key", "RENDER_API_KEY")
        .prefix(&["rnd_"], "[A-Za-z0-9]{28,32}")
        .example("rnd_izw6GbvftLVTgXE8j1vPoPN4NQFW"),
    rule("deno-deploy", "Deno", "Deploy token", "DENO_TOKEN")
        .prefix(&["ddp_", "ddo_", "ddw_"], "[A-Za-z0-9]{36}")
        .example("ddp_eh7X5Uwwx8Q0IWkojvj7sCnslCjVSSsHPzdk"),
    rule("scalingo", "Scalingo", "API token", "SCALINGO_TOKEN")
        .prefix(&["tk-us-"], r"[\w-]{48}")
        .example("tk-us-WO9aBXjce5BRTgRAe1WSUxaKkaqLw8tDItKojS01Xa84bHFG"),
    rule("scaleway", "Scaleway", "access key", "SCALEWAY_KEY")
        .prefix(&["SCW"], "[A-Z0-9]{17}")
        .score(0.8)
        .example("SCW7S6BLNY2KIDGTTL27"),
    rule("exoscale", "Exoscale", "API key", "EXOSCALE_API_KEY")
        .prefix(&["EXO"], "[A-Za-z0-9]{24,30}")
        .score(0.8)
        .example("EXO6632c29feea29db29381dfaf"),
    rule("alibaba-access-key", "Alibaba Cloud", "access key id", "ALIBABA_ACCESS_KEY")
        .prefix(&["LTAI"], "[A-Za-z0-9]{12,24}")
        .example("LTAICjE2B1jexBYDuUck"),
    rule("alibaba-sts", "Alibaba Cloud", "temporary access key id", "ALIBABA_ACCESS_KEY")
        .prefix(&["STS."], "[A-Za-z0-9]{16,64}")
        .example("STS.nPs7KWK9fmoyohQV2Au8lS25"),
    rule("tencent-secret-id", "Tencent Cloud", "secret id", "TENCENT_SECRET_ID")
        .prefix(&["AKID"], "[A-Za-z0-9]{13,40}")
        .example("AKIDGfHnccDgjlzE1thRMtFhA"),
    rule("volcengine", "Volcengine", "access key", "VOLCENGINE_KEY")
        .prefix(&["AKLT"], r"[\w-]{40,52}")
        .example("AKLTkmL4AYHPOlahti3tzrACWBoz6DusLTFDXF5Laao8E375"),
    rule("yandex-api-key", "Yandex", "Cloud API key", "YANDEX_API_KEY")
        .prefix(&["AQVN"], r"[\w-]{35,40}")
        .example("AQVN0ehvdwnvhqyEmgfQCmGLmrnuGxrm1wOS2HO7"),
    rule("yandex-iam", "Yandex", "IAM token", "YANDEX_TOKEN")
        .prefix(&["t1."], r"[\w-]{8,400}={0,2}\.[\w-]{86}={0,2}")
        .score(0.85)
        .example("t1.6oBJtMozQSFZRYBz.zM6mmm4bV8Xwcwb0JHCwgqx0Z7pJ33IHWvhbH9T6zF5E4BUxvIVccWtRUzCoFAni2kqSPsmomaiGXng3jCik7F"),
    rule("yandex-static", "Yandex", "static access key", "YANDEX_KEY")
        .prefix(&["YC"], r"[\w-]{36,38}")
        .with_digit()
        .score(0.7)
        .example("YCrSNQ2115eMkSHpriDiQEra8BnbnWleFysjVQ"),
    rule("yandex-oauth", "Yandex", "OAuth token", "YANDEX_TOKEN")
        .prefix(&["y0_", "y1_", "y2_", "y3_"], r"[\w-]{50,60}")
        .example("y0_K0qYNuw1NhMcphuNwyLyMmOodwRtXaW9FBlbS3iWLQJQ2ie9JIa4I"),
    rule("upcloud", "UpCloud", "API token", "UPCLOUD_TOKEN")
        .prefix(&["ucat_"], "[A-Za-z0-9]{24,32}")
        .example("ucat_Hd83dIuy9ROKp9lp2fNNPvZF5a"),
    rule("saladcloud", "SaladCloud", "API key", "SALADCLOUD_KEY")
        .prefix(&["salad_cloud_"], "[A-Za-z0-9]{1,7}_[A-Za-z0-9]{7,40}")
        .example("salad_cloud_user1_GL7zPMXZZSGssl89UAt81OBd4lj8AU"),
    rule("hop", "Hop", "project or personal token", "HOP_TOKEN")
        .prefix(&["ptk_", "hop_pat_"], r"[\w-]{20,80}")
        .example("ptk_eH9EHmZ4mqxQ491UeCsh84mnmdcN"),
    rule("cfx-re", "Cfx.re", "server key", "CFXRE_KEY")
        .prefix(&["cfxk_"], r"[\w-]{20,100}")
        .example("cfxk_gOF4PDnMHMWrHpK12kmVkaxJD5VT"),
    rule("blynk-client-secret", "Blynk", "OAuth client secret", "BLYNK_SECRET")
        .prefix(&["oa2-client-id_", "oa2-client-secret_"], r"[\w-]{32}")
        .example("oa2-client-id_lOwYQqtN7U1ihJosb9GLRZSboHFviLsN"),
    rule("ubidots", "Ubidots", "API key", "UBIDOTS_KEY")
        .prefix(&["BBUS-", "BBFF-"], "[A-Za-z0-9]{28,40}")
        .example("BBUS-8CMnLtHAh0K9rDEHCzYk9mxoPVBd3Z5B"),
    rule("runpod", "RunPod", "API key", "RUNPOD_API_KEY")
        .prefix(&["rpa_"], "[A-Za-z0-9]{30,46}")
        .example("rpa_YQek19bWhsyiuIzWssUK4P7GjteutEmhe2Q"),
    rule("tigris-key-id", "Tigris", "access key id", "TIGRIS_KEY")
        .prefix(&["tid_"], r"\w{40,60}")
        .example("tid_ibXqVZSCe49KB9nupkN9Rq6qccOOA3dQIFxGo2VDTkybXQ"),
    rule("tigris-secret", "Tigris", "secret access key", "TIGRIS_SECRET")
        .prefix(&["tsec_"], r"[\w+-]{60,80}")
        .example("tsec_MzAxqmqPho1qPWQR4dEQKgi43JQmc20RE4LGtV2SsY4aW9gDMXDmyIxYz4J9sCCTIN"),
    rule("openshift", "Red Hat", "OpenShift user token", "OPENSHIFT_TOKEN")
        .prefix(&["sha256~"], r"[\w-]{43}")
        .example("sha256~DjJkZBRPwwaRKT67BGQPNpkyHG4ClTwcznHpbWjVqOB"),
    rule("azure-devops-key", "Azure", "DevOps personal access token", "AZURE_KEY")
        .within("AZDO", 76, 76, "[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}")
        .example("iWJKso91jdXDaW0txcZQ5eEVQiDlyEnDEI5XHeB9eBnoLYPeJ1WhyPD5aBpNbnbDt67TUGHzw3TGAZDOT1cL"),
    rule("azure-sas-url", "Azure", "storage URL with a shared access signature", "AZURE_KEY")
        .prefix(&["blob.core.windows.net", "queue.core.windows.net", "table.core.windows.net", "file.core.windows.net", "dfs.core.windows.net"], r#"/[^\x00-\x20\x7f-\xff"'<>?]{0,400}\?[\w=&%.:/+-]{0,400}sig=[\w%+/=-]{20,100}"#)
        .in_url()
        .example("https://acme.blob.core.windows.net/box/file.txt?sv=2022-11-02&ss=b&srt=o&sp=r&se=2027-01-01T00:00:00Z&sig=MRP22KEAoplqpx96qoILqyOJJyA84BILf2Lv7gmlhKg%3D"),
    rule("google-signed-url", "Google", "signature of a Cloud Storage URL", "GCP_SIGNATURE")
        .prefix(&["X-Goog-Signature="], "[0-9a-fA-F]{64,1024}")
        .example("X-Goog-Signature=8f565008e51e61ce81e370e5d76181166c6753f9f7c6a9080ba22cb5aa69294cf682440996849c9601612d6f1ef6faa0ff8ea60ed963e29aa4c26acbd0f9e0ca")
        .misses(&["X-Goog-Signature=<signature>"]),
];
