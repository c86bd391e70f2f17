//! OpenTelemetry: a span for each call and the metrics of all, sent to a collector by OTLP over HTTP in protobuf.
//!
//! Names follow the semantic conventions for MCP: <https://opentelemetry.io/docs/specs/semconv/gen-ai/mcp/>.

mod endpoint;
mod exporter;
mod metrics;
mod resource;
mod spans;

pub use endpoint::{Endpoint, Signals};
pub(super) use exporter::Exporter;
pub use resource::resource;
pub use spans::{Operation, request, span};
