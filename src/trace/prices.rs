//! What calls cost, by the prices that a person gave.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The price of a server, of a tool or of a model's tokens.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// For each call.
    #[serde(default)]
    pub per_call: f64,
    /// For each 1000 tokens of the arguments and the result together.
    #[serde(default)]
    pub per_1k_tokens: f64,
    /// A name such as `USD`; sums are made within one.
    #[serde(default = "dollar")]
    pub currency: String,
}

fn dollar() -> String {
    "USD".to_owned()
}

/// All prices.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prices {
    /// By `server` or `server/tool`; the longer one counts.
    pub cost: BTreeMap<String, Price>,
    /// For what results take from a model's context.
    pub model: Option<Price>,
}

/// What one call cost.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Charge {
    /// What the server takes.
    pub(super) cost: Option<f64>,
    pub(super) currency: Option<String>,
    /// What the model takes for the tokens of the result.
    pub(super) context: Option<f64>,
    pub(super) context_currency: Option<String>,
}

impl Prices {
    /// What a call of this tool cost. One that the server was not asked for is free.
    pub(super) fn charge(&self, server: &str, tool: &str, asked: bool, tokens_in: i64, tokens_out: i64) -> Charge {
        let own = self
            .cost
            .get(&format!("{server}/{tool}"))
            .or_else(|| self.cost.get(server));
        let own = own.filter(|_| asked);
        let thousands = |tokens: i64| tokens as f64 / 1000.0;
        Charge {
            cost: own.map(|price| price.per_call + price.per_1k_tokens * thousands(tokens_in + tokens_out)),
            currency: own.map(|price| price.currency.clone()),
            context: self
                .model
                .as_ref()
                .map(|model| model.per_1k_tokens * thousands(tokens_out)),
            context_currency: self.model.as_ref().map(|model| model.currency.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_price_of_a_tool_goes_before_that_of_its_server() {
        let price = |per_call, per_1k_tokens| Price {
            per_call,
            per_1k_tokens,
            currency: "EUR".into(),
        };
        let prices = Prices {
            cost: [("s".into(), price(1.0, 0.0)), ("s/t".into(), price(0.5, 2.0))].into(),
            model: Some(price(0.0, 2.0)),
        };
        let charge = prices.charge("s", "t", true, 100, 400);
        assert_eq!((charge.cost, charge.context), (Some(1.5), Some(0.8)));
        assert_eq!(prices.charge("s", "other", true, 0, 0).cost, Some(1.0));
        assert_eq!(prices.charge("s", "t", false, 0, 0).cost, None);
        assert_eq!(prices.charge("another", "t", true, 0, 0).cost, None);
    }
}
