//! The directories that the configuration refers to.

use std::env;
use std::io;
use std::path::{Path, PathBuf};

use crate::platform::folders::Folders;

/// The directories of this user and this process; tests give their own.
#[derive(Clone, Debug)]
pub struct Dirs {
    /// The user's home: `~` and `${userHome}`.
    pub home: PathBuf,
    /// The working directory.
    pub cwd: PathBuf,
    /// Where the gateway keeps what it must remember: trust, pins, tokens.
    pub state: PathBuf,
    /// Where the platform's applications keep their settings, Claude Desktop among them.
    pub config: PathBuf,
}

/// Why the directories of this user can't be told.
#[derive(Debug, thiserror::Error)]
pub enum DirsError {
    /// Nothing says which one is the home directory.
    #[error("the directories of this user can't be told: no home directory: set HOME")]
    NoHome,
    /// There is no working directory.
    #[error("the directories of this user can't be told: {0}")]
    NoWorkingDirectory(io::Error),
}

impl Dirs {
    /// Those of the running process.
    ///
    /// # Errors
    /// There is no working directory (it was deleted), or no home directory.
    pub fn from_env() -> Result<Self, DirsError> {
        let home = env::home_dir()
            .filter(|home| home.is_absolute())
            .ok_or(DirsError::NoHome)?;
        let folders = Folders::of(&home);
        Ok(Self {
            cwd: env::current_dir().map_err(DirsError::NoWorkingDirectory)?,
            state: folders.state.join("mcp-gateway"),
            config: folders.config,
            home,
        })
    }

    /// The same, with the working directory in which [`discover()`](super::discover()) finds `file`: what a file says
    /// depends on it, so whoever trusts one reads it there.
    pub fn at_project_of(&self, file: &Path) -> Self {
        let file = self.resolve(&file.to_string_lossy(), &self.cwd);
        let cwd = file.parent().map_or_else(
            || self.cwd.clone(),
            |folder| self.project(folder).unwrap_or(folder).into(),
        );
        Self { cwd, ..self.clone() }
    }

    /// The project that a folder of an editor belongs to, if it is one, and not the user's own.
    pub(super) fn project<'p>(&self, folder: &'p Path) -> Option<&'p Path> {
        let of_an_editor = [".vscode", ".cursor"].iter().any(|name| folder.ends_with(name));
        folder.parent().filter(|project| of_an_editor && *project != self.home)
    }

    /// A path as a person writes it, made absolute: `~` is the home directory, anything relative stands in `base`.
    pub fn resolve(&self, path: &str, base: &Path) -> PathBuf {
        match path.strip_prefix('~') {
            Some("") => self.home.clone(),
            Some(rest) if rest.starts_with(['/', std::path::MAIN_SEPARATOR]) => self.home.join(&rest[1..]),
            _ => base.join(path),
        }
    }
}

#[cfg(test)]
impl Dirs {
    /// Four directories under `root`.
    pub(super) fn under(root: &Path) -> Self {
        let [home, cwd, state, config] = ["home", "project", "state", "settings"].map(|name| root.join(name));
        for dir in [&home, &cwd] {
            std::fs::create_dir_all(dir).expect("a fresh temporary directory");
        }
        Self {
            home,
            cwd,
            state,
            config,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tilde_is_home_and_only_a_leading_one() {
        let dirs = Dirs {
            home: "/home/ada".into(),
            cwd: "/w".into(),
            state: "/s".into(),
            config: "/c".into(),
        };
        for (written, meant) in [
            ("~", "/home/ada"),
            ("~/mcp.json", "/home/ada/mcp.json"),
            ("~bob/mcp.json", "/w/~bob/mcp.json"),
            ("a/~/b", "/w/a/~/b"),
            ("/etc/mcp.json", "/etc/mcp.json"),
        ] {
            assert_eq!(dirs.resolve(written, &dirs.cwd), Path::new(meant), "{written}");
        }
    }

    #[test]
    fn a_file_is_found_from_its_project() {
        let dirs = Dirs {
            home: "/home/ada".into(),
            cwd: "/w".into(),
            state: "/s".into(),
            config: "/c".into(),
        };
        for (file, project) in [
            ("/code/app/mcp.json", "/code/app"),
            ("/code/app/.vscode/mcp.json", "/code/app"),
            (".cursor/mcp.json", "/w"),
            ("~/mcp.json", "/home/ada"),
        ] {
            assert_eq!(dirs.at_project_of(Path::new(file)).cwd, Path::new(project), "{file}");
        }
    }

    #[test]
    fn the_process_has_directories() {
        let dirs = Dirs::from_env().expect("a home and a working directory");
        assert!(dirs.state.ends_with("mcp-gateway"));
    }
}
