//! Where programs keep what is theirs.

use std::env;
use std::path::{Path, PathBuf};

/// The folders of a user for settings and for what a program must remember.
pub struct Folders {
    /// Settings of applications, Claude Desktop among them.
    pub config: PathBuf,
    /// What programs remember.
    pub state: PathBuf,
}

impl Folders {
    /// Those of the user with this home.
    pub fn of(home: &Path) -> Self {
        let absolute = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        if cfg!(windows) {
            Self {
                config: absolute("APPDATA").unwrap_or_else(|| home.join("AppData/Roaming")),
                state: absolute("LOCALAPPDATA").unwrap_or_else(|| home.join("AppData/Local")),
            }
        } else if cfg!(target_os = "macos") {
            let support = home.join("Library/Application Support");
            Self {
                state: absolute("XDG_STATE_HOME").unwrap_or_else(|| support.clone()),
                config: support,
            }
        } else {
            Self {
                config: absolute("XDG_CONFIG_HOME").unwrap_or_else(|| home.join(".config")),
                state: absolute("XDG_STATE_HOME").unwrap_or_else(|| home.join(".local/state")),
            }
        }
    }
}

/// The folder of programs that have their settings in `.config` on every system; `config` is that of the user's settings.
pub fn dot_config(home: &Path, config: &Path) -> PathBuf {
    if cfg!(any(target_os = "macos", windows)) {
        home.join(".config")
    } else {
        config.to_owned()
    }
}
