//! npm's count of downloads.

use async_trait::async_trait;

use super::{Asked, Source};
use crate::scan::{
    package::Ecosystem,
    reputation::{
        evidence::Evidence,
        fetch::{Question, Trouble},
    },
};

pub(super) struct Downloads;

#[async_trait]
impl Source for Downloads {
    fn knows(&self, asked: &Asked<'_>) -> bool {
        asked.package(Ecosystem::Npm).is_some()
    }

    async fn ask(&self, asked: &Asked<'_>) -> Result<Evidence, Trouble> {
        let Some(package) = asked.package(Ecosystem::Npm) else {
            return Ok(Evidence::default());
        };
        let question = Question::get(asked.base()?, &["downloads", "point", "last-month", &package.name])?;
        let answer = asked.fetcher.ask(question).await?;
        Ok(Evidence {
            downloads: answer.and_then(|answer| answer["downloads"].as_u64()),
            ..Evidence::default()
        })
    }
}
