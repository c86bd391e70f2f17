//! The image that `docker run` starts, and what it is let reach.

use super::{Image, Subject};

/// Options of `run` whose value is the next word, and those of the program before it.
pub(super) const VALUED: &[&str] = &[
    "-a",
    "--attach",
    "--add-host",
    "--annotation",
    "--blkio-weight",
    "--cap-add",
    "--cap-drop",
    "--cgroup-parent",
    "--cgroupns",
    "--cidfile",
    "-c",
    "--cpu-shares",
    "--cpus",
    "--cpuset-cpus",
    "--device",
    "--dns",
    "--dns-search",
    "--domainname",
    "--entrypoint",
    "-e",
    "--env",
    "--env-file",
    "--expose",
    "--gpus",
    "--group-add",
    "--health-cmd",
    "-h",
    "--hostname",
    "--ip",
    "--ipc",
    "--isolation",
    "-l",
    "--label",
    "--label-file",
    "--link",
    "--log-driver",
    "--log-opt",
    "--mac-address",
    "-m",
    "--memory",
    "--memory-swap",
    "--mount",
    "--name",
    "--network",
    "--net",
    "--network-alias",
    "--oom-score-adj",
    "--pid",
    "--pids-limit",
    "--platform",
    "-p",
    "--publish",
    "--pull",
    "--restart",
    "--runtime",
    "--security-opt",
    "--shm-size",
    "--stop-signal",
    "--stop-timeout",
    "--storage-opt",
    "--sysctl",
    "--tmpfs",
    "--ulimit",
    "-u",
    "--user",
    "--userns",
    "--uts",
    "-v",
    "--volume",
    "--volume-driver",
    "--volumes-from",
    "-w",
    "--workdir",
    "--context",
    "-H",
    "--host",
    "--config",
    "--log-level",
    "--arch",
    "--os",
    "--secret",
    "--pod",
    "--userns",
];

/// Letters of short options that take a value; they may stand last in a cluster, as in `-ie NAME`.
const VALUED_LETTERS: &str = "aceHhlmpuvw";

/// Whether a cluster of short options takes the next word: its first letter with a value is its last one.
pub(super) fn cluster_takes_value(arg: &str) -> bool {
    let letters = arg.strip_prefix('-').unwrap_or_default();
    !letters.starts_with('-')
        && letters
            .find(|letter| VALUED_LETTERS.contains(letter))
            .is_some_and(|at| at + 1 == letters.len())
}

/// The image of a reference such as `ghcr.io/o/i:1.2@sha256:…`, with what Docker leaves out written in full.
pub(super) fn subject(reference: &str) -> Subject {
    let (rest, digest) = reference
        .split_once('@')
        .map_or((reference, None), |(rest, digest)| (rest, Some(digest)));
    let last = rest.rfind('/').map_or(0, |slash| slash + 1);
    let (name, tag) = match rest[last..].split_once(':') {
        Some((_, tag)) => (&rest[..rest.len() - tag.len() - 1], Some(tag)),
        None => (rest, None),
    };
    let is_host = |part: &str| part.contains(['.', ':']) || part == "localhost";
    let name = match name.split_once('/') {
        Some((first, _)) if is_host(first) => name.to_owned(),
        Some(_) => format!("docker.io/{name}"),
        None => format!("docker.io/library/{name}"),
    };
    Subject::Image(Image {
        name,
        tag: tag.map(str::to_owned),
        digest: digest.map(str::to_owned),
    })
}

/// Something that a container is given beyond itself.
pub(in crate::scan) struct Risk {
    pub(in crate::scan) id: &'static str,
    /// Whether a person should look at it.
    pub(in crate::scan) is_grave: bool,
    pub(in crate::scan) what: String,
    pub(in crate::scan) mend: &'static str,
}

/// What a container is given beyond itself, by the words of its command line.
pub(in crate::scan) fn risks(words: &[String], home: &str) -> Vec<Risk> {
    let mut risks = Vec::new();
    let mut risk = |id, is_grave, what: String, mend| {
        risks.push(Risk {
            id,
            is_grave,
            what,
            mend,
        });
    };
    for (at, word) in words.iter().enumerate() {
        let (name, inline) = word
            .split_once('=')
            .map_or((word.as_str(), None), |(name, value)| (name, Some(value)));
        let value = inline
            .or_else(|| words.get(at + 1).map(String::as_str))
            .unwrap_or_default();
        match name {
            "--privileged" => {
                let what = "The container is `--privileged`: it owns this machine.".to_owned();
                risk("container-privileged", true, what, "Remove `--privileged`.");
            }
            "--cap-add" if ["ALL", "SYS_ADMIN", "CAP_SYS_ADMIN"].contains(&value) => {
                let what = format!("The container gets the capability {value}.");
                risk(
                    "container-privileged",
                    true,
                    what,
                    "Remove `--cap-add`, or name the one that it needs.",
                );
            }
            "--network" | "--net" if value == "host" => {
                let what = "The container shares this machine's network, its local services included.".to_owned();
                risk("container-host-network", false, what, "Remove `--network host`.");
            }
            "--pid" | "--ipc" | "--userns" if value == "host" => {
                let what = format!("The container shares a namespace of this machine (`{name} host`).");
                risk("container-privileged", true, what, "Remove the option.");
            }
            "-v" | "--volume" | "--mount" => {
                let source = source_of(value);
                if source.ends_with("docker.sock") || source.ends_with("podman.sock") {
                    let what =
                        "The container gets the socket of the container engine: it can start anything.".to_owned();
                    risk("container-socket", true, what, "Remove the mount.");
                } else if is_too_much(&source, home) {
                    let what = format!("The container gets `{source}`, with the keys and settings in it.");
                    risk("container-home", true, what, "Mount the one folder that it needs.");
                }
            }
            _ => {}
        }
    }
    risks
}

/// The path on this machine in the value of `-v` or `--mount`.
fn source_of(value: &str) -> String {
    let named = value
        .split(',')
        .find_map(|pair| pair.strip_prefix("source=").or(pair.strip_prefix("src=")));
    named
        .unwrap_or_else(|| value.split(':').next().unwrap_or_default())
        .to_owned()
}

fn is_too_much(source: &str, home: &str) -> bool {
    let plain = source.trim_end_matches('/');
    let secret = [".ssh", ".aws", ".gnupg", ".kube", ".config"]
        .iter()
        .any(|folder| plain.ends_with(&format!("/{folder}")));
    source == "/"
        || plain == home.trim_end_matches('/')
        || ["~", "$HOME", "${HOME}", "/root", "/home", "/etc"].contains(&plain)
        || secret
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(line: &str) -> Vec<&'static str> {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        risks(&words, "/home/ada").iter().map(|risk| risk.id).collect()
    }

    #[test]
    fn a_container_that_is_none_is_told() {
        for (line, id) in [
            ("run --privileged i", "container-privileged"),
            ("run --cap-add=SYS_ADMIN i", "container-privileged"),
            ("run --pid host i", "container-privileged"),
            ("run --network host i", "container-host-network"),
            ("run -v /var/run/docker.sock:/var/run/docker.sock i", "container-socket"),
            ("run -v /home/ada:/data i", "container-home"),
            ("run --mount type=bind,src=/home/ada/.ssh,dst=/k i", "container-home"),
            ("run -v /:/host i", "container-home"),
        ] {
            assert_eq!(ids(line), [id], "{line}");
        }
        assert_eq!(
            ids("run -i --rm -v /home/ada/notes:/notes:ro --network=none i"),
            [""; 0]
        );
    }

    #[test]
    fn a_cluster_takes_a_value_where_its_last_letter_does() {
        for (arg, takes) in [
            ("-it", false),
            ("-ie", true),
            ("-e", true),
            ("-eA=b", false),
            ("--rm", false),
            ("-d", false),
        ] {
            assert_eq!(cluster_takes_value(arg), takes, "{arg}");
        }
    }
}
