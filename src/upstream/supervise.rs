//! Keeping one server running: start, handshake, restart with back-off, end.

use std::{sync::Arc, time::Duration};

use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::{
    asker::{Asker, NotReady},
    catalog::{Catalog, Offering},
    connection::{Connection, End, Event},
    filter::ToolFilter,
    fleet::Surroundings,
    gate::Ruling,
    remote::{Again, Endpoint},
    server::{Ready, Server, State},
    session::{Inbound, Session},
};
use crate::{
    config::{Launch, Transport},
    guard::ServerState,
    process::Backoff,
};

/// The least time between two readings of a server's lists: it may say without end that they changed.
const RELISTING: Duration = Duration::from_millis(250);

/// By so much a request that takes all of the start time-out ends before the start itself: it says what was asked.
const LATER: Duration = Duration::from_millis(100);

/// Runs `server` until it is told to stop.
pub(super) async fn supervise(server: Arc<Server>, around: Arc<Surroundings>, inbound: Arc<dyn Inbound>) {
    let mut backoff = Backoff::start();
    while !server.stop().is_cancelled() {
        server.set(State::Starting);
        around.tell(&server.name, ServerState::Starting);
        let run = Run {
            server: &server,
            around: &around,
            inbound: &inbound,
            backoff,
        };
        let again = run.run().await;
        if again == Again::Never && !server.stop().is_cancelled() {
            return;
        }
        let pause = backoff.pause();
        tokio::select! {
            () = sleep(pause) => {}
            () = signed_in(&server, &around), if again == Again::SignedIn => {}
            () = server.stop().cancelled() => break,
        }
        backoff = Backoff::after(pause);
    }
    around.tell(&server.name, ServerState::Down(server.farewell()));
    server.set(State::Down {
        why: server.farewell().to_owned(),
        again: None,
    });
}

/// Waits until somebody has signed in to a remote server.
async fn signed_in(server: &Server, around: &Surroundings) {
    match Endpoint::of(&server.config, &around.state) {
        Some(endpoint) => endpoint.signed_in().await,
        None => std::future::pending().await,
    }
}

/// Why a connection is not used any more.
enum Ending {
    /// It is over.
    Over(End),
    /// Nothing of the server is to be used, and why.
    Ruled(String),
}

impl From<End> for Ending {
    fn from(end: End) -> Self {
        Self::Over(end)
    }
}

/// One connection, from its start to its end.
struct Run<'a> {
    server: &'a Arc<Server>,
    around: &'a Arc<Surroundings>,
    inbound: &'a Arc<dyn Inbound>,
    backoff: Backoff,
}

impl Run<'_> {
    /// When there is to be another run.
    async fn run(&self) -> Again {
        if let Some(gate) = &self.around.gate
            && let Err(why) = gate.admit(&self.server.config).await
        {
            return self.off(why);
        }
        let mut connection = match Connection::open(self.server, self.around, self.inbound) {
            Ok(connection) => connection,
            Err(end) => return self.down(&end, &end.why),
        };
        let ending = self.live(&mut connection).await;
        // Whoever hears that its call has failed may call again at once, and is to find that the server is down.
        let (why, again) = match ending {
            Ending::Over(end) => {
                let why = end.cleared(&self.server.name, &self.around.chain).await;
                let again = self.down(&end, &why);
                (why, again)
            }
            Ending::Ruled(why) => (why.clone(), self.off(why)),
        };
        connection.session.end(&why);
        connection.close().await;
        again
    }

    /// Says that the server is not to be used.
    fn off(&self, why: String) -> Again {
        tracing::warn!(server = %self.server.name, "not used: {why}");
        self.around.tell(&self.server.name, ServerState::Off(&why));
        self.server.set(State::Off(why));
        self.around.changed(Offering::ALL.into_iter());
        Again::Never
    }

    /// Says that the server is down: people what it said before, too, and the model `why`.
    fn down(&self, end: &End, why: &str) -> Again {
        let whole = end.whole();
        if !self.server.stop().is_cancelled() {
            tracing::error!(server = %self.server.name, "{whole}");
        }
        let again = (end.again != Again::Never).then(|| Instant::now() + self.backoff.pause());
        let offered = self.server.catalog();
        self.around.tell(&self.server.name, ServerState::Down(&whole));
        self.server.set(State::Down {
            why: why.to_owned(),
            again,
        });
        self.around
            .changed(offered.iter().flat_map(|catalog| catalog.offerings()));
        end.again
    }

    /// The connection from the handshake to its end.
    async fn live(&self, connection: &mut Connection) -> Ending {
        let session = connection.session.clone();
        let asker = Asker {
            server: &self.server.name,
            session: &session,
            chain: &self.around.chain,
            over_http: matches!(
                self.server.config.launch,
                Launch::Remote {
                    transport: Transport::StreamableHttp,
                    ..
                }
            ),
            patience: self.server.config.start_timeout,
            tools: &ToolFilter::new(&self.server.config.tools),
        };
        let catalog = match self.meanwhile(connection, self.establish(&asker)).await {
            Ok(Ok(catalog)) => catalog,
            Ok(Err(why)) => return connection.failed(why).into(),
            Err(ending) => return ending,
        };
        tracing::info!(server = %self.server.name, tools = catalog.tools.len(), protocol = catalog.protocol, "ready");
        let ready = self.ready(&session, &catalog, catalog.offerings());
        match self.meanwhile(connection, ready).await {
            Ok(Ok(())) => {}
            Ok(Err(why)) => return Ending::Ruled(why),
            Err(ending) => return ending,
        }
        self.follow(connection, &asker, catalog).await
    }

    /// Keeps the lists of a server that is ready, to the end of the connection.
    async fn follow(&self, connection: &mut Connection, asker: &Asker<'_>, mut catalog: Catalog) -> Ending {
        let mut relist_at = Instant::now();
        let mut stale: Vec<Offering> = Vec::new();
        loop {
            tokio::select! {
                event = connection.event() => match event {
                    Event::Changed(offering) if stale.contains(&offering) => {}
                    Event::Changed(offering) => {
                        if self.around.gate.is_some() {
                            // Whoever calls it now waits until what changed was judged.
                            self.server.set(State::Starting);
                        }
                        stale.push(offering);
                    }
                    Event::Ended(end) => return end.into(),
                },
                () = self.server.stop().cancelled() => return End::for_good(self.server.farewell()).into(),
                () = sleep_until(relist_at), if !stale.is_empty() => {
                    let relisted = self.relist(asker, &mut catalog, &mut stale);
                    match self.meanwhile(connection, relisted).await {
                        Ok(Ok(())) => relist_at = Instant::now() + RELISTING,
                        Ok(Err(why)) => return Ending::Ruled(why),
                        Err(ending) => return ending,
                    }
                }
            }
        }
    }

    /// Reads the lists that changed again. None is `stale` then.
    ///
    /// # Errors
    /// As [`ready`](Self::ready).
    async fn relist(&self, asker: &Asker<'_>, catalog: &mut Catalog, stale: &mut Vec<Offering>) -> Result<(), String> {
        for offering in stale.iter() {
            if let Err(error) = asker.refresh(catalog, *offering).await {
                tracing::warn!(server = %self.server.name, "its list could not be read again: {error}");
            }
        }
        tracing::debug!(server = %self.server.name, tools = catalog.tools.len(), "its lists were read again");
        self.ready(asker.session, catalog, stale.drain(..)).await
    }

    /// Does this as long as there is a connection: what a server was asked it may never answer.
    async fn meanwhile<T>(&self, connection: &mut Connection, work: impl Future<Output = T>) -> Result<T, Ending> {
        tokio::select! {
            done = work => Ok(done),
            end = connection.ended() => Err(end.into()),
            () = self.server.stop().cancelled() => Err(End::for_good(self.server.farewell()).into()),
        }
    }

    /// The handshake waits for what the client can do; the server's time starts then.
    async fn establish(&self, asker: &Asker<'_>) -> Result<Catalog, String> {
        let mut client = self.around.client.clone();
        let Ok(capabilities) = client
            .wait_for(Option::is_some)
            .await
            .map(|client| client.clone().unwrap_or_default())
        else {
            return Err("no client came".to_owned());
        };
        let patience = self.server.config.start_timeout;
        match timeout(patience + LATER, asker.catalog(&capabilities)).await {
            Ok(Ok(catalog)) => Ok(catalog),
            Ok(Err(error @ NotReady::Refused(_))) => Err(error.to_string()),
            Ok(Err(error)) => Err(format!("it could not be set up: {error}")),
            Err(_) => Err(format!("it was not ready within its start time-out of {patience:.0?}")),
        }
    }

    /// Lets the server be used, as far as it may be.
    ///
    /// # Errors
    /// Says why nothing of it may.
    async fn ready(
        &self,
        session: &Arc<Session>,
        catalog: &Catalog,
        changed: impl Iterator<Item = Offering>,
    ) -> Result<(), String> {
        let ruling = match &self.around.gate {
            Some(gate) => gate.judge(&self.server.config, catalog.declared.clone()).await,
            None => Ruling::default(),
        };
        if let Some(why) = ruling.server {
            return Err(why);
        }
        let catalog = Arc::new(catalog.clone().under(&ruling));
        self.server.set(State::Ready(Ready {
            session: session.clone(),
            catalog: catalog.clone(),
        }));
        self.around.tell(
            &self.server.name,
            ServerState::Ready {
                protocol: &catalog.protocol,
                about: catalog.about.as_ref(),
                tools: &catalog
                    .tools
                    .iter()
                    .map(|tool| (tool.name.as_str(), &tool.definition))
                    .collect::<Vec<_>>(),
            },
        );
        self.around.changed(changed);
        Ok(())
    }
}
