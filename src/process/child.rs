//! A server's process, from its start to its end.

use std::{
    collections::BTreeMap,
    env,
    ffi::{OsStr, OsString},
    path::PathBuf,
    process::Stdio,
    time::Duration,
};

use tokio::{
    process::{self, ChildStderr, ChildStdin, ChildStdout},
    time::timeout,
};

use super::{Command, Exit, MARK, SpawnError, environment, platform::Leader, program, watchdog::Watchdog};

/// How long a server has to heed SIGTERM. With the patience that [`Child::shut`] is given, this must stay well below
/// the two seconds after which clients kill the gateway.
const GRACE: Duration = Duration::from_millis(300);

/// What connects the gateway to a server.
#[derive(Debug)]
pub struct Pipes {
    /// What the server reads.
    pub stdin: ChildStdin,
    /// What it answers.
    pub stdout: ChildStdout,
    /// What it logs.
    pub stderr: ChildStderr,
}

/// A running server with everything that it started. Whoever drops it kills it; [`Child::shut`] is the polite way.
pub struct Child {
    leader: Leader,
    group: u32,
    watchdog: Watchdog,
}

/// The file that would be run.
///
/// # Errors
/// As [`spawn`], as far as it can be told without starting anything.
pub fn locate(command: &Command) -> Result<PathBuf, SpawnError> {
    locate_in(command, &environment::clean(env::vars_os(), &command.env))
}

fn locate_in(command: &Command, variables: &BTreeMap<OsString, OsString>) -> Result<PathBuf, SpawnError> {
    if let Some(directory) = command.cwd.as_ref().filter(|directory| !directory.is_dir()) {
        return Err(SpawnError::NoDirectory(directory.clone()));
    }
    let cwd = match &command.cwd {
        Some(directory) => directory.clone(),
        None => env::current_dir().unwrap_or_default(),
    };
    let path = variables
        .get(OsStr::new("PATH"))
        .map_or(OsStr::new(""), OsString::as_os_str);
    program::find(&command.program, path, &cwd)
}

/// Starts a server's program. Needs a tokio runtime with I/O and time.
///
/// # Errors
/// What is wrong and what mends it, in one sentence without the server's name.
pub fn spawn(command: &Command, watchdog: &Watchdog) -> Result<(Child, Pipes), SpawnError> {
    let variables = environment::clean(env::vars_os(), &command.env);
    let file = locate_in(command, &variables)?;

    let mark = watchdog.mark();
    let mut prepared = process::Command::new(&file);
    prepared
        .args(&command.args)
        .env_clear()
        .envs(&variables)
        .env(MARK, &mark);
    prepared
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if let Some(directory) = &command.cwd {
        prepared.current_dir(directory);
    }
    let mut leader = Leader::start(prepared, mark).map_err(|source| SpawnError::from_system(file, source))?;

    let group = leader.id().expect("nobody has waited for it yet");
    let pipes = leader.pipes().expect("all three are piped");
    watchdog.watch(group);
    let watchdog = watchdog.clone();
    Ok((
        Child {
            leader,
            group,
            watchdog,
        },
        pipes,
    ))
}

impl Child {
    /// The number of the process, for logs.
    pub fn id(&self) -> u32 {
        self.group
    }

    /// Waits until the program has ended; what it started may go on until [`Child::shut`]. Nothing is lost when the
    /// future is dropped, and after the end it answers at once.
    pub async fn wait(&mut self) -> Exit {
        self.leader.wait().await.map_or(Exit::Unknown, Exit::from)
    }

    /// Ends the server and everything that it started, within `patience` and about half a second.
    ///
    /// `close` closes [`Pipes::stdin`], which asks the server to leave; for `patience` it may do so by itself. On Unix
    /// what is left then gets SIGTERM, and after 0.3 s SIGKILL.
    pub async fn shut(mut self, close: impl FnOnce(), patience: Duration) -> Exit {
        self.leader.remember().await;
        close();
        timeout(patience, self.wait()).await.ok();
        self.leader.end(GRACE).await;
        timeout(GRACE, self.wait()).await.unwrap_or(Exit::Unknown)
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.leader.kill();
        self.watchdog.release(self.group);
    }
}

#[cfg(all(test, unix))]
mod tests {
    use tokio::{
        io::{AsyncBufReadExt, AsyncReadExt, BufReader},
        time::sleep,
    };

    use super::*;
    use crate::process::{platform::is_running, scripts};

    const PATIENCE: Duration = Duration::from_millis(700);
    /// For what leaves when it is asked, however busy the machine.
    const LONG: Duration = Duration::from_secs(30);

    fn shell(script: &str) -> Command {
        Command {
            program: "sh".into(),
            args: vec!["-c".into(), script.into()],
            env: Vec::new(),
            cwd: None,
        }
    }

    fn start(script: &str) -> (Child, Pipes) {
        spawn(&shell(script), &Watchdog::none()).expect("a shell is there")
    }

    /// Whether a process lives on: what was killed takes a moment to be gone, and long where the machine is busy.
    async fn lives_on(pid: i32) -> bool {
        let gone = async {
            while is_running(pid) {
                sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(LONG, gone).await.is_err()
    }

    /// Starts a script that writes the number of a descendant, shuts it, and tells how that went: how the program
    /// ended, and whether the descendant lives on.
    async fn shut_with_descendant(script: &str, patience: Duration) -> (Exit, bool) {
        let (child, mut pipes) = start(script);
        let mut line = String::new();
        BufReader::new(&mut pipes.stdout)
            .read_line(&mut line)
            .await
            .expect("a line");
        let descendant = line.trim().parse().expect("a number");
        assert!(is_running(descendant));
        let exit = child.shut(|| drop(pipes.stdin), patience).await;
        (exit, lives_on(descendant).await)
    }

    #[tokio::test]
    async fn the_environment_is_clean() {
        let mut command = shell("env; pwd");
        command.env.push(("TOKEN".into(), "of the entry".into()));
        command.cwd = Some("/".into());
        let (child, mut pipes) = spawn(&command, &Watchdog::none()).expect("a shell is there");
        let mut text = String::new();
        pipes.stdout.read_to_string(&mut text).await.expect("text");
        let names: Vec<&str> = text.lines().filter_map(|line| Some(line.split_once('=')?.0)).collect();
        assert!(names.contains(&"PATH") && names.contains(&MARK), "{names:?}");
        assert!(!names.iter().any(|name| name.starts_with("CARGO")), "{names:?}");
        assert!(
            text.contains("TOKEN=of the entry\n") && text.ends_with("\n/\n"),
            "{text}"
        );
        child.shut(|| drop(pipes.stdin), PATIENCE).await;
    }

    #[tokio::test]
    async fn an_end_is_told_and_told_again() {
        for (script, exit) in [("exit 3", Exit::Code(3)), ("kill -9 $$", Exit::Signal(9))] {
            let (mut child, pipes) = start(script);
            assert_eq!(child.wait().await, exit);
            assert_eq!(child.wait().await, exit);
            assert_eq!(child.shut(|| drop(pipes.stdin), PATIENCE).await, exit);
        }
    }

    #[tokio::test]
    async fn a_server_that_leaves_when_asked_is_not_killed() {
        let (child, pipes) = start("cat; exit 7");
        assert_eq!(child.shut(|| drop(pipes.stdin), LONG).await, Exit::Code(7));
    }

    #[tokio::test]
    async fn one_that_heeds_nothing_is_killed_with_its_children() {
        let (exit, lives) = shut_with_descendant("trap '' TERM; sleep 60 & echo $!; wait; sleep 60", PATIENCE).await;
        assert_eq!((exit, lives), (Exit::Signal(9), false));
    }

    #[tokio::test]
    async fn a_stopped_one_heeds_its_end() {
        let (exit, _) = shut_with_descendant("echo $$; kill -STOP $$", PATIENCE).await;
        assert_eq!(exit, Exit::Signal(15));
    }

    #[tokio::test]
    async fn a_grandchild_ends_though_the_child_leaves_by_itself() {
        let (exit, lives) = shut_with_descendant("(sleep 60 & echo $!); exec cat", LONG).await;
        assert_eq!((exit, lives), (Exit::Code(0), false));
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_grandchild_in_a_session_of_its_own_ends() {
        for script in [
            // A daemon, which nothing but the mark tells.
            "(setsid sh -c 'echo $$; trap \"\" TERM; sleep 60; exit' &); exec cat",
            // One without the mark, which its descent tells.
            "env -i setsid sh -c 'echo $$; sleep 60; exit' & exec cat",
        ] {
            let (exit, lives) = shut_with_descendant(script, LONG).await;
            assert_eq!((exit, lives), (Exit::Code(0), false), "{script}");
        }
    }

    #[tokio::test]
    async fn one_server_ends_without_the_other() {
        let watchdog = Watchdog::none();
        let (one, one_pipes) = spawn(&shell("cat"), &watchdog).expect("a shell is there");
        let (other, other_pipes) = spawn(&shell("cat"), &watchdog).expect("a shell is there");
        one.shut(|| drop(one_pipes.stdin), PATIENCE).await;
        assert!(is_running(other.id().cast_signed()));
        assert_eq!(other.shut(|| drop(other_pipes.stdin), PATIENCE).await, Exit::Code(0));
    }

    #[tokio::test]
    async fn what_is_dropped_is_killed() {
        let (child, _pipes) = start("sleep 60");
        let id = child.id().cast_signed();
        drop(child);
        assert!(!lives_on(id).await);
    }

    #[tokio::test]
    async fn what_cannot_be_started_says_why() {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("server");
        let message = |program: &str, args: &[&str], cwd: Option<&str>| {
            let args = args.iter().map(|arg| arg.to_string()).collect();
            let command = Command {
                program: program.into(),
                args,
                env: Vec::new(),
                cwd: cwd.map(|cwd| directory.path().join(cwd)),
            };
            spawn(&command, &Watchdog::none())
                .err()
                .expect("it cannot be started")
                .to_string()
        };
        assert!(message("sh", &[], Some("gone")).contains("create it, or correct `cwd`"));
        assert!(message("./gone", &[], Some(".")).contains("does not exist"));
        assert!(message("sh", &["a\0b"], None).contains("NUL"));
        scripts::write(&file, "#!/no/such/interpreter");
        assert!(message("./server", &[], Some(".")).contains("interpreter"));
        scripts::write(&file, "echo no first line");
        assert!(message("./server", &[], Some(".")).contains("not in a format"));
    }
}
