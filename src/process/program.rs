//! Finding the program that an entry names, and saying what helps where it is not found.

use std::{
    env,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use super::SpawnError;

/// What the programs that servers are commonly started with come with.
const ORIGINS: &[(&[&str], &str)] = &[
    (&["npx", "npm", "node"], "Node.js (nodejs.org)"),
    (&["uvx", "uv"], "uv (docs.astral.sh/uv)"),
    (&["python", "python3", "pip", "pip3"], "Python (python.org)"),
    (&["pipx"], "pipx (pipx.pypa.io)"),
    (&["bunx", "bun"], "Bun (bun.sh)"),
    (&["pnpm"], "pnpm (pnpm.io)"),
    (&["yarn"], "Yarn (yarnpkg.com)"),
    (&["deno"], "Deno (deno.com)"),
    (&["docker"], "Docker (docs.docker.com)"),
    (&["podman"], "Podman (podman.io)"),
    (&["dotnet", "dnx"], ".NET (dot.net)"),
    (&["java"], "a Java runtime (adoptium.net)"),
    (&["cargo"], "Rust (rustup.rs)"),
    (&["go"], "Go (go.dev)"),
    (&["ruby", "gem"], "Ruby (ruby-lang.org)"),
    (&["php"], "PHP (php.net)"),
];

/// Where programs are installed that the `PATH` of a desktop application often lacks; `~` is the home directory, and a
/// `*` the newest of several versions.
const COMMON_DIRECTORIES: &[&str] = &[
    "/opt/homebrew/bin",
    "/usr/local/bin",
    "/home/linuxbrew/.linuxbrew/bin",
    "/snap/bin",
    "~/.local/bin",
    "~/.nvm/versions/node/*/bin",
    "~/.volta/bin",
    "~/.asdf/shims",
    "~/.local/share/mise/shims",
    "~/.pyenv/shims",
    "~/.cargo/bin",
    "~/.bun/bin",
    "~/.deno/bin",
];

/// The program's file: a name is looked for in `path`, anything else is a path relative to `cwd`.
///
/// A folder of `path` that is not absolute, an empty one among them, means the working directory, which may be a cloned
/// repository: what lies there is found only where the program is named as a path.
///
/// # Errors
/// Says what helps where there is none.
pub fn find(program: &str, path: &OsStr, cwd: &Path) -> Result<PathBuf, SpawnError> {
    let is_path = program.contains(std::path::is_separator);
    let directories: Vec<PathBuf> = env::split_paths(path)
        .filter(|directory| directory.is_absolute())
        .collect();
    let found = match is_path {
        true => which::which_in(program, None::<&OsStr>, cwd).ok(),
        false => directories
            .iter()
            .find_map(|directory| which::which_in(program, Some(directory), cwd).ok()),
    };
    if let Some(found) = found {
        return Ok(found);
    }
    let candidates: Vec<PathBuf> = match is_path {
        true => vec![cwd.join(program)],
        false => directories.iter().map(|directory| directory.join(program)).collect(),
    };
    match candidates
        .iter()
        .find(|candidate| !program.is_empty() && candidate.exists())
    {
        Some(file) => Err(SpawnError::NotExecutable(file.clone())),
        None if is_path && !program.contains(char::is_whitespace) => Err(SpawnError::NoSuchFile(
            candidates.into_iter().next().unwrap_or_default(),
        )),
        None => Err(not_in_path(program, path)),
    }
}

fn not_in_path(program: &str, path: &OsStr) -> SpawnError {
    // Of a whole command line only the first word is shown: a secret may stand in the rest.
    let first = program.split_whitespace().next().unwrap_or_default();
    let mend = if first.len() < program.len() {
        "`command` names the program alone, the words after it belong into `args`".to_owned()
    } else if let Some(file) = elsewhere(program) {
        format!(
            "there is one at `{}`: write that as `command`, or add its folder to `PATH` in `env`",
            file.display()
        )
    } else if let Some((_, origin)) = ORIGINS.iter().find(|(programs, _)| programs.contains(&program)) {
        format!("it comes with {origin}; install that, or write the full path as `command`")
    } else {
        "check the spelling, install it, or write the full path as `command`".to_owned()
    };
    SpawnError::NotInPath {
        program: first.to_owned(),
        searched: path.display().to_string(),
        mend,
    }
}

/// The program in one of the common directories.
fn elsewhere(program: &str) -> Option<PathBuf> {
    let home = env::home_dir()?;
    COMMON_DIRECTORIES
        .iter()
        .filter_map(|directory| match directory.strip_prefix("~/") {
            Some(rest) => newest(&home.join(rest)),
            None => Some(PathBuf::from(directory)),
        })
        .find_map(|directory| which::which_in(program, Some(directory), "/").ok())
}

/// A directory whose `*` component is replaced by the highest version that is there.
fn newest(pattern: &Path) -> Option<PathBuf> {
    pattern
        .components()
        .try_fold(PathBuf::new(), |path, part| match part.as_os_str() == "*" {
            true => {
                let entries = fs::read_dir(path).ok()?.flatten().map(|entry| entry.path());
                entries.max_by_key(|path| version(path))
            }
            false => Some(path.join(part)),
        })
}

/// The numbers in a name such as `v20.11.1`, in their order.
fn version(path: &Path) -> Vec<u64> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let numbers = name.split(|letter: char| !letter.is_ascii_digit());
    numbers.filter_map(|number| number.parse().ok()).collect()
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn message(program: &str, path: &str, cwd: &Path) -> String {
        find(program, OsStr::new(path), cwd)
            .expect_err("nothing to find")
            .to_string()
    }

    #[test]
    fn a_name_is_found_in_the_path_and_a_path_from_the_working_directory() {
        assert_eq!(
            find("sh", OsStr::new("/nowhere:/bin"), Path::new("/")).expect("there"),
            Path::new("/bin/sh")
        );
        assert_eq!(
            find("./sh", OsStr::new(""), Path::new("/bin")).expect("there"),
            Path::new("/bin/./sh")
        );
    }

    #[test]
    fn the_working_directory_is_not_searched_for_a_name() {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("npx");
        fs::write(&file, "#!/bin/sh\n").expect("a file");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("permissions");
        for path in ["", ":", ".", ":/nowhere", "/nowhere:", "/nowhere::/gone"] {
            assert!(find("npx", OsStr::new(path), directory.path()).is_err(), "{path:?}");
        }
        assert!(find("./npx", OsStr::new(""), directory.path()).is_ok());
        assert!(find("npx", directory.path().as_os_str(), Path::new("/")).is_ok());
    }

    #[test]
    fn a_missing_program_tells_where_it_comes_from() {
        let root = Path::new("/");
        assert_eq!(
            message("dnx", "/nowhere:/gone", root),
            "`dnx` was not found in PATH (/nowhere:/gone): it comes with .NET (dot.net); install that, or write the \
             full path as `command`"
        );
        assert_eq!(
            message("nosuchthing", "/nowhere", root),
            "`nosuchthing` was not found in PATH (/nowhere): check the spelling, install it, or write the full path \
             as `command`"
        );
    }

    #[test]
    fn a_whole_command_line_is_not_repeated() {
        for line in ["npx -y some-server --token abc", "/opt/x/server --token abc"] {
            let text = message(line, "/bin", Path::new("/"));
            assert!(!text.contains("abc") && text.contains("belong into `args`"), "{text}");
        }
    }

    #[test]
    fn a_path_that_leads_nowhere_and_a_file_that_is_no_program_are_told_apart() {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("server");
        assert!(message("./server", "/bin", directory.path()).contains("does not exist"));
        fs::write(&file, "#!/bin/sh\n").expect("a file");
        for program in ["./server", "server"] {
            let text = message(program, &directory.path().display().to_string(), directory.path());
            assert!(
                text.contains("not an executable") && text.contains("chmod +x"),
                "{text}"
            );
        }
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("permissions");
        assert!(find("./server", OsStr::new(""), directory.path()).is_ok());
    }

    #[test]
    fn the_newest_version_is_taken() {
        let directory = tempfile::tempdir().expect("a directory");
        for version in ["v9.11.2", "v22.2.0", "v20.1.0"] {
            fs::create_dir_all(directory.path().join(version).join("bin")).expect("a directory");
        }
        let found = newest(&directory.path().join("*/bin")).expect("there");
        assert!(found.ends_with("v22.2.0/bin"), "{}", found.display());
    }
}
