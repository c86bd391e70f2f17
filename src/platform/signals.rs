//! What asks a process to end.

/// Waits for a signal that asks the gateway to end, and names it.
#[cfg(unix)]
pub async fn asked_to_end() -> &'static str {
    use tokio::signal::unix::{Signal, SignalKind, signal};
    let listen = |kind| signal(kind).ok();
    let (mut interrupt, mut terminate, mut hangup) = (
        listen(SignalKind::interrupt()),
        listen(SignalKind::terminate()),
        listen(SignalKind::hangup()),
    );
    let next = async |signal: &mut Option<Signal>| match signal {
        Some(signal) => signal.recv().await,
        None => std::future::pending().await,
    };
    tokio::select! {
        _ = next(&mut interrupt) => "SIGINT",
        _ = next(&mut terminate) => "SIGTERM",
        _ = next(&mut hangup) => "SIGHUP",
    }
}

/// Waits for the key or the console event that asks the gateway to end.
#[cfg(windows)]
pub async fn asked_to_end() -> &'static str {
    match tokio::signal::ctrl_c().await {
        Ok(()) => "Ctrl-C",
        Err(_) => std::future::pending().await,
    }
}
