//! The chain, with guardrails that say what they are told to.

use async_trait::async_trait;

use super::*;
use crate::{
    guard::GuardError,
    message::{Direction, Hints, Kind},
};

struct Says(&'static str, Stage, fn(&str) -> Result<Verdict, GuardError>);

#[async_trait]
impl Guardrail for Says {
    fn name(&self) -> &'static str {
        self.0
    }
    fn stage(&self) -> Stage {
        self.1
    }
    fn judges(&self, kind: Kind) -> bool {
        kind != Kind::Notification
    }
    async fn inspect(&self, _: &Envelope, payload: &Payload) -> Result<Verdict, GuardError> {
        (self.2)(payload.text())
    }
}

fn envelope(kind: Kind) -> Envelope {
    Envelope {
        server: "s".into(),
        method: "tools/call".into(),
        name: "t".into(),
        kind,
        direction: Direction::ToClient,
        hints: Hints::default(),
        schema: None,
        output: None,
    }
}

async fn clear(guardrails: Vec<Arc<dyn Guardrail>>, kind: Kind, text: &str) -> Result<String, String> {
    let cleared = Chain::new(guardrails, Vec::new())
        .clear(&envelope(kind), Payload::from(text.to_owned()))
        .await;
    cleared
        .map(|cleared| cleared.text().to_owned())
        .map_err(|refusal| refusal.to_string())
}

#[tokio::test]
async fn what_a_judge_changed_is_masked_again_before_the_next_one_sees_it() {
    let mask = Says("mask", Stage::Mask, |text| {
        Ok(match text.contains("secret") {
            true => Verdict::Modified(Payload::from(text.replace("secret", "<X>")), Vec::new()),
            false => Verdict::Allow,
        })
    });
    // What stood in pieces is put together, as where hidden characters are taken out.
    let joins = Says("joins", Stage::Judge, |text| {
        Ok(Verdict::Modified(Payload::from(text.replace('-', "")), Vec::new()))
    });
    let sees = Says("sees", Stage::Judge, |text| match text.contains("secret") {
        true => Ok(Verdict::Block(Reason("saw it".into()))),
        false => Ok(Verdict::Allow),
    });
    let chain: Vec<Arc<dyn Guardrail>> = vec![Arc::new(mask), Arc::new(joins), Arc::new(sees)];
    let passed = clear(chain, Kind::Result, r#""sec-ret""#).await;
    assert_eq!(passed.unwrap(), r#""<X>""#);
}

#[tokio::test]
async fn masks_come_before_judges() {
    let judge = Says("judge", Stage::Judge, |text| {
        if text.contains("secret") {
            Ok(Verdict::Block(Reason("saw it".into())))
        } else {
            Ok(Verdict::Allow)
        }
    });
    let mask = Says("mask", Stage::Mask, |text| {
        Ok(Verdict::Modified(
            Payload::from(text.replace("secret", "<X>")),
            Vec::new(),
        ))
    });
    let passed = clear(vec![Arc::new(judge), Arc::new(mask)], Kind::Result, r#""secret""#).await;
    assert_eq!(passed.unwrap(), r#""<X>""#);
}

#[tokio::test]
async fn a_guardrail_that_fails_stops_the_message() {
    let broken = || Arc::new(Says("broken", Stage::Judge, |_| Err(GuardError("no answer".into()))));
    let refused = clear(vec![broken()], Kind::Result, "1").await.unwrap_err();
    assert!(
        refused.contains("`broken`") && refused.contains("no answer"),
        "{refused}"
    );
    assert_eq!(
        clear(vec![broken()], Kind::Notification, "1").await.unwrap(),
        "1",
        "it does not judge these"
    );
}

struct Answers(Result<(), &'static str>);

#[async_trait]
impl Person for Answers {
    async fn permits(&self, _: &Chain, _: &Envelope, payload: &Payload, why: &Reason) -> Result<(), Reason> {
        assert_eq!((payload.text(), why.0.as_str()), ("1", "it writes"));
        self.0.map_err(|reason| Reason(reason.to_owned()))
    }
}

#[tokio::test]
async fn what_needs_a_person_passes_with_their_yes_alone() {
    let asking = || {
        Arc::new(Says("asks", Stage::Judge, |_| {
            Ok(Verdict::Ask(Reason("it writes".into())))
        }))
    };
    let alone = clear(vec![asking()], Kind::Arguments, "1").await.unwrap_err();
    assert!(alone.contains("nobody to ask"), "{alone}");
    for answer in [Ok(()), Err("they said no")] {
        let chain = Chain::new(vec![asking()], Vec::new()).asking(Arc::new(Answers(answer)));
        let cleared = chain
            .clear(&envelope(Kind::Arguments), Payload::from("1".to_owned()))
            .await;
        assert_eq!(
            cleared.map(drop).map_err(|refusal| refusal.reason),
            answer.map_err(str::to_owned)
        );
    }
}

#[tokio::test]
async fn what_is_not_json_is_never_cleared() {
    assert!(clear(Vec::new(), Kind::Result, r#"{"a":}"#).await.is_err());
}
