//! Which configuration file is read.

use std::path::PathBuf;

use super::Dirs;

/// The smallest file that works, for messages.
pub const SMALLEST: &str = r#"{
  "mcpServers": {
    "time": { "command": "uvx", "args": ["mcp-server-time"] }
  }
}"#;

/// Where a file is looked for in the working directory.
const IN_WORKING_DIRECTORY: &[&str] = &["mcp.json", ".mcp.json", ".cursor/mcp.json", ".vscode/mcp.json"];

/// A configuration file that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The file.
    pub path: PathBuf,
    /// Whether nobody named it and it lies in the working directory: it may have come with a cloned repository, so it
    /// starts nothing until a person trusts it (see [`is_trusted`](super::is_trusted)).
    pub from_working_directory: bool,
    /// The files that were looked for before it, in order.
    pub tried: Vec<PathBuf>,
}

/// There is no configuration file.
#[derive(Debug, thiserror::Error)]
#[error("{}\n  mend: {}", self.what(), self.mend())]
pub enum DiscoverError {
    /// The file that was named is not there.
    Missing(PathBuf),
    /// What was named is no file.
    Folder(PathBuf),
    /// Nothing was named, and nothing is in any of the usual places.
    Nowhere(Vec<PathBuf>),
}

impl DiscoverError {
    /// What is wrong.
    pub fn what(&self) -> String {
        match self {
            Self::Missing(path) => format!("there is no file {}", path.display()),
            Self::Folder(path) => format!("{} is a folder", path.display()),
            Self::Nowhere(tried) => {
                let tried: String = tried.iter().map(|path| format!("\n  {}", path.display())).collect();
                format!("no configuration was found. Looked for, in this order:{tried}")
            }
        }
    }

    /// What to do about it.
    pub fn mend(&self) -> String {
        match self {
            Self::Missing(_) => {
                format!("create it, or correct --mcp-json-path. The smallest file that works:\n\n{SMALLEST}")
            }
            Self::Folder(path) => format!("name the file in it, such as {}", path.join("mcp.json").display()),
            Self::Nowhere(_) => {
                format!(
                    "name one with --mcp-json-path FILE, or write the smallest that works as mcp.json:\n\n{SMALLEST}"
                )
            }
        }
    }
}

/// Finds the configuration file: the one that is named, or the first in the usual places.
///
/// # Errors
/// There is none.
pub fn discover(explicit: Option<&str>, dirs: &Dirs) -> Result<Found, DiscoverError> {
    if let Some(explicit) = explicit {
        // `./mcp.json` is shown without the dot.
        let path: PathBuf = dirs.resolve(explicit, &dirs.cwd).components().collect();
        return match (path.exists(), path.is_dir()) {
            (_, true) => Err(DiscoverError::Folder(path)),
            (false, false) => Err(DiscoverError::Missing(path)),
            (true, false) => Ok(Found {
                path,
                from_working_directory: false,
                tried: Vec::new(),
            }),
        };
    }
    let of_user = [
        dirs.home.join(".cursor/mcp.json"),
        dirs.config.join("Claude/claude_desktop_config.json"),
    ];
    let in_working_directory = IN_WORKING_DIRECTORY.iter().map(|name| dirs.cwd.join(name));
    let mut tried: Vec<PathBuf> = Vec::new();
    for path in in_working_directory.chain(of_user.clone()) {
        // In the home directory, a file of the working directory may be the user's own.
        if tried.contains(&path) {
            continue;
        }
        if path.is_file() {
            let from_working_directory = !of_user.contains(&path);
            return Ok(Found {
                path,
                from_working_directory,
                tried,
            });
        }
        tried.push(path);
    }
    Err(DiscoverError::Nowhere(tried))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::Path;

    fn write(path: &Path) {
        fs::create_dir_all(path.parent().expect("a parent")).expect("writable");
        fs::write(path, "{}").expect("writable");
    }

    fn with_dirs(test: impl FnOnce(&Dirs)) {
        let root = tempfile::tempdir().expect("a temporary directory");
        test(&Dirs::under(root.path()));
    }

    #[test]
    fn the_first_of_the_usual_places_wins() {
        with_dirs(|dirs| {
            let places = [
                (dirs.config.join("Claude/claude_desktop_config.json"), false),
                (dirs.home.join(".cursor/mcp.json"), false),
                (dirs.cwd.join(".vscode/mcp.json"), true),
                (dirs.cwd.join(".cursor/mcp.json"), true),
                (dirs.cwd.join(".mcp.json"), true),
                (dirs.cwd.join("mcp.json"), true),
            ];
            for (tried, (place, from_working_directory)) in (0..6).rev().zip(places) {
                write(&place);
                let found = discover(None, dirs).expect("a file");
                assert_eq!(
                    (found.path, found.from_working_directory),
                    (place, from_working_directory)
                );
                assert_eq!(found.tried.len(), tried);
            }
        });
    }

    #[test]
    fn a_file_that_is_named_is_taken_as_it_is() {
        with_dirs(|dirs| {
            write(&dirs.home.join("my.json"));
            write(&dirs.cwd.join("mcp.json"));
            for (named, path) in [
                ("~/my.json", dirs.home.join("my.json")),
                ("mcp.json", dirs.cwd.join("mcp.json")),
            ] {
                let found = discover(Some(named), dirs).expect("a file");
                assert_eq!((found.path, found.from_working_directory), (path, false));
            }
        });
    }

    #[test]
    fn the_users_own_file_is_trusted_from_home_too() {
        with_dirs(|dirs| {
            let dirs = Dirs {
                cwd: dirs.home.clone(),
                ..dirs.clone()
            };
            write(&dirs.home.join(".cursor/mcp.json"));
            assert!(!discover(None, &dirs).expect("a file").from_working_directory);
        });
    }

    #[test]
    fn what_is_missing_is_said_with_a_file_that_works() {
        with_dirs(|dirs| {
            let nowhere = discover(None, dirs).expect_err("nothing there").to_string();
            assert!(
                nowhere.contains(".vscode") && nowhere.contains("claude_desktop_config.json"),
                "{nowhere}"
            );
            assert!(nowhere.ends_with(SMALLEST), "{nowhere}");
            let missing = discover(Some("~/none.json"), dirs).expect_err("not there").to_string();
            assert!(
                missing.contains("none.json") && missing.ends_with(SMALLEST),
                "{missing}"
            );
            assert!(discover(Some("~"), dirs).is_err(), "a directory is no file");
        });
    }
}
