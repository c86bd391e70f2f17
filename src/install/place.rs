//! Where one client's file lies, and where the gateway keeps what belongs to it.

use std::path::{Path, PathBuf};

use super::{Client, Format, NAME, Refusal, Wish, file::ClientFile, refusal::not_understood, relative};
use crate::config::{Digest, Dirs, edit::Member};

/// The installation into one file.
pub struct Place<'a> {
    /// Whose file it is.
    pub client: &'static Client,
    /// The client's file.
    pub file: PathBuf,
    /// The directories of the user.
    pub dirs: &'a Dirs,
    pub(super) env: &'a dyn Fn(&str) -> Option<String>,
    /// The name under which it is remembered.
    slug: String,
    /// Whether it is the user's own file, rather than one that was named: that one may have come with a repository.
    is_usual: bool,
}

impl<'a> Place<'a> {
    /// The client's own file, or the one that is named; `env` looks up an environment variable.
    pub fn find(
        client: &'static Client,
        named: Option<&str>,
        dirs: &'a Dirs,
        env: &'a dyn Fn(&str) -> Option<String>,
    ) -> Self {
        let usual = client.file(dirs, env);
        let named = named.map(|named| dirs.resolve(named, &dirs.cwd));
        // However its path is spelled, it is the same installation.
        let named = named.filter(|named| identity(named) != identity(&usual));
        let slug = named.as_ref().map(|named| {
            let digest = Digest::of(identity(named).to_string_lossy().as_bytes()).to_string();
            format!("{}-{}", client.id, &digest[..8])
        });
        Self {
            client,
            is_usual: named.is_none(),
            slug: slug.unwrap_or_else(|| client.id.to_owned()),
            file: named.map_or(usual, |named| in_its_folder(&named).unwrap_or(named)),
            dirs,
            env,
        }
    }

    /// The gateway's own file for its servers.
    pub(super) fn own(&self) -> PathBuf {
        self.dirs.config.join(NAME).join(format!("{}.json", self.slug))
    }

    pub(super) fn record(&self) -> PathBuf {
        self.dirs.state.join("install").join(format!("{}.json", self.slug))
    }

    pub(super) fn parse(&self, text: Option<&str>) -> Result<ClientFile, Refusal> {
        ClientFile::parse(self.client, text.unwrap_or_default()).map_err(not_understood(&self.file))
    }

    /// Fails for a file of servers that this one has no business with: who wrote a project's file must neither have
    /// servers put among the user's own, nor the user's own put into the project.
    pub(super) fn may_name(&self, file: &Path) -> Result<(), Refusal> {
        let project = self.dirs.at_project_of(&self.file).cwd;
        let file = identity(file);
        if self.is_usual || file == identity(&self.own()) || file.starts_with(identity(&project)) {
            return Ok(());
        }
        Err(Refusal::Foreign {
            path: self.file.clone(),
            file,
        })
    }

    /// A server of the client's file as another file has it.
    pub(super) fn anchored(&self, server: Member) -> Member {
        let source = relative::anchored(&server.value(), self.folder());
        server.with_value(&source)
    }

    /// A server of another file as the client's has it.
    pub(super) fn restored(&self, server: Member) -> Member {
        let source = relative::loosened(&server.value(), self.folder());
        server.with_value(&(self.client.restore)(&source))
    }

    fn folder(&self) -> &Path {
        self.file.parent().unwrap_or(Path::new(""))
    }

    /// Whether these are two spellings of one file.
    pub(super) fn is_file(&self, other: &Path) -> bool {
        identity(other) == identity(&self.file)
    }

    /// Fails for a client whose file is not edited, with the entry to write there.
    pub(super) fn is_editable(&self, wish: Option<&Wish>) -> Result<(), Refusal> {
        if self.client.format != Format::Yaml {
            return Ok(());
        }
        let program = wish.map_or_else(|| NAME.into(), |wish| wish.program.display().to_string());
        let entry = format!(
            "{}:\n  {NAME}:\n    type: stdio\n    enabled: true\n    cmd: {program}\n    args: [--mcp-json-path, {}, -p, basic]",
            self.client.place[0],
            self.own().display()
        );
        Err(Refusal::ByHand(self.client.title, entry, self.file.clone()))
    }
}

/// The path without links, which all spellings of it have in common.
fn identity(path: &Path) -> PathBuf {
    let real = path.canonicalize().ok().or_else(|| in_its_folder(path));
    real.unwrap_or_else(|| path.to_owned())
}

/// The path with its folder spelled plainly; the file itself may be a link.
fn in_its_folder(path: &Path) -> Option<PathBuf> {
    Some(path.parent()?.canonicalize().ok()?.join(path.file_name()?))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::{
        install,
        tests::{SERVERS_OF_CURSOR, TWO, installed, text, uninstalled, wish, with_place, write},
    };
    use super::*;

    #[cfg(unix)]
    #[test]
    fn however_its_path_is_spelled_it_is_the_same_installation() {
        with_place("claude-code", |place| {
            let link = place.dirs.home.join("link");
            std::os::unix::fs::symlink(&place.dirs.cwd, &link).expect("a link");
            let file = place.dirs.cwd.join(".mcp.json");
            let at = |path: &str| Place::find(place.client, Some(path), place.dirs, place.env);
            let folder = place.dirs.cwd.file_name().expect("a name").to_string_lossy();
            let from_above = format!("../{folder}/.mcp.json");
            for path in [".mcp.json", "./.mcp.json", &from_above, "~/link/.mcp.json"] {
                fs::write(&file, TWO).expect("writable");
                installed(&at(".mcp.json"));
                uninstalled(&at(path));
                assert_eq!(fs::read_to_string(&file).expect("there"), TWO, "{path}");
                assert!(!at(".mcp.json").own().exists(), "{path}");
            }
            let usual = place.file.to_string_lossy().into_owned();
            write(place, TWO);
            assert_eq!(at(&usual).own(), place.own(), "the usual file has its usual name");
        });
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_is_no_plain_file_of_the_users_is_left_alone() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        with_place("cursor", |place| {
            symlink(place.dirs.home.join("gone.json"), &place.file).expect("a link");
            let refusal = install(place, &wish()).expect_err("a link to nothing").to_string();
            assert!(refusal.contains("is a link to a file that is not there"), "{refusal}");
            fs::remove_file(&place.file).expect("ours");
            symlink("/dev/zero", &place.file).expect("a link");
            let refusal = install(place, &wish()).expect_err("no file").to_string();
            assert!(refusal.contains("not a regular file"), "{refusal}");
            fs::remove_file(&place.file).expect("ours");
            write(place, SERVERS_OF_CURSOR);
            fs::set_permissions(&place.file, fs::Permissions::from_mode(0o444)).expect("ours");
            let refusal = install(place, &wish())
                .expect("understood")
                .apply()
                .expect_err("read-only")
                .to_string();
            assert!(refusal.contains("is read-only"), "{refusal}");
            assert_eq!(text(place), SERVERS_OF_CURSOR);
        });
    }
}
