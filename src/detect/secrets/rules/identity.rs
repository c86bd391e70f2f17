//! Social networks and sign-in.

use super::{Rule, rule};

pub(super) const RULES: &[Rule] = &[
    rule("facebook", "Meta", "user, page or system token", "FACEBOOK_TOKEN")
        .prefix(&["EAA"], "[A-Za-z0-9]{60,400}")
        .example("EAAZVr53ySqKbofd0I0G0g2rY50mPAkTbg7fD6FJFbdYr6KRRywsS4YlBoa4m1yvi76MPi6HfehDRMcOsyUEgJSYNsqZrDwlSevEQRGlbbzbBeIK6IvsyOLHpnARiwHuaDItF3s0m3dJpTTams6fO6Swf"),
    rule("instagram", "Meta", "Instagram token", "INSTAGRAM_TOKEN")
        .prefix(&["IGQV", "IGAA", "IGQW"], r"[\w-]{50,260}")
        .example("IGQVEZsuWkmaYjgLQjCK7SaMWc0MF6LBIyUHPwZ8iTRaOEwSApjyS3FXikvtFS"),
    rule("twitter-bearer", "X", "app bearer token", "TWITTER_TOKEN")
        .prefix(&["AAAAAAAAAAAAAAAAAAAA"], "A{0,4}[A-Za-z0-9%=+/]{80,120}")
        .example("AAAAAAAAAAAAAAAAAAAAAWqDwzhktBUL3Ydj4rKxlPaJmQ42OwRvF88LYlrAk%3DPY0O3zrRG16r4sjvz78O8qro9qECuk3G802qu0zBQd6Ox"),
    rule("linkedin", "LinkedIn", "client secret", "LINKEDIN_SECRET")
        .prefix(&["WPL_AP1.", "WPL_AP0."], "[A-Za-z0-9.+/]{16,60}={0,2}")
        .example("WPL_AP1.MnZpUuTJJiS9vIHr.r1r09X=="),
    rule("pinterest", "Pinterest", "access or refresh token", "PINTEREST_TOKEN")
        .prefix(&["pina_", "pinr_"], r"[\w.-]{20,500}")
        .example("pina_mIqc9cRbqxkEpZEkbCnmqazDhBMs"),
    rule("vk", "VK", "access token", "VK_TOKEN")
        .prefix(&["vk1.a."], r"[\w-]{80,240}")
        .example("vk1.a.vOiYtYxROCIT1Gcm9FdRxPQNds9EKfE0IJUgPYnMdSsw8BeJSL79ZXkafUFaEELIWKgBHK03Pr6pSEBHYH0uPpIg"),
    rule("stytch", "Stytch", "project secret", "STYTCH_SECRET")
        .prefix(&["secret-test-", "secret-live-"], r"[\w-]{30,40}=?")
        .example("secret-test-ZRUbJVn0QKkAYsnbKWylawDp2NAReRy4l"),
    rule("ory", "Ory", "token", "ORY_TOKEN")
        .prefix(&["ory_pat_", "ory_apikey_", "ory_wak_", "ory_st_", "ory_at_", "ory_rt_", "ory_ac_"], r"[\w.-]{24,120}")
        .example("ory_pat_NPqBzDxDQRDhWz9UoWaieqdznQNBzL66"),
    rule("facebook-graph", "Meta", "Graph API explorer token", "FACEBOOK_TOKEN")
        .prefix(&["EAACEdEose0cBA"], "[A-Za-z0-9]{8,400}")
        .example("EAACEdEose0cBAlJU2J13ZPge6sROF"),
];
