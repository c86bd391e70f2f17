//! Where spans and metrics go, as the setting and OpenTelemetry's own variables say.

use std::time::Duration;

use url::Url;

/// How long one request to the collector may take, where nothing says so.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How often metrics are sent, where nothing says so.
const INTERVAL: Duration = Duration::from_secs(60);

/// A collector.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// Where spans go; `None` where they are not wanted.
    pub traces: Option<Url>,
    /// Where metrics go; `None` where they are not wanted.
    pub metrics: Option<Url>,
    /// Sent along with each request.
    pub headers: Vec<(String, String)>,
    /// How long one request may take.
    pub timeout: Duration,
    /// How often metrics are sent.
    pub interval: Duration,
    /// What the resource is said to be, beside what the gateway knows of itself.
    pub attributes: Vec<(String, String)>,
}

/// OpenTelemetry's variables: <https://opentelemetry.io/docs/specs/otel/protocol/exporter/>.
pub struct Signals<'r>(&'r dyn Fn(&str) -> Option<String>);

impl Signals<'_> {
    /// The collector, if the setting or a variable names one.
    ///
    /// # Errors
    /// What can't be used, in words for a person.
    pub fn read(setting: Option<String>, read: &dyn Fn(&str) -> Option<String>) -> Result<Option<Endpoint>, String> {
        let signals = Signals(read);
        if signals
            .get("OTEL_SDK_DISABLED")
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
        {
            return Ok(None);
        }
        let general = "OTEL_EXPORTER_OTLP_ENDPOINT";
        let base = match setting {
            Some(setting) => Some(address("otlp_endpoint", &setting)?),
            None => signals.get(general).map(|value| address(general, &value)).transpose()?,
        };
        let traces = signals.signal("TRACES", base.as_ref(), "v1/traces")?;
        let metrics = signals.signal("METRICS", base.as_ref(), "v1/metrics")?;
        if traces.is_none() && metrics.is_none() {
            return Ok(None);
        }
        if let Some(other) = signals
            .get("OTEL_EXPORTER_OTLP_PROTOCOL")
            .filter(|name| name != "http/protobuf")
        {
            tracing::warn!("OTEL_EXPORTER_OTLP_PROTOCOL is `{other}`; spans and metrics are sent by http/protobuf");
        }
        let millis = |name| {
            signals
                .get(name)
                .and_then(|value| value.parse().ok())
                .map(Duration::from_millis)
        };
        let mut attributes = pairs(&signals.get("OTEL_RESOURCE_ATTRIBUTES").unwrap_or_default());
        attributes.extend(
            signals
                .get("OTEL_SERVICE_NAME")
                .map(|name| ("service.name".to_owned(), name)),
        );
        Ok(Some(Endpoint {
            traces,
            metrics,
            headers: pairs(&signals.get("OTEL_EXPORTER_OTLP_HEADERS").unwrap_or_default()),
            timeout: millis("OTEL_EXPORTER_OTLP_TIMEOUT").unwrap_or(TIMEOUT),
            interval: millis("OTEL_METRIC_EXPORT_INTERVAL").unwrap_or(INTERVAL),
            attributes,
        }))
    }

    fn get(&self, name: &str) -> Option<String> {
        (self.0)(name).filter(|value| !value.is_empty())
    }

    /// Where one signal goes: a variable of its own names the whole address, the general one what stands before `path`.
    fn signal(&self, signal: &str, base: Option<&Url>, path: &str) -> Result<Option<Url>, String> {
        if self.get(&format!("OTEL_{signal}_EXPORTER")).as_deref() == Some("none") {
            return Ok(None);
        }
        let own = format!("OTEL_EXPORTER_OTLP_{signal}_ENDPOINT");
        if let Some(value) = self.get(&own) {
            return address(&own, &value).map(Some);
        }
        Ok(base.map(|base| {
            let mut url = base.clone();
            url.set_path(&format!("{}/{path}", base.path().trim_end_matches('/')));
            url
        }))
    }
}

fn address(name: &str, value: &str) -> Result<Url, String> {
    let url = Url::parse(value).ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.ok_or_else(|| format!("`{name}` has to be the address of a collector, such as http://localhost:4318"))
}

/// `name=value` pairs with commas between them, percent-encoded, as in the W3C's baggage.
fn pairs(text: &str) -> Vec<(String, String)> {
    let decoded = |text: &str| {
        let form = format!("x={}", text.trim().replace('+', "%2B"));
        let value = url::form_urlencoded::parse(form.as_bytes()).next();
        value.map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=')?;
        Some((name.trim().to_owned(), decoded(value)))
    };
    text.split(',').filter_map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(setting: Option<&str>, variables: &[(&str, &str)]) -> Option<Endpoint> {
        let read = |name: &str| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Signals::read(setting.map(str::to_owned), &read).unwrap()
    }

    #[test]
    fn an_endpoint_gets_the_paths_of_the_signals() {
        let of = |endpoint: Endpoint| [endpoint.traces, endpoint.metrics].map(|url| url.map(String::from));
        let both = |base: &str| of(read(Some(base), &[]).unwrap()).map(Option::unwrap);
        assert_eq!(
            both("http://c:4318"),
            ["http://c:4318/v1/traces", "http://c:4318/v1/metrics"]
        );
        assert_eq!(both("https://c/otlp/")[0], "https://c/otlp/v1/traces");
        let variables = [
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://t/x"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c"),
            ("OTEL_METRICS_EXPORTER", "none"),
        ];
        assert_eq!(of(read(None, &variables).unwrap()), [Some("http://t/x".into()), None]);
    }

    #[test]
    fn variables_say_the_rest() {
        let variables = [
            ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=a%20b+c, x=1"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "500"),
            ("OTEL_SERVICE_NAME", "desk"),
        ];
        let endpoint = read(Some("http://c"), &variables).unwrap();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(endpoint.headers, [pair("api-key", "a b+c"), pair("x", "1")]);
        assert_eq!(endpoint.timeout, Duration::from_millis(500));
        assert_eq!(endpoint.attributes, [pair("service.name", "desk")]);
        assert!(read(Some("http://c"), &[("OTEL_SDK_DISABLED", "true")]).is_none());
        assert!(read(None, &[]).is_none());
    }
}
