//! Where the browser brings the answer of a sign-in: one page on this machine (RFC 8252, section 7.3).
//!
//! Every program of this machine and every page of the web can send something here. What does not carry the `state` of
//! the sign-in is not its answer, and the wait goes on.

use std::{io, net::Ipv4Addr, time::Duration};

use reqwest::Url;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    task::JoinSet,
    time::{sleep, timeout},
};

/// The path of the page.
const PATH: &str = "/callback";
/// How long a browser may take for its question.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest head of a question, in bytes.
const LONGEST: usize = 16 * 1024;
/// Questions that are read at once; further ones wait.
const MOST: usize = 64;
/// How long the system is left alone that gives no connection: it may be out of descriptors.
const PAUSE: Duration = Duration::from_millis(100);
/// What the browser shows; how it went is told where the sign-in was started.
const PAGE: &str = "The answer is with mcp-gateway: the terminal says how it went. You may close this page.\n";
/// What the browser shows that brings something else.
const STRAY_PAGE: &str = "This is no answer to the sign-in that mcp-gateway waits for, and nothing was done with it. Use the address that the \
                          terminal shows.\n";

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

    /// Waits for the answer to the sign-in of this `state`, by the browser or as an address that a person has `typed`.
    /// Browsers connect ahead and ask for icons: only a question for the page counts. `stray` is called where the
    /// answer is one to something else.
    pub(super) async fn answer(
        &self,
        state: &str,
        mut typed: mpsc::UnboundedReceiver<String>,
        mut stray: impl FnMut(),
    ) -> Answer {
        let mut questions = JoinSet::new();
        loop {
            let heard = tokio::select! {
                accepted = self.listener.accept(), if questions.len() < MOST => {
                    match accepted {
                        Ok((stream, _)) => drop(questions.spawn(timeout(PATIENCE, question(stream, state.to_owned())))),
                        Err(_) => sleep(PAUSE).await,
                    }
                    continue;
                }
                Some(done) = questions.join_next() => done.ok().and_then(Result::ok).flatten(),
                Some(line) = typed.recv() => match line.trim() {
                    "" => None,
                    address => Some(answer_in(address).unwrap_or_default()),
                },
            };
            match heard {
                Some(answer) if answer.is_to(state) => return answer,
                Some(_) => stray(),
                None => {}
            }
        }
    }
}

impl Answer {
    /// Whether it is the answer to the sign-in of this `state`.
    fn is_to(&self, state: &str) -> bool {
        self.state.as_deref() == Some(state)
    }
}

/// Answers one question; what it says, if it is for the page.
async fn question(mut stream: TcpStream, state: String) -> Option<Answer> {
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
    let (status, page) = match &answer {
        Some(answer) if answer.is_to(&state) => ("200 OK", PAGE),
        Some(_) => ("400 Bad Request", STRAY_PAGE),
        None => ("404 Not Found", ""),
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

/// The answer in an address, or in the path and query of one, if it is that of the page.
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

    async fn asked(address: &str, question: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(question.as_bytes()).await.unwrap();
        let mut page = String::new();
        stream.read_to_string(&mut page).await.unwrap();
        page
    }

    fn host(callback: &Callback) -> String {
        let address = callback.address.strip_prefix("http://").unwrap();
        address.strip_suffix(PATH).unwrap().to_owned()
    }

    #[tokio::test]
    async fn the_question_for_the_page_is_the_answer() {
        let callback = Callback::open(0).await.unwrap();
        let address = host(&callback);
        let browser = tokio::spawn(async move {
            let ahead = TcpStream::connect(&address).await.unwrap();
            for (question, says) in [
                ("GET /favicon.ico HTTP/1.1\r\n\r\n", "404"),
                ("POST /callback?code=x&state=s HTTP/1.1\r\n\r\n", "404"),
                ("GET /callback?code=x HTTP/1.1\r\n\r\n", "400"),
                ("GET /callback?error=access_denied&state=S HTTP/1.1\r\n\r\n", "400"),
                (
                    "GET /callback?code=a%20b&state=s&iss=i&code=other HTTP/1.1\r\nHost: h\r\n\r\n",
                    "200",
                ),
            ] {
                let page = asked(&address, question).await;
                assert!(page.starts_with(&format!("HTTP/1.1 {says}")), "{page}");
            }
            drop(ahead);
        });
        let (_nobody, typed) = mpsc::unbounded_channel();
        let mut strays = 0;
        let answer = callback.answer("s", typed, || strays += 1).await;
        browser.await.unwrap();
        let text = |text: &str| Some(text.to_owned());
        let want = Answer {
            state: text("s"),
            iss: text("i"),
            code: text("a b"),
            error: None,
        };
        assert_eq!((answer, strays), (want, 2));
    }

    #[tokio::test]
    async fn a_crowd_at_the_page_does_not_end_the_wait() {
        let callback = Callback::open(0).await.unwrap();
        let address = host(&callback);
        let crowd = tokio::spawn(async move {
            let mut crowd = Vec::new();
            for _ in 0..2 * MOST {
                crowd.push(TcpStream::connect(&address).await.unwrap());
            }
            // Whoever asks nothing makes room by leaving.
            crowd.drain(..MOST + 1);
            asked(&address, "GET /callback?code=c&state=s HTTP/1.1\r\n\r\n").await
        });
        let (nobody, typed) = mpsc::unbounded_channel();
        drop(nobody);
        let answer = callback.answer("s", typed, || panic!("nobody strays")).await;
        assert_eq!(answer.code.as_deref(), Some("c"));
        assert!(crowd.await.unwrap().starts_with("HTTP/1.1 200"));
    }

    #[tokio::test]
    async fn a_person_may_bring_the_address_instead() {
        let callback = Callback::open(0).await.unwrap();
        let (person, typed) = mpsc::unbounded_channel();
        for line in [
            "",
            "yes",
            "http://127.0.0.1:1/callback?code=x&state=other",
            " http://127.0.0.1:1/callback?code=c&state=s\n",
        ] {
            person.send(line.to_owned()).unwrap();
        }
        let mut strays = 0;
        let answer = callback.answer("s", typed, || strays += 1).await;
        assert_eq!((answer.code.as_deref(), strays), (Some("c"), 2));
    }
}
