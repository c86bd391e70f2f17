//! The metrics of all calls since the gateway began.

use std::collections::BTreeMap;

use opentelemetry_proto::tonic::{
    collector::metrics::v1::ExportMetricsServiceRequest,
    common::v1::KeyValue,
    metrics::v1::{
        AggregationTemporality, Histogram, HistogramDataPoint, Metric, NumberDataPoint, ResourceMetrics, ScopeMetrics,
        Sum, metric::Data, number_data_point::Value,
    },
    resource::v1::Resource,
};

use super::{
    resource::{scope, text},
    spans::Operation,
};

/// The bounds that the conventions for MCP advise, in seconds.
const BOUNDS: [f64; 14] = [
    0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0,
];

/// Sets of attributes at most, as the specification says; what comes on top goes into one more.
const MOST: usize = 2000;

/// Durations and tokens, by attributes.
pub(super) struct Metrics {
    started_at: i64,
    points: BTreeMap<String, Point>,
}

#[derive(Clone)]
struct Point {
    attributes: Vec<KeyValue>,
    counts: [u64; BOUNDS.len() + 1],
    seconds: f64,
    tokens: i64,
}

impl Metrics {
    /// Nothing yet, from this moment on, in microseconds since 1970.
    pub(super) fn since(started_at: i64) -> Self {
        Self {
            started_at,
            points: BTreeMap::new(),
        }
    }

    /// Counts a call.
    pub(super) fn add(&mut self, it: &Operation<'_>) {
        let mut attributes = it.attributes();
        let mut key = [it.method, it.server, it.name, it.outcome].join("\n");
        if !self.points.contains_key(&key) && self.points.len() >= MOST {
            attributes = vec![text("otel.metric.overflow", "true")];
            key = String::new();
        }
        let point = self.points.entry(key).or_insert_with(|| Point {
            attributes,
            counts: [0; BOUNDS.len() + 1],
            seconds: 0.0,
            tokens: 0,
        });
        let seconds = it.took as f64 / 1e6;
        point.counts[BOUNDS.partition_point(|bound| *bound < seconds)] += 1;
        point.seconds += seconds;
        point.tokens += it.tokens.1;
    }

    /// The request that brings them to a collector; `None` while there is nothing.
    pub(super) fn request(&self, resource: Resource, now: i64) -> Option<ExportMetricsServiceRequest> {
        if self.points.is_empty() {
            return None;
        }
        let temporality = AggregationTemporality::Cumulative.into();
        let nanos = |micros: i64| u64::try_from(micros).unwrap_or_default() * 1000;
        let (start, now) = (nanos(self.started_at), nanos(now));
        let durations = self.points.values().map(|point| HistogramDataPoint {
            attributes: point.attributes.clone(),
            start_time_unix_nano: start,
            time_unix_nano: now,
            count: point.counts.iter().sum(),
            sum: Some(point.seconds),
            bucket_counts: point.counts.to_vec(),
            explicit_bounds: BOUNDS.to_vec(),
            ..HistogramDataPoint::default()
        });
        let tokens = self.points.values().map(|point| NumberDataPoint {
            attributes: point.attributes.clone(),
            start_time_unix_nano: start,
            time_unix_nano: now,
            value: Some(Value::AsInt(point.tokens)),
            ..NumberDataPoint::default()
        });
        let durations = Data::Histogram(Histogram {
            data_points: durations.collect(),
            aggregation_temporality: temporality,
        });
        let tokens = Data::Sum(Sum {
            data_points: tokens.collect(),
            aggregation_temporality: temporality,
            is_monotonic: true,
        });
        let metric = |name: &str, description: &str, unit: &str, data| Metric {
            name: name.to_owned(),
            description: description.to_owned(),
            unit: unit.to_owned(),
            data: Some(data),
            ..Metric::default()
        };
        let metrics = vec![
            metric(
                "mcp.client.operation.duration",
                "Duration of an MCP request to a server",
                "s",
                durations,
            ),
            metric(
                "mcp_gateway.result.tokens",
                "Tokens that results take from a model's context",
                "{token}",
                tokens,
            ),
        ];
        Some(ExportMetricsServiceRequest {
            resource_metrics: vec![ResourceMetrics {
                resource: Some(resource),
                scope_metrics: vec![ScopeMetrics {
                    scope: Some(scope()),
                    metrics,
                    ..ScopeMetrics::default()
                }],
                ..ResourceMetrics::default()
            }],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(took: i64, name: &str) -> Operation<'_> {
        Operation {
            method: "tools/call",
            outcome: "ok",
            tokens: (1, 5),
            took,
            name,
            ..Operation::default()
        }
    }

    #[test]
    fn durations_fall_into_their_buckets() {
        let mut metrics = Metrics::since(0);
        assert!(metrics.request(Resource::default(), 1).is_none());
        for took in [9_000, 10_000, 11_000, 400_000_000] {
            metrics.add(&call(took, "a"));
        }
        let point = metrics.points.values().next().unwrap();
        assert_eq!(
            (point.counts[0], point.counts[1], point.counts[14], point.tokens),
            (2, 1, 1, 20)
        );
        assert!(metrics.request(Resource::default(), 1).is_some());
    }

    #[test]
    fn names_without_end_take_no_memory_without_end() {
        let mut metrics = Metrics::since(0);
        (0..MOST + 100).for_each(|number| metrics.add(&call(1, &number.to_string())));
        assert_eq!(metrics.points.len(), MOST + 1);
        assert_eq!(metrics.points[""].counts[0], 100);
    }
}
