//! What a person sets, in the configuration or by the variables of the Python package.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    measure,
    otlp::{Endpoint, Signals},
    prices::{Price, Prices},
};
use crate::config::{Dirs, typed};

/// The file in the user's state directory, where nothing names another one.
const FILE: &str = "trace.db";

/// The names of the settings.
pub const SETTINGS: &[&str] = &[
    "db_path",
    "logs_path",
    "logs_stdout",
    "log_format",
    "flatten_arguments",
    "flatten_response",
    "max_text",
    "max_age",
    "max_size",
    "required",
    "cost",
    "model",
    "otlp_endpoint",
];

/// The variables of the Python package, and the setting that each one stands for. A setting that is written goes before.
/// Those without a setting did nothing there either, since its tracker was made without them.
pub const VARIABLES: &[(&str, Option<&str>)] = &[
    ("XETRACK_DB_PATH", Some("db_path")),
    ("XETRACK_LOGS_PATH", Some("logs_path")),
    ("XETRACK_LOGS_STDOUT", Some("logs_stdout")),
    ("XETRACK_LOG_FORMAT", Some("log_format")),
    ("XETRACK_FLATTEN_ARGUMENTS", Some("flatten_arguments")),
    ("FLATTEN_ARGUMENTS", Some("flatten_arguments")),
    ("XETRACK_FLATTEN_RESPONSE", Some("flatten_response")),
    ("FLATTEN_RESPONSE", Some("flatten_response")),
    ("XETRACK_WARNINGS", None),
    ("XETRACK_LOG_SYSTEM_PARAMS", None),
    ("XETRACK_LOG_NETWORK_PARAMS", None),
];

/// Everything that is set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The store.
    pub db_path: PathBuf,
    /// Where daily files go, if they are wanted.
    pub logs_path: Option<PathBuf>,
    /// Whether each event is written to standard error too.
    pub logs_stderr: bool,
    /// How the daily files are called; `{time:YYYY-MM-DD}` stands for the day.
    pub log_format: String,
    /// Whether each argument has a column of its own.
    pub flatten_arguments: bool,
    /// Whether each content item has a row of its own.
    pub flatten_response: bool,
    /// The most of one text that is kept, in bytes.
    pub max_text: usize,
    /// What is older is deleted.
    pub max_age: Option<Duration>,
    /// The oldest is deleted where the store is larger, in bytes.
    pub max_size: Option<u64>,
    /// Whether no call may pass that can't be recorded.
    pub required: bool,
    /// What calls cost.
    pub prices: Prices,
    /// Where spans and metrics are sent.
    pub otlp: Option<Endpoint>,
}

/// The settings as they are written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    db_path: Option<String>,
    logs_path: Option<String>,
    #[serde(default)]
    logs_stdout: bool,
    log_format: Option<String>,
    #[serde(default = "yes")]
    flatten_arguments: bool,
    #[serde(default = "yes")]
    flatten_response: bool,
    #[serde(default = "mebibyte")]
    max_text: usize,
    #[serde(default = "quarter")]
    max_age: String,
    #[serde(default = "gigabyte")]
    max_size: String,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    cost: BTreeMap<String, Price>,
    model: Option<Price>,
    otlp_endpoint: Option<String>,
}

fn yes() -> bool {
    true
}

fn mebibyte() -> usize {
    1 << 20
}

fn quarter() -> String {
    "90d".to_owned()
}

fn gigabyte() -> String {
    "1GB".to_owned()
}

impl Settings {
    /// Reads settings over variables, which `read` gives.
    ///
    /// # Errors
    /// What can't be used, in words for a person.
    pub fn read(
        mut written: Map<String, Value>,
        dirs: &Dirs,
        read: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, String> {
        for (variable, setting) in VARIABLES {
            let (Some(setting), Some(value)) = (setting, read(variable).filter(|value| !value.is_empty())) else {
                continue;
            };
            // As Python reads them: `true` in any case is true, and all else is not.
            let is_flag = setting.starts_with("flatten") || *setting == "logs_stdout";
            let value = match is_flag {
                true => Value::Bool(value.eq_ignore_ascii_case("true")),
                false => Value::String(value),
            };
            written.entry(*setting).or_insert(value);
        }
        let written: Written = typed(Value::Object(written))?;
        let place = |path: &str| dirs.resolve(path, &dirs.cwd);
        let limit = |text: &str| (text != "off").then(|| text.to_owned());
        let max_age = limit(&written.max_age)
            .map(|text| measure::age(&text).ok_or("`max_age` has to be an age such as \"90d\" or \"12h\", or \"off\""))
            .transpose()?;
        let max_size = limit(&written.max_size)
            .map(|text| {
                measure::size(&text).ok_or("`max_size` has to be a size such as \"500MB\" or \"1GB\", or \"off\"")
            })
            .transpose()?;
        Ok(Self {
            db_path: written
                .db_path
                .map_or_else(|| dirs.state.join(FILE), |path| place(&path)),
            logs_path: written.logs_path.as_deref().map(place),
            logs_stderr: written.logs_stdout,
            log_format: written.log_format.unwrap_or_else(|| "{time:YYYY-MM-DD}.log".to_owned()),
            flatten_arguments: written.flatten_arguments,
            flatten_response: written.flatten_response,
            max_text: written.max_text,
            max_age,
            max_size,
            required: written.required,
            prices: Prices {
                cost: written.cost,
                model: written.model,
            },
            otlp: Signals::read(written.otlp_endpoint, read)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::json;

    use super::*;

    fn dirs() -> Dirs {
        Dirs {
            home: "/home/ada".into(),
            cwd: "/w".into(),
            state: "/s".into(),
            config: "/c".into(),
        }
    }

    fn read(written: Value, variables: &[(&str, &str)]) -> Result<Settings, String> {
        let Value::Object(written) = written else {
            panic!("an object")
        };
        let read = |name: &str| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Settings::read(written, &dirs(), &read)
    }

    #[test]
    fn what_is_not_set_has_its_default() {
        let settings = read(json!({}), &[]).unwrap();
        assert_eq!(settings.db_path, Path::new("/s/trace.db"));
        assert_eq!((settings.logs_path, settings.logs_stderr), (None, false));
        assert!(settings.flatten_arguments && settings.flatten_response && !settings.required);
        assert!(settings.otlp.is_none());
    }

    #[test]
    fn variables_are_read_as_the_python_package_reads_them() {
        let variables = [
            ("XETRACK_DB_PATH", "~/tracing.db"),
            ("XETRACK_LOGS_PATH", "logs"),
            ("XETRACK_LOGS_STDOUT", "True"),
            ("FLATTEN_ARGUMENTS", "no"),
            ("XETRACK_WARNINGS", "true"),
        ];
        let settings = read(json!({}), &variables).unwrap();
        assert_eq!(settings.db_path, Path::new("/home/ada/tracing.db"));
        assert_eq!(settings.logs_path.as_deref(), Some(Path::new("/w/logs")));
        assert!(settings.logs_stderr && !settings.flatten_arguments);
        let over = read(json!({"db_path": "/other.db", "flatten_arguments": true}), &variables).unwrap();
        assert!(over.db_path == Path::new("/other.db") && over.flatten_arguments);
    }

    #[test]
    fn every_setting_has_its_name_in_the_table() {
        for name in SETTINGS {
            let error = read(json!({(*name): {"no": ["such", "value"]}}), &[]).err();
            assert!(
                !error.is_some_and(|error| error.contains(&format!("no key `{name}`"))),
                "{name}"
            );
        }
        assert!(read(json!({"db_pth": "x"}), &[]).unwrap_err().contains("db_pth"));
        for (variable, setting) in VARIABLES {
            assert!(setting.is_none_or(|setting| SETTINGS.contains(&setting)), "{variable}");
        }
    }

    #[test]
    fn what_can_not_be_used_says_how_to_write_it() {
        for (written, says) in [
            (json!({"max_age": "old"}), "90d"),
            (json!({"max_size": "big"}), "500MB"),
            (json!({"cost": {"s": {"per_cal": 1}}}), "per_cal"),
            (json!({"otlp_endpoint": "collector"}), "http://"),
        ] {
            assert!(read(written, &[]).unwrap_err().contains(says), "{says}");
        }
        assert_eq!(
            read(json!({"max_age": "off", "max_size": "off"}), &[]).unwrap().max_age,
            None
        );
    }
}
