//! Mail, chat and telephony.

use super::{Rule, rule};

pub(super) const RULES: &[Rule] = &[
    rule("slack-app", "Slack", "app-level token", "SLACK_APP_TOKEN")
        .prefix(&["xapp-", "XAPP-"], "[0-9]{1,12}-[A-Za-z0-9]+(?:-[A-Za-z0-9]+){1,3}")
        .example("xapp-1-A0AQPBZKD24-1234567890123-40da90b9367f49a862d4f5aadb1231adee6307a34211e33a27efd7fe557c9a8f"),
    rule("slack-bot", "Slack", "bot token", "SLACK_TOKEN")
        .prefix(&["xoxb-"], "[0-9A-Za-z-]{20,120}")
        .example("xoxb-123456789012-1234567890123-E3qTprkMr2rYAgiiW6S5QOfq"),
    rule("slack-user", "Slack", "user or legacy token", "SLACK_TOKEN")
        .prefix(&["xoxp-", "xoxo-", "xoxs-", "xoxa-", "xoxr-"], "[0-9A-Za-z-]{12,260}")
        .example("xoxp-123456789012-123456789012-123456789012-bb0781bfda6f702ed72775af117649c0"),
    rule("slack-config", "Slack", "configuration or refresh token", "SLACK_TOKEN")
        .prefix(&["xoxe.xoxp-", "xoxe.xoxb-", "xoxe-"], "[0-9A-Za-z-]{20,260}")
        .example("xoxe.xoxp-1-KPH2gzXsz6XTGSiHfSIGAWEOcOtcsZ2arTXhKc7XX5geo6wN4ZifmNJVfKLI27W4Jjk9bFCwPmOkrmmxxtMPXmswKaM0DUQkpopwyfanEcFamLAif59y3vRsilO5HlQK1yaSTvTyH3vJfPME56eB2mwE1OpCkL862hIUVd"),
    rule("slack-session", "Slack", "browser session token", "SLACK_TOKEN")
        .prefix(&["xoxc-"], "[0-9A-Za-z-]{30,160}")
        .example("xoxc-1234567890-1234567890-1234567890-053afeceebaec54eb8a0b10b9daf88fb246adc76453df45954b9fb0ece2bdb8d"),
    rule("slack-session-cookie", "Slack", "browser session cookie", "SLACK_TOKEN")
        .prefix(&["xoxd-"], r"[\w/\\+%-]{60,400}={0,2}")
        .example("xoxd-LZIqXumgR63VNUfnWYNMpvhvpoOhxbZfk6aeI2UG3Yke6Ie5aXnQoJ8yAllwNyW5YE6i"),
    rule("slack-app-short", "Slack", "short app token", "SLACK_APP_TOKEN")
        .prefix(&["xapp-"], "[0-9]{12}-[A-Za-z0-9+/]{24}")
        .example("xapp-938842938215-rwDd8bRnPRav2XSC8egslmxn"),
    rule("slack-webhook", "Slack", "incoming webhook or workflow trigger", "SLACK_WEBHOOK")
        .prefix(&["hooks.slack.com/", "hooks.slack-gov.com/"], r"(?:services|workflows|triggers)/[\w+/]{30,120}")
        .in_url()
        .example("hooks.slack.com/services/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"),
    rule("discord-bot", "Discord", "bot token", "DISCORD_TOKEN")
        .within(".", 23, 28, r"[MNO][A-Za-z0-9_-]{22,27}\.[\w-]{5,7}\.[\w-]{27,40}")
        .example("MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.IOgxFrAP0OBi5u6nsjaUG9fTJoq"),
    rule("discord-webhook", "Discord", "webhook", "DISCORD_WEBHOOK")
        .prefix(&["discord.com/api/", "discordapp.com/api/"], r"(?:v[0-9]+/)?webhooks/[0-9]{17,20}/[\w-]{30,120}")
        .in_url()
        .example("discord.com/api/webhooks/123456789012345678/fo0OSDpN4EF5UzzkjhzQtJreXHtnzpHSPxjRHlEo0XdIpdMNmKmiL6o8iykJ5etZ5wZ3"),
    rule("discord-mfa", "Discord", "user token", "DISCORD_TOKEN")
        .prefix(&["mfa."], r"[\w-]{80,90}")
        .example("mfa.IG38WnREAam9L7CLIW49FI3gbGyt7c4hCxJEIJmko9ghsMlt4k8KpVVTM8vYU6Za8GjM07DCt81kdYfL65T"),
    rule("telegram-bot", "Telegram", "bot token", "TELEGRAM_TOKEN")
        .within(":A", 8, 13, r"(?:bot)?[0-9]{8,10}:A[\w-]{33,36}")
        .example("1234567890:AAZk9XxYLiKR7O6nrr5arZiXlaqrOwfa9Yv"),
    rule("teams-webhook", "Microsoft", "Teams incoming webhook", "MICROSOFT_TEAMS_WEBHOOK")
        .prefix(&["webhook.office.com/", "outlook.office.com/"], r"webhook(?:b2)?/[a-zA-Z0-9@-]{36,80}/IncomingWebhook/[a-zA-Z0-9]{32}/[a-zA-Z0-9-]{36}(?:/[\w-]+)?")
        .in_url()
        .example("https://acme.webhook.office.com/webhookb2/4f371ae7-b554-13bd-7e83-e2c66af3b113@95f4c01f-463f-7c4b-0310-caa621e8745d/IncomingWebhook/9706cb7ce7b46a58c87656ba5889108c/198a916d-8ac2-a6e9-2858-ffab853488c8"),
    rule("power-automate", "Microsoft", "Logic Apps or Power Automate URL", "POWER_AUTOMATE_URL")
        .prefix(&["logic.azure.com", "powerplatform.com"], r"(?::[0-9]+)?/[\w/.-]*\?[\w=&%./-]{0,200}sig=[\w%-]{40,60}")
        .in_url()
        .example("https://prod-12.westeurope.logic.azure.com:443/workflows/357ad9d8c4d87c8bed67c6e7ba41133f/triggers/manual/paths/invoke?api-version=2016-10-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=gQer0Ttl8YwgoWOYDLDcfnlF3eUTgwX9Prhg0UyOlQj"),
    rule("azure-function-url", "Azure", "Function URL with its key", "AZURE_KEY")
        .prefix(&["azurewebsites.net/api/"], r"[\w/-]+\?code=[\w/+=%-]{20,100}")
        .in_url()
        .example("https://acme.azurewebsites.net/api/hello?code=Rj7HcCcaGfQV6COMK95tkYo91iVuQhhhlkJgtG24oxKGRpc3OHTDZD=="),
    rule("zapier-webhook", "Zapier", "webhook", "ZAPIER_WEBHOOK")
        .prefix(&["hooks.zapier.com/hooks/catch/"], "[0-9]{5,10}/[a-zA-Z0-9]{5,12}/?")
        .in_url()
        .example("hooks.zapier.com/hooks/catch/059045/2egdYz6"),
    rule("sendgrid", "Twilio", "SendGrid API key", "SENDGRID_API_KEY")
        .prefix(&["SG."], r"(?:[\w=-]{16,32}\.[\w=-]{32,50}|[\w=.-]{66})")
        .example("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"),
    rule("twilio-api-key", "Twilio", "API key or account id", "TWILIO_KEY")
        .prefix(&["SK", "AC"], "[0-9a-fA-F]{32}")
        .score(0.7)
        .example("SK59f865443160969403bd29de862588c5"),
    rule("mailgun", "Mailgun", "private key", "MAILGUN_KEY")
        .prefix(&["key-"], "[A-Za-z0-9]{32}")
        .example("key-ccb6793bee94f87b1cff0403b6d92bda"),
    rule("mailgun-new", "Mailgun", "signing or private key", "MAILGUN_KEY")
        .within("-", 32, 32, "[0-9a-fA-F]{32}-[0-9a-fA-F]{8}-[0-9a-fA-F]{8}")
        .example("a349264625ac0909e9e3c0b62991e017-b5f411ca-7112c8e5"),
    rule("mailchimp", "Mailchimp", "API key", "MAILCHIMP_KEY")
        .within("-us", 32, 32, "[0-9a-fA-F]{32}-us[0-9]{1,2}")
        .example("19c3c63128cd4fbe902d11862eb191bf-us3"),
    rule("mandrill", "Mailchimp", "Mandrill key", "MANDRILL_KEY")
        .prefix(&["md-"], r"[\w-]{22}")
        .with_digit()
        .score(0.7)
        .example("md-7jL24coChtcqrt5pjzIYuY"),
    rule("brevo", "Brevo", "API or SMTP key", "BREVO_KEY")
        .prefix(&["xkeysib-", "xsmtpsib-"], "[0-9a-fA-F]{64}-[A-Za-z0-9]{16}")
        .example("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"),
    rule("resend", "Resend", "API key", "RESEND_API_KEY")
        .prefix(&["re_"], "[A-Za-z0-9]{8}_[A-Za-z0-9]{24}")
        .example("re_iI6JTqOR_3404eljN5vBva8Dzj5azgHE4"),
    rule("mailersend", "MailerSend", "API token", "MAILERSEND_TOKEN")
        .prefix(&["mlsn."], "[A-Za-z0-9]{30,100}")
        .example("mlsn.MnejgllTj8JHwkDLv9xA0JTM822MlrqSdGptWr"),
    rule("klaviyo", "Klaviyo", "private key", "KLAVIYO_KEY")
        .prefix(&["pk_"], "[0-9a-fA-F]{34}")
        .example("pk_900750babdb223c1120fa42d6400aea825"),
    rule("telnyx", "Telnyx", "API key", "TELNYX_KEY")
        .prefix(&["KEY"], r"[0-9A-F]{32}_[\w-]{22}")
        .example("KEY95B05E6D977259708614F3CA0A50ED54_yPW5GsejT09cyLQ5paW9S7"),
    rule("onesignal", "OneSignal", "rich API key", "ONESIGNAL_KEY")
        .prefix(&["os_v2_app_", "os_v2_org_"], "[a-z2-7]{90,110}")
        .example("os_v2_app_qtvwovktly5jzjjq3lhj7ubvr4tkf2mzv5ouwlnyhhxuptlcc5riehx6huhtc22bg4nvfa2phpjtrw2se54aix2hshn3qo4b"),
    rule("nylas", "Nylas", "API key", "NYLAS_KEY")
        .prefix(&["nyk_"], "(?:v0_)?[A-Za-z0-9]{60,70}")
        .example("nyk_uVgjzbx9E20MswQUaDyitJ1zfNpJhMOJeECg8Ai7F5qXu4gXH9kTt2FFlmjhrDW"),
    rule("pubnub", "PubNub", "publish, subscribe or secret key", "PUBNUB_KEY")
        .prefix(&["pub-c-", "sub-c-", "sec-c-"], "[A-Za-z0-9-]{36,60}")
        .example("pub-c-61834eed-3efc-cc95-e673-488ef1d1dfc8"),
    rule("intercom", "Intercom", "access token", "INTERCOM_TOKEN")
        .prefix(&["dG9rO"], "[A-Za-z0-9+/]{50,58}={0,2}")
        .example("dG9rOdnFlJD8FeGYAAPtSbnboVfrP3b28xonuSEP1VNHLvYN9qk6rq7dS"),
    rule("canadian-notify", "Canadian Digital Service", "GC Notify key", "GC_NOTIFY_KEY")
        .prefix(&["gcntfy-"], r"[\w-]{1,80}[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
        .example("gcntfy-acme-3c85de35-da64-9c68-8037-99b302bb6083-f0a70b62-9559-ff93-b92f-7c63b1ff0475"),
    rule("nightfall", "Nightfall", "API key", "NIGHTFALL_KEY")
        .prefix(&["NF-"], "[A-Za-z0-9]{32}")
        .score(0.85)
        .example("NF-JMC3FXsM2rDg3hp5Av4uSat6QhmIotUb"),
];
