//! Where the browser brings the answer of a sign-in: one page on this machine (RFC 8252, section 7.3).

use std::{io, net::Ipv4Addr, time::Duration};

use reqwest::Url;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::timeout,
};

/// The path of the page.
const PATH: &str = "/callback";
/// How long a browser may take for its question.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest head of a question, in bytes.
const LONGEST: usize = 16 * 1024;
/// What the browser shows; how it went is told where the sign-in was started.
const PAGE: &str = "The answer is with mcp-gateway: the terminal says how it went. You may close this page.\n";

/// The page, waiting.
pub(super) struct Callback {
    listener: TcpListener,
    /// Its address.
    pub(super) address: String,
}

/// What an authorization server says through the browser.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) state: Option<String>,
    pub(super) iss: Option<String>,
    pub(super) code: Option<String>,
    pub(super) error: Option<String>,
}

impl Callback {
    /// Opens the page at `port`, or at any that is free for 0.
    ///
    /// # Errors
    /// Where the port is taken.
    pub(super) async fn open(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = format!("http://{}{PATH}", listener.local_addr()?);
        Ok(Self { listener, address })
    }

    /// Waits for the browser. Browsers connect ahead and ask for icons: only a question for the page counts.
    ///
    /// # Errors
    /// Where no connection can be taken any more.
    pub(super) async fn answer(&self) -> io::Result<Answer> {
        let mut questions = JoinSet::new();
        loop {
            tokio::select! {
                accepted = self.listener.accept() => {
                    let (stream, _) = accepted?;
                    questions.spawn(timeout(PATIENCE, question(stream)));
                }
                Some(Ok(Ok(Some(answer)))) = questions.join_next() => return Ok(answer),
            }
        }
    }
}

/// Answers one question; what it says, if it is for the page.
async fn question(mut stream: TcpStream) -> Option<Answer> {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if head.len() > LONGEST || stream.read_buf(&mut head).await.ok()? == 0 {
            return None;
        }
    }
    let head = String::from_utf8_lossy(&head);
    let mut words = head.lines().next()?.split(' ');
    let answer = words
        .next()
        .filter(|method| *method == "GET")
        .and_then(|_| answer_in(words.next()?));
    let (status, page) = if answer.is_some() {
        ("200 OK", PAGE)
    } else {
        ("404 Not Found", "")
    };
    let length = page.len();
    let response = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\nReferrer-Policy: no-referrer\r\n\
         Cache-Control: no-store\r\nConnection: close\r\n\r\n{page}"
    );
    // A browser that has gone has still brought the answer.
    let _ = stream.write_all(response.as_bytes()).await;
    let _ = stream.shutdown().await;
    answer
}

fn answer_in(target: &str) -> Option<Answer> {
    let url = Url::parse("http://localhost")
        .ok()?
        .join(target)
        .ok()
        .filter(|url| url.path() == PATH)?;
    let mut answer = Answer::default();
    for (name, value) in url.query_pairs() {
        let place = match &*name {
            "state" => &mut answer.state,
            "iss" => &mut answer.iss,
            "code" => &mut answer.code,
            "error" => &mut answer.error,
            _ => continue,
        };
        place.get_or_insert(value.into_owned());
    }
    Some(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_question_for_the_page_is_the_answer() {
        let callback = Callback::open(0).await.unwrap();
        let address = callback
            .address
            .strip_prefix("http://")
            .unwrap()
            .strip_suffix(PATH)
            .unwrap()
            .to_owned();
        let browser = tokio::spawn(async move {
            let ahead = TcpStream::connect(&address).await.unwrap();
            for (question, says) in [
                ("GET /favicon.ico HTTP/1.1\r\n\r\n", "404"),
                ("POST /callback?code=x HTTP/1.1\r\n\r\n", "404"),
                (
                    "GET /callback?code=a%20b&state=s&iss=i&code=other HTTP/1.1\r\nHost: h\r\n\r\n",
                    "200",
                ),
            ] {
                let mut stream = TcpStream::connect(&address).await.unwrap();
                stream.write_all(question.as_bytes()).await.unwrap();
                let mut page = String::new();
                stream.read_to_string(&mut page).await.unwrap();
                assert!(page.starts_with(&format!("HTTP/1.1 {says}")), "{page}");
            }
            drop(ahead);
        });
        let answer = callback.answer().await.unwrap();
        browser.await.unwrap();
        let text = |text: &str| Some(text.to_owned());
        let want = Answer {
            state: text("s"),
            iss: text("i"),
            code: text("a b"),
            error: None,
        };
        assert_eq!(answer, want);
    }
}
