//! Connections from end to end, with limits that no gateway has.

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines},
    net::TcpListener,
};

use super::*;

/// The largest message of these tests, in bytes.
const LIMIT: usize = 10_000;

/// The near end of a connection.
struct Served {
    input: DuplexStream,
    lines: Lines<BufReader<DuplexStream>>,
    unanswered: mpsc::UnboundedReceiver<Unanswered>,
    connection: Connection,
}

impl Served {
    async fn line(&mut self) -> String {
        self.lines.next_line().await.unwrap().unwrap()
    }

    /// Why the one request has no answer.
    async fn failure(&mut self) -> String {
        let Unanswered { id, why } = self.unanswered.recv().await.unwrap();
        assert_eq!(id.raw(), "1");
        why
    }
}

/// A server that answers each POST with these bytes, and closes.
async fn serving(transport: Transport, answer: String) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    let endpoint = Endpoint {
        server: "it".into(),
        url: format!("http://{address}/mcp"),
        transport,
        headers: Vec::new(),
        oauth: None,
        ca: None,
        state: std::env::temp_dir().join("mcp-gateway-no-such-state"),
    };
    let Remote {
        mut input,
        output,
        unanswered,
        connection,
    } = open(
        &endpoint,
        Limits {
            message: LIMIT,
            response: LIMIT,
        },
    )
    .unwrap();
    input
        .write_all(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\"}\n")
        .await
        .unwrap();
    Served {
        input,
        lines: BufReader::new(output).lines(),
        unanswered,
        connection,
    }
}

fn http(media_type: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test]
async fn an_answer_over_the_limit_is_a_failure() {
    let long = format!(r#"{{"jsonrpc":"2.0","result":"{}","id":1}}"#, "x".repeat(LIMIT));
    let too_long = format!("of {} bytes or more is over the limit of {LIMIT} bytes", long.len());
    for (media_type, body) in [
        ("application/json", long.clone()),
        ("text/event-stream", format!("data: {long}\n\n")),
    ] {
        let mut served = serving(Transport::StreamableHttp, http(media_type, &body)).await;
        let why = served.failure().await;
        assert!(why.contains("over the limit"), "{why}");
        assert!(media_type != "application/json" || why.contains(&too_long), "{why}");
    }
    let events = format!("event: endpoint\ndata: /m\n\ndata: {long}\n\n");
    let mut served = serving(Transport::Sse, http("text/event-stream", &events)).await;
    let why = served.failure().await;
    assert!(why.contains("over the limit"), "{why}");
}

#[tokio::test]
async fn an_answer_is_passed_on_as_it_is() {
    for (body, want) in [
        (
            r#"{"id":1,"result":{"b":1.0,"a":18446744073709551616}}"#,
            r#"{"id":1,"result":{"b":1.0,"a":18446744073709551616}}"#,
        ),
        (r#"{"id":"1","result":{}}"#, r#"{"id":"1","result":{}}"#),
        ("[{\"id\":1,\n\"result\":{}}]", r#"{"id":1, "result":{}}"#),
        (
            r#"{"id":null,"error":{"code":-1}}"#,
            r#"{"jsonrpc":"2.0","id":1,"error":{"code":-1}}"#,
        ),
    ] {
        let answer = http("application/json; charset=utf-8", body);
        assert_eq!(serving(Transport::StreamableHttp, answer).await.line().await, want);
    }
}

#[tokio::test]
async fn what_precedes_an_answer_keeps_its_order() {
    let progress =
        |n: u32| format!("data: {{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{n}}}\n\n");
    let events: String = (0..200).map(progress).collect();
    let body = events + "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n";
    let mut served = serving(Transport::StreamableHttp, http("text/event-stream", &body)).await;
    for n in 0..200 {
        assert!(served.line().await.ends_with(&format!("\"params\":{n}}}")));
    }
    assert!(served.line().await.contains("result"));
}

#[tokio::test]
async fn the_end_of_the_session_is_the_end_of_the_connection() {
    let mut served = serving(Transport::StreamableHttp, String::new()).await;
    assert!(served.failure().await.contains("broke before its answer came"));
    drop(served.input);
    assert_eq!(served.connection.ended().await.again, Again::Soon);
    assert_eq!(served.lines.next_line().await.unwrap(), None);
}

#[test]
fn an_entry_that_cannot_be_used_says_why_without_its_values() {
    let endpoint = |url: &str, header: (&str, &str), ca: Option<&str>| Endpoint {
        server: "it".into(),
        url: url.into(),
        transport: Transport::Sse,
        headers: vec![(header.0.into(), header.1.into())],
        oauth: None,
        ca: ca.map(PathBuf::from),
        state: PathBuf::new(),
    };
    for (endpoint, says) in [
        (endpoint("s3cret", ("a", "b"), None), "its `url` is no address"),
        (endpoint("ftp://s3cret/", ("a", "b"), None), "its `url` is no address"),
        (
            endpoint("https://h/", ("a b", "s3cret"), None),
            "its header `a b` can't be sent",
        ),
        (
            endpoint("https://h/", ("a", "s3cret\n"), None),
            "its header `a` can't be sent",
        ),
        (
            endpoint("https://h/", ("a", "b"), Some("/no/such/file")),
            "the certificates in /no/such/file can't be used",
        ),
    ] {
        let error = Http::new(&endpoint).err().expect("it can't be used").to_string();
        assert!(error.starts_with(says) && !error.contains("s3cret"), "{error}");
    }
}
