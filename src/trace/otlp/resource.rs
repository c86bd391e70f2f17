//! Who says it: the gateway as OpenTelemetry's resource, and values as its attributes.

use opentelemetry_proto::tonic::{
    common::v1::{AnyValue, InstrumentationScope, KeyValue, any_value::Value},
    resource::v1::Resource,
};

/// The gateway with this `track_id`; `attributes` go over what it knows of itself.
pub fn resource(instance: &str, attributes: &[(String, String)]) -> Resource {
    let own = [
        ("service.name", env!("CARGO_PKG_NAME")),
        ("service.version", env!("CARGO_PKG_VERSION")),
        ("service.instance.id", instance),
    ];
    let is_own = |name: &str| attributes.iter().all(|(other, _)| other != name);
    let own = own.into_iter().filter(|(name, _)| is_own(name));
    let given = attributes.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    Resource {
        attributes: own.chain(given).map(|(name, value)| text(name, value)).collect(),
        ..Resource::default()
    }
}

/// What makes the spans and the metrics.
pub(super) fn scope() -> InstrumentationScope {
    InstrumentationScope {
        name: env!("CARGO_PKG_NAME").to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ..InstrumentationScope::default()
    }
}

/// An attribute that is a text.
pub(super) fn text(name: &str, value: &str) -> KeyValue {
    attribute(name, Value::StringValue(value.to_owned()))
}

/// An attribute that is a number.
pub(super) fn number(name: &str, value: i64) -> KeyValue {
    attribute(name, Value::IntValue(value))
}

fn attribute(name: &str, value: Value) -> KeyValue {
    KeyValue {
        key: name.to_owned(),
        value: Some(AnyValue { value: Some(value) }),
        ..KeyValue::default()
    }
}
