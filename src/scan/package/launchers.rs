//! The programs that fetch and start a server, one row each.

use super::container;

/// How what a launcher starts is read.
#[derive(Clone, Copy)]
pub(super) enum Syntax {
    /// A package as npm takes it.
    Npm,
    /// A package as Python's tools take it.
    Python,
    /// A command in the environment of a Python project.
    Project,
    /// The image of a container.
    Image,
    /// A module of Deno.
    Deno,
    /// A script.
    Script,
}

/// One way of starting a server.
pub(super) struct Launcher {
    /// The programs, without directory and ending.
    pub(super) programs: &'static [&'static str],
    /// The words that must stand first, options aside; empty for none. Several spellings.
    pub(super) command: &'static [&'static [&'static str]],
    /// Options that name the package, where it is not the first word.
    pub(super) package: &'static [&'static str],
    /// Options that name a package beside it.
    pub(super) beside: &'static [&'static str],
    /// Options whose value is the next word.
    pub(super) valued: &'static [&'static str],
    pub(super) syntax: Syntax,
}

const NPM_VALUED: &[&str] = &[
    "--registry",
    "--cache",
    "--userconfig",
    "--globalconfig",
    "--prefix",
    "--loglevel",
    "-w",
    "--workspace",
    "--node-options",
    "--script-shell",
    "-C",
    "--dir",
    "--filter",
    "-F",
];
const UV_VALUED: &[&str] = &[
    "--python",
    "-p",
    "--index-url",
    "-i",
    "--index",
    "--default-index",
    "--extra-index-url",
    "--find-links",
    "-f",
    "--directory",
    "--project",
    "--env-file",
    "--cache-dir",
    "--config-file",
    "--color",
    "--with-editable",
    "--constraints",
    "-c",
    "--overrides",
    "--index-strategy",
    "--keyring-provider",
    "--resolution",
    "--prerelease",
    "--exclude-newer",
    "--link-mode",
    "--extra",
    "--group",
    "--refresh-package",
    "--upgrade-package",
    "-P",
    "--package",
    "--allow-insecure-host",
    "--python-platform",
    "--config-setting",
];

pub(super) const LAUNCHERS: &[Launcher] = &[
    row(
        &["npx", "pnpx"],
        &[],
        &["-p", "--package"],
        &[],
        NPM_VALUED,
        Syntax::Npm,
    ),
    row(&["bunx"], &[], &["-p", "--package"], &[], &[], Syntax::Npm),
    row(&["bun"], &[&["x"]], &["-p", "--package"], &[], &[], Syntax::Npm),
    row(&["pnpm"], &[&["dlx"]], &["--package"], &[], NPM_VALUED, Syntax::Npm),
    row(
        &["yarn"],
        &[&["dlx"]],
        &["-p", "--package"],
        &[],
        &["--cwd"],
        Syntax::Npm,
    ),
    row(
        &["npm"],
        &[&["exec"], &["x"]],
        &["-p", "--package"],
        &[],
        NPM_VALUED,
        Syntax::Npm,
    ),
    row(&["uvx"], &[], &["--from"], &["--with"], UV_VALUED, Syntax::Python),
    row(
        &["uv"],
        &[&["tool", "run"]],
        &["--from"],
        &["--with"],
        UV_VALUED,
        Syntax::Python,
    ),
    row(&["uv"], &[&["run"]], &[], &["--with"], UV_VALUED, Syntax::Project),
    row(
        &["pipx"],
        &[&["run"]],
        &["--spec"],
        &[],
        &["--python", "--pip-args", "-i", "--index-url"],
        Syntax::Python,
    ),
    row(
        &["docker", "podman", "nerdctl"],
        &[&["run"], &["container", "run"]],
        &[],
        &[],
        container::VALUED,
        Syntax::Image,
    ),
    row(
        &["deno"],
        &[&["run"], &["x"], &["serve"]],
        &[],
        &[],
        &["-c", "--config", "--import-map", "--env-file", "--cert", "-L", "--port"],
        Syntax::Deno,
    ),
    row(
        &["node", "tsx", "ts-node"],
        &[],
        &[],
        &[],
        &[
            "--import",
            "-r",
            "--require",
            "--loader",
            "--env-file",
            "-C",
            "--conditions",
            "--tsconfig",
        ],
        Syntax::Script,
    ),
    row(
        &["bun"],
        &[&["run"], &[]],
        &[],
        &[],
        &["--cwd", "-r", "--preload", "--config"],
        Syntax::Script,
    ),
    row(&["python", "py", "pypy"], &[], &[], &[], &["-W", "-X"], Syntax::Script),
    row(
        &["ruby", "perl", "php", "java", "dotnet", "go"],
        &[&["run"], &[]],
        &[],
        &[],
        &["-jar", "-f"],
        Syntax::Script,
    ),
];

const fn row(
    programs: &'static [&'static str],
    command: &'static [&'static [&'static str]],
    package: &'static [&'static str],
    beside: &'static [&'static str],
    valued: &'static [&'static str],
    syntax: Syntax,
) -> Launcher {
    Launcher {
        programs,
        command,
        package,
        beside,
        valued,
        syntax,
    }
}
