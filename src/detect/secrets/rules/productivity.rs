//! Office, design and customer tools.

use super::{Rule, rule};

pub(super) const RULES: &[Rule] = &[
    rule("figma", "Figma", "personal or OAuth token", "FIGMA_TOKEN")
        .prefix(&["figd_", "figo_", "figu_", "figr_", "figp_", "figor_", "figoh_", "figdr_", "figur_"], r"[\w-]{38,44}")
        .example("figd_evUqBnKeRlK2ODObvZ7OUP7AqH1zEDQlGjZ2cH0X"),
    rule("linear", "Linear", "API or OAuth key", "LINEAR_API_KEY")
        .prefix(&["lin_api_", "lin_oauth_", "lin_wh_"], "[A-Za-z0-9]{32,64}")
        .example("lin_api_PfMAbmReeBNRKFZFoQ5TjAiS2eJ4qJLusNafUQFj"),
    rule("notion", "Notion", "integration token", "NOTION_TOKEN")
        .prefix(&["ntn_"], "[0-9]{11}[A-Za-z0-9]{35}")
        .example("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"),
    rule("notion-legacy", "Notion", "legacy integration token", "NOTION_TOKEN")
        .prefix(&["secret_"], "[A-Za-z0-9]{43}")
        .example("secret_hykQcX507mF8CuVJmNy4Hr0q6YZJKuvd1S7SRQR4AZa"),
    rule("notion-refresh", "Notion", "refresh token", "NOTION_TOKEN")
        .prefix(&["nrt_"], r"\w{40,55}")
        .example("nrt_P8gqTadoiidi3Y4VsJyRcIRBR18vSpcE0gUkFL1Io7aSc"),
    rule("asana", "Asana", "personal access token", "ASANA_TOKEN")
        .prefix(&["1/", "2/"], "[0-9]{10,18}(?:/[0-9]{16})?:[0-9a-fA-F]{32}")
        .example("1/304538612803:b6bb9bf29f099bf175bd2ab6457b2b10"),
    rule("clickup", "ClickUp", "personal token", "CLICKUP_TOKEN")
        .prefix(&["pk_"], "[0-9]{6,9}_[A-Z0-9]{32}")
        .example("pk_936263_3MWLG3TBHZ6HVCWGG8513AHEMDQZL71Y"),
    rule("typeform", "Typeform", "personal access token", "TYPEFORM_TOKEN")
        .prefix(&["tfp_"], r"[\w.=-]{40,64}")
        .example("tfp_nPdR7fQvsdWXqVg2x0fZiiygd5U3yEmrUJlyrCqt0iQgM9uV"),
    rule("contentful", "Contentful", "personal access token", "CONTENTFUL_TOKEN")
        .prefix(&["CFPAT-"], r"[\w-]{43}")
        .example("CFPAT-tir3d2zYreroAhsXgzyULqLWNyLXp4sb8HHYjJoW3MH"),
    rule("close-crm", "Close", "API key", "CLOSE_API_KEY")
        .prefix(&["api_"], r"[A-Za-z0-9]{18,26}\.[A-Za-z0-9]{18,26}")
        .example("api_Nrmk9qYfqQuAUiOsDfvb.FryDwo7ZGU8OtfGJsRHR"),
    rule("hubspot", "HubSpot", "private app token", "HUBSPOT_TOKEN")
        .prefix(&["pat-"], "[a-z0-9]{2,3}-[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
        .example("pat-3g-d17b4bb9-0584-a47c-56a0-108f384a7926"),
    rule("salesforce", "Salesforce", "access token", "SALESFORCE_TOKEN")
        .prefix(&["00D"], "[A-Za-z0-9]{12,15}![A-Za-z0-9._]{80,260}")
        .example("00DMFZL7y7X0jcA!MFvMBg0BRRdmdBjXIPkHYOcXR1Z4f32zbmPc7jYOH6O5ufE0HyFneSr7tLhnvqadxn1Ni1NnhXVgJ3ZIZUluizJv"),
    rule("salesforce-consumer", "Salesforce", "connected app key or refresh token", "SALESFORCE_KEY")
        .prefix(&["3MVG9", "5Aep861"], r"[\w.~-]{20,180}")
        .example("3MVG9ZFsVnrtweZAaTfNE6w9tAU4cdZic"),
    rule("workato", "Workato", "API token", "WORKATO_TOKEN")
        .prefix(&["wrka"], r"(?:[a-z]{2})?-eyJ[\w-]+\.[\w-]+\.[\w-]+")
        .example("wrkaus-eyJhbGciOiJSUzI1NiJ9.8Qt36jvXZsg2MthvUa0qOp2eZVfsrjZM79FZGUd6.h3I5Zz045ql5QNmDOh1Gq8rJdsFaznfkqau99cvUzMatnCkHLN55AyDyvRzuoIZNrD6o7j3P8pMffbilmorDuA"),
    rule("frame-io", "Frame.io", "API token", "FRAMEIO_TOKEN")
        .prefix(&["fio-u-"], r"[\w=-]{64}")
        .example("fio-u-CXRznBCye7DDIEmgsqjm4QMcOxveAJupUgqynxvbgwQNqZjGTmB8LIod0hfrMxHk"),
    rule("readme", "ReadMe", "API key", "README_KEY")
        .prefix(&["rdme_"], "[a-z0-9]{60,80}")
        .example("rdme_i0h1d26y5f2lb1tshrsjytwblyrkg33pxbq1vlhhjm0i0z9dhsnfcuevqdz8qoogs7"),
    rule("dropbox", "Dropbox", "short-lived token", "DROPBOX_TOKEN")
        .prefix(&["sl."], r"(?:u\.)?[\w-]{120,1400}={0,2}")
        .example("sl.dZ9VTeyDhQDhyY5bR3PW566pBGa9LRsSLS4TPMIhm77Zl0IP4ZpDoYLCgxmm3oK0D6KtXku3aSqYL3utlv3sIXFoLuTjZdXpBWVLYIjQuuDv6HrwEKlQKilIVG8rijoH"),
    rule("dropbox-long", "Dropbox", "long-lived token", "DROPBOX_TOKEN")
        .within("AAAAAAAAAA", 11, 11, r"[A-Za-z0-9]{11}AAAAAAAAAA[\w=-]{43}")
        .example("tYDWC770VjFAAAAAAAAAAtrm2IOWua1JhXnJbJH80cF9rIFbPAVltw3khEsCe9By"),
    rule("miro", "Miro", "access token", "MIRO_TOKEN")
        .prefix(&["eyJtaXJv"], r"[A-Za-z0-9-]{10,64}_[\w-]{20,64}")
        .example("eyJtaXJv3KMBcX5KyAHM5chthp_gWsNxpEcBEzHpIX6ArabErzj3JOQ"),
    rule("shutterstock", "Shutterstock", "API token", "SHUTTERSTOCK_TOKEN")
        .prefix(&["v2/"], "[A-Za-z0-9+/]{40,512}={0,2}")
        .score(0.6)
        .example("v2/hCAZmMPbWT9HQYuePSnSCLPoKQk1Wul9ILJdQe9I0vLaa1t8"),
    rule("rapidapi", "RapidAPI", "key", "RAPIDAPI_KEY")
        .within("msh", 10, 10, "[0-9a-fA-F]{10}msh[0-9a-fA-F]{15}p1[0-9a-fA-F]{5}jsn[0-9a-fA-F]{12}")
        .example("b56a7e1a8dmsh0434bdecffbb68cp1e885bjsn30cbb3b9f29a"),
    rule("zoho", "Zoho", "OAuth access or refresh token", "ZOHO_TOKEN")
        .prefix(&["1000."], r"[0-9a-fA-F]{32}\.[0-9a-fA-F]{32}")
        .example("1000.5a66d81fc63cbb0f1d2a65b509f470d0.841e86decaa8e369cbf1ff40a8be23ba"),
];
