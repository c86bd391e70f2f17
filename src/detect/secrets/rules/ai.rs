//! Model providers and their tools.

use super::{Rule, rule};

pub(super) const RULES: &[Rule] = &[
    rule("openai-legacy", "OpenAI", "user key", "OPENAI_API_KEY")
        .prefix(&["sk-"], "[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}")
        .example("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"),
    rule("openai-project", "OpenAI", "project, service account or admin key", "OPENAI_API_KEY")
        .prefix(&["sk-proj-", "sk-svcacct-", "sk-admin-", "sk-None-", "sk-service-"], r"[\w-]{30,300}")
        .example("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"),
    rule("openai-compatible", "OpenAI", "key of the common `sk-` form (OpenAI, Stability, Moonshot and others)", "OPENAI_API_KEY")
        .prefix(&["sk-"], "[A-Za-z0-9]{48,51}")
        .score(0.85)
        .example("sk-0wuO2cjhqEVvDq0dHR1KHXG6uonXd8lJkdOCx68C8Mk22Opd"),
    rule("anthropic", "Anthropic", "API, admin, OAuth or session key", "ANTHROPIC_API_KEY")
        .prefix(&["sk-ant-"], r"(?:api|admin|oat|ort|sid)[0-9]{0,4}-[\w-]{60,140}")
        .example("sk-ant-api03-3yIE0YqdyQDU8Le1YIlwLdnByenXvWBBhDTRfjJV9gCu8Tr2lS-lxgk8WJm7PRWcQUmRJAL4I9fOBSaEYx3p2rlCJ1nS2AA"),
    rule("huggingface-user", "Hugging Face", "user access token", "HUGGINGFACE_TOKEN")
        .prefix(&["hf_"], "[A-Za-z0-9]{30,64}")
        .example("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"),
    rule("huggingface-organization", "Hugging Face", "organization token", "HUGGINGFACE_TOKEN")
        .prefix(&["api_org_"], "[A-Za-z0-9]{30,64}")
        .example("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"),
    rule("huggingface-oauth", "Hugging Face", "OAuth token", "HUGGINGFACE_TOKEN")
        .prefix(&["hf_oauth_"], r"eyJ[\w-]+\.[\w-]+\.[\w-]+")
        .example("hf_oauth_eyJhbGciOiJFZERTQSJ9.eyJyZWFkLXJlcG9zIjpbXX0.hMw7tggkiDnS60lRlnoeTqnMGMGlLUScsrE8czRh"),
    rule("groq", "Groq", "API key", "GROQ_API_KEY")
        .prefix(&["gsk_"], "[A-Za-z0-9]{48,56}")
        .example("gsk_tc7cpnroBgBo0uNVAfuPYl50y3lBIkIcH56uJWCFYQpHQ1D6H4"),
    rule("xai", "xAI", "API key", "XAI_API_KEY")
        .prefix(&["xai-"], r"[\w-]{70,120}")
        .example("xai-8cW3cFnO7Qw7zb5FlU1bNkGVpw27is4OA9ZV8ZjJYfYS3O6QjxzW8u3DogQtdWgB4tmtt0QwLY7QmO"),
    rule("perplexity", "Perplexity", "API key", "PERPLEXITY_API_KEY")
        .prefix(&["pplx-"], "[A-Za-z0-9]{32,64}")
        .example("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"),
    rule("replicate", "Replicate", "API token", "REPLICATE_TOKEN")
        .prefix(&["r8_"], "[A-Za-z0-9]{37,48}")
        .example("r8_ZzKZCHxqejlutClC31cuspZ58z1lGoi00A9qobqZ"),
    rule("deepseek", "DeepSeek", "API key (also other OpenAI-compatible services)", "DEEPSEEK_API_KEY")
        .prefix(&["sk-"], "[a-z0-9]{32}")
        .score(0.85)
        .example("sk-bb4a826f3b83ba9b866a7f5ab045ff3f"),
    rule("openrouter", "OpenRouter", "API key", "OPENROUTER_API_KEY")
        .prefix(&["sk-or-v"], r"[0-9]{1,6}-[\w-]{20,80}")
        .example("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"),
    rule("together", "Together AI", "API key", "TOGETHER_API_KEY")
        .prefix(&["tgp_v1_"], r"[\w-]{40,48}")
        .example("tgp_v1_pd9jaQrABDjxrpnMhcCm4OSmprE6ETC4OBdOP78ka5"),
    rule("fireworks", "Fireworks AI", "API key", "FIREWORKS_API_KEY")
        .prefix(&["fw_"], "[A-Za-z0-9]{22,24}")
        .example("fw_4YlAPkyBKLHaJIQQktotBl"),
    rule("cerebras", "Cerebras", "API key", "CEREBRAS_API_KEY")
        .prefix(&["csk-"], "[A-Za-z0-9]{48}")
        .example("csk-gPrIyxhfgOXCHYFdzSWRbn0e4d3dCtWGXnkaot3APBN3iNSD"),
    rule("nvidia", "NVIDIA", "NGC or NIM key", "NVIDIA_API_KEY")
        .prefix(&["nvapi-"], r"[\w-]{60,72}")
        .example("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"),
    rule("elevenlabs", "ElevenLabs", "API key", "ELEVENLABS_API_KEY")
        .prefix(&["sk_"], "[0-9a-fA-F]{48}")
        .example("sk_6bbd608234da34c536228a998bc36fb311e079184cbf8a4d"),
    rule("cartesia", "Cartesia", "API key", "CARTESIA_API_KEY")
        .prefix(&["sk_car_"], r"\w{20,24}")
        .example("sk_car_LUID8devGsrYtaTyVguw"),
    rule("langsmith", "LangChain", "LangSmith personal or service key", "LANGSMITH_API_KEY")
        .prefix(&["lsv2_pt_", "lsv2_sk_"], "[0-9a-fA-F]{32}_[0-9a-fA-F]{10}")
        .example("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"),
    rule("langfuse", "Langfuse", "secret or public key", "LANGFUSE_KEY")
        .prefix(&["sk-lf-", "pk-lf-"], "[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
        .example("sk-lf-9c875021-64cc-d2ff-13c2-29e116c32991"),
    rule("llamacloud", "LlamaIndex", "LlamaCloud key", "LLAMACLOUD_API_KEY")
        .prefix(&["llx-"], "[A-Za-z0-9]{44,52}")
        .example("llx-LOMRwXvh7lZRmgQs1mLiGXRJjpUDX84zXMQ3ZSmyDKeWns"),
    rule("pinecone", "Pinecone", "API key", "PINECONE_API_KEY")
        .prefix(&["pcsk_"], "[A-Za-z0-9]{5,6}_[A-Za-z0-9]{60,66}")
        .example("pcsk_4bC2d_wtcxoRd5vehNGgj5I5gKMzbLTLiXjAL664wsZNCZETcW1ViW8K6XJMQ2m5d96r8"),
    rule("tavily", "Tavily", "API key", "TAVILY_API_KEY")
        .prefix(&["tvly-"], "(?:dev-|prod-)?[A-Za-z0-9]{30,34}")
        .example("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"),
    rule("firecrawl", "Firecrawl", "API key", "FIRECRAWL_API_KEY")
        .prefix(&["fc-"], "[0-9a-fA-F]{32}")
        .example("fc-e17dc3d72de3172943cda46b86afc884"),
    rule("jina", "Jina AI", "API key", "JINA_API_KEY")
        .prefix(&["jina_"], r"[\w-]{56,64}")
        .example("jina_b5f596963920d5a496a821fe10443cd1B7eUUEUxMK00B8uFdeMsCNp71DZw"),
    rule("e2b", "E2B", "API key", "E2B_API_KEY")
        .prefix(&["e2b_"], "[0-9a-fA-F]{40}")
        .example("e2b_0d6de07a319909c65fa918381bd45cc5970badbb"),
    rule("brave-search", "Brave", "Search API key", "BRAVE_API_KEY")
        .prefix(&["BSA"], r"[\w-]{24,40}")
        .with_digit()
        .score(0.6)
        .example("BSACNwuC5voIYLqnKuMcKfy3z4wWHkI6"),
    rule("voyage", "Voyage AI", "API key", "VOYAGE_API_KEY")
        .prefix(&["pa-", "al-"], r"[\w-]{43}")
        .with_digit()
        .score(0.7)
        .example("pa-MTuPxfMaVQODBjp5hfuIVhD7FNTalURKfY3veorno3x"),
    rule("wandb", "Weights & Biases", "API key", "WANDB_API_KEY")
        .prefix(&["wandb_v1_"], r"\w{70,80}")
        .example("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"),
    rule("minimax", "MiniMax", "API key", "MINIMAX_API_KEY")
        .prefix(&["sk-api-"], r"[\w-]{100,130}")
        .example("sk-api-B0oOtg7Xt8TMocCsLDxlltVUGzuHKsDmmJo0R3faHdhpMN4ooC0tqjbjl5MRt6XfGQGN3FTED7yfi1UIG9aFCYYxoDwUwbkjqVp1UK98K3lT"),
    rule("minimax-legacy", "MiniMax", "legacy API key", "MINIMAX_API_KEY")
        .prefix(&["MINIMAX-"], "[A-Z0-9]{8}(?:-[A-Z0-9]{8}){3}")
        .example("MINIMAX-XM1TLTEB-C68T3M7Y-BBBSJ3UL-USZL7W54"),
    rule("zai", "Z.ai", "API key", "ZAI_API_KEY")
        .within(".", 32, 32, r"[0-9a-fA-F]{32}\.[A-Za-z0-9]{16}")
        .score(0.7)
        .example("d055efc9e33eb45b5d3d5e638763c523.5iQ1gjcnzBiHAaJh"),
    rule("cursor", "Cursor", "API key", "CURSOR_API_KEY")
        .prefix(&["key_", "crsr_"], "[0-9a-fA-F]{64}")
        .example("key_5a3b7d009707dba171ebae4bbb2e050e33c5c2b034faa8205e82dec264bd80cb"),
    rule("runway-retell", "Runway and Retell AI", "API key", "AI_API_KEY")
        .prefix(&["key_"], "(?:[0-9a-fA-F]{128}|[0-9a-fA-F]{28})")
        .example("key_a086c97c8235c12b23b8f1c5676fb9f0aa27641f8b189f42bf91e213832f119648e26608660c5f7305d1b7cf746b103ee3fc35a9aa2033615570ecf9be4d2c88"),
    rule("devin", "Cognition", "Devin key", "DEVIN_API_KEY")
        .prefix(&["apk_user_", "apk_"], "[A-Za-z0-9+/]{80,200}={0,2}")
        .example("apk_user_fuC6QP4UJqf3P3Onmjyyb9l6n13OcbiEDFDSGE6kgZZBChHmUAHTGhGz3j8mDMf9I17gAqaufzvdNKoukiaSEfGE"),
    rule("devin-service-user", "Cognition", "Devin service user token", "DEVIN_API_KEY")
        .prefix(&["cog_"], "[a-z2-7]{52}")
        .example("cog_6w4xheni25j7qjtjwwotwzjztwob2h7dtt4slgnvc6bycbbbv3jq"),
    rule("browserbase", "Browserbase", "API key", "BROWSERBASE_API_KEY")
        .prefix(&["bb_live_", "bb_test_"], r"[\w-]{20,40}")
        .example("bb_live_JhcMDHhL6WKKnKEg9CkULNUyRR"),
    rule("browser-use", "Browser Use", "API key", "BROWSERUSE_API_KEY")
        .prefix(&["bu_"], r"[\w-]{42,46}")
        .with_digit()
        .score(0.8)
        .example("bu_NsER7dLhJuibG9WJrBorfuaChW65cC9tc1XYpkkkFi"),
    rule("composio", "Composio", "API key", "COMPOSIO_API_KEY")
        .prefix(&["ak_", "ck_"], r"[\w-]{20}")
        .with_digit()
        .score(0.6)
        .example("ak_fQdzNNKqkd2027jB6qHJ"),
    rule("mem0", "Mem0", "API key", "MEM0_API_KEY")
        .prefix(&["m0-"], "[A-Za-z0-9]{24,44}")
        .example("m0-B3EovWV6RPalUJjbWEC3kaGhWu0QYn"),
    rule("friendli", "Friendli", "token", "FRIENDLI_TOKEN")
        .prefix(&["flp_"], "[A-Za-z0-9]{44,48}")
        .example("flp_y4iecM40fXpMBphbvysn4HYV5WExQEt1Bgmep6Aagygz"),
    rule("gamma", "Gamma", "API key", "GAMMA_API_KEY")
        .prefix(&["sk-gamma-"], r"[\w-]{30,70}")
        .example("sk-gamma-2EsEFZ4e3mWpTbAD2mDum6N83PWYMZJYfPlm5h"),
    rule("ai71", "AI71", "API key", "AI71_API_KEY")
        .prefix(&["ai71-api-"], "[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
        .example("ai71-api-04690f8b-d085-0894-ca94-c75104ca979a"),
    rule("hackclub", "Hack Club", "AI key", "HACKCLUB_KEY")
        .prefix(&["sk-hc-v1-"], "[0-9a-fA-F]{64}")
        .example("sk-hc-v1-12e4730185d0ece64cdc7364f22bcbfcfe1870334d4370317e4b7539a85b99e5"),
    rule("mastra", "Mastra", "API key", "MASTRA_KEY")
        .prefix(&["msk_"], "[A-Za-z0-9]{32,64}")
        .example("msk_CMmWiWsF1JcvTvTPyksucLasu9a94wJobdGXw6X3"),
    rule("dify", "Dify", "app key", "DIFY_API_KEY")
        .prefix(&["app-"], "[A-Za-z0-9]{24}")
        .with_digit()
        .score(0.6)
        .example("app-IsGdis1PwLNI5DwK8rrGxVL0"),
    rule("coze", "Coze", "personal access token", "COZE_TOKEN")
        .prefix(&["pat_"], "[A-Za-z0-9]{64}")
        .example("pat_znJLR57oqaZuZVKM9qgIWpWBYjZfj6P1XQIa5V0GGQn6f0oBSWVK9tBnlExPJuXg"),
    rule("pollinations", "Pollinations", "secret key", "POLLINATIONS_KEY")
        .prefix(&["plln_sk_"], "[A-Za-z0-9]{24,48}")
        .example("plln_sk_FAi15da9JGqjzlfu7XriwB7VxDPk8WQF"),
    rule("scale-ai", "Scale AI", "API key", "SCALE_API_KEY")
        .prefix(&["live_", "live_auth_", "test_", "test_auth_"], "[0-9a-fA-F]{32}")
        .score(0.7)
        .example("live_b9f9eac615517b763211bf317a0505ab"),
    rule("labelbox", "Labelbox", "API key", "LABELBOX_API_KEY")
        .prefix(&["lbx_", "rma_"], r"[\w-]{43}")
        .example("lbx_J0yUF7rM1tV7Lp5noCd3aBQG4uSffk5CvfD2nUaK3ZL"),
    rule("voiceflow", "Voiceflow", "dialog manager key", "VOICEFLOW_KEY")
        .prefix(&["VF.DM.", "VF.WS."], r"[0-9a-fA-F]{24}\.[A-Za-z0-9]{16}")
        .example("VF.DM.2031a6bf9d402d061d4b21eb.BedBPxqbCsBOSLMk"),
    rule("humanloop", "Humanloop", "API key", "HUMANLOOP_KEY")
        .prefix(&["hl_sk_"], "[0-9a-fA-F]{48}")
        .example("hl_sk_88f8038bb1bb4f63f082e35098e280ce2f7bdd27c0d89baa"),
    rule("val-town", "Val Town", "API token", "VALTOWN_TOKEN")
        .prefix(&["vtwn_"], r"[\w-]{20,80}")
        .example("vtwn_GyjLheyz39QpUgc71b6QdGIrdPM5"),
];
