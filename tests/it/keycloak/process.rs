//! A Keycloak as a process.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::wire::unused_at;

const VERSION: &str = "26.7.3";

/// Where a server has its data and its ports.
pub(super) struct Place {
    pub(super) data: PathBuf,
    http: SocketAddr,
    management: SocketAddr,
}

/// What becomes of a server whose pipe closes: that of a test that ends, however it ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It stops in its own time, and its data go.
    Stop,
    /// It is killed (-9), and its data stay.
    Kill,
}

/// A server that runs as long as this is there: a shell holds the other end of a pipe.
pub(super) struct Process(Child);

impl Place {
    pub(super) fn at(data: PathBuf) -> Self {
        // Of all addresses without TLS Keycloak's pages trust this one alone with their cookies.
        let [http, management] = unused_at(Ipv4Addr::LOCALHOST);
        Self { data, http, management }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.http)
    }

    fn log(&self) -> PathBuf {
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("keycloak-{}.log", self.http))
    }

    /// Starts a server here, and waits until it is ready; the error says what it said last.
    pub(super) fn start(&self, home: &Path, end: End, longest: Duration) -> Result<Process, String> {
        let mut process = Process(
            self.command(home, end).spawn().map_err(|error| format!("`sh` could not be started: {error}"))?,
        );
        let begin = Instant::now();
        while begin.elapsed() < longest && process.0.try_wait().is_ok_and(|ended| ended.is_none()) {
            let ready = reqwest::blocking::get(format!("http://{}/health/ready", self.management));
            if ready.is_ok_and(|answer| answer.status() == 200) {
                return Ok(process);
            }
            std::thread::sleep(Duration::from_millis(250));
        }
        let text = fs::read_to_string(self.log()).unwrap_or_default();
        let last = text.lines().rev().take(5).collect::<Vec<_>>().join(" / ");
        Err(format!("Keycloak did not become ready in {:?}: {last}", begin.elapsed()))
    }

    fn command(&self, home: &Path, end: End) -> Command {
        const SCRIPT: &str = r#"
            exec 3<&0 4>&1
            sh "$0" "$@" >"$KEYCLOAK_LOG" 2>&1 </dev/null 3<&- &
            server=$!
            stop() { kill "$server"; }
            # The whole group: the server is a child of its script.
            kill_all() { kill -KILL 0; }
            { read -r _ <&3; "$KEYCLOAK_END"; } 2>/dev/null &
            wait "$server"
            [ "$KEYCLOAK_END" = kill_all ] || rm -rf "$KEYCLOAK_DATA"
        "#;
        let mut command = Command::new("sh");
        command
            .args(["-c", SCRIPT])
            .arg(home.join("bin/kc.sh"))
            .args(["start", "--optimized", "--http-enabled=true", "--hostname-strict=false"])
            .args(["--cache=local".to_owned(), format!("--http-host={}", self.http.ip())])
            .arg(format!("--http-port={}", self.http.port()))
            .arg(format!("--http-management-host={}", self.management.ip()))
            .arg(format!("--http-management-port={}", self.management.port()))
            .arg(format!(
                "--db-url=jdbc:h2:file:{}/db;NON_KEYWORDS=VALUE;DB_CLOSE_ON_EXIT=FALSE",
                self.data.display()
            ))
            .env("KC_BOOTSTRAP_ADMIN_USERNAME", "admin")
            .env("KC_BOOTSTRAP_ADMIN_PASSWORD", "admin")
            .env("JAVA_OPTS_KC_HEAP", "-Xms128m -Xmx768m")
            // One that soon ends is sooner there with plain code.
            .env("JAVA_OPTS_APPEND", if end == End::Kill { "-XX:TieredStopAtLevel=1" } else { "" })
            .env("KEYCLOAK_LOG", self.log())
            .env("KEYCLOAK_DATA", &self.data)
            .env("KEYCLOAK_END", if end == End::Kill { "kill_all" } else { "stop" })
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        command
    }
}

impl Drop for Process {
    /// Closes the pipe and waits until the server has ended, and all that it started: they have the other pipe.
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.stdout.take().map(|mut pipe| pipe.read_to_end(&mut Vec::new()));
        let _ = self.0.wait();
    }
}

/// The files of a server: `KEYCLOAK_HOME`, or those that Maven brings.
pub(super) fn home() -> Result<&'static Path, String> {
    static HOME: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let home = HOME.get_or_init(|| match std::env::var("KEYCLOAK_HOME") {
        Ok(home) => Ok(PathBuf::from(home)),
        Err(_) => unpacked(),
    });
    home.as_ref().map(PathBuf::as_path).map_err(Clone::clone)
}

/// Keycloak from Maven, unpacked and built once per target folder.
fn unpacked() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("keycloak");
    let home = folder.join(format!("keycloak-{VERSION}"));
    let built = folder.join(format!("built-{VERSION}"));
    if built.exists() {
        return Ok(home);
    }
    let _ = fs::remove_dir_all(&home);
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let zip = folder.join(format!("keycloak-quarkus-dist-{VERSION}.zip"));
    if !zip.exists() {
        say("getting Keycloak from Maven (once) ...\n");
        let artifact = format!("org.keycloak:keycloak-quarkus-dist:{VERSION}:zip");
        run(Command::new("mvn")
            .args(["-q", "-B", "dependency:get", "-Dtransitive=false"])
            .arg(format!("-Dartifact={artifact}")))?;
        run(Command::new("mvn")
            .args(["-q", "-B", "dependency:copy"])
            .arg(format!("-Dartifact={artifact}"))
            .arg(format!("-DoutputDirectory={}", folder.display())))?;
    }
    run(Command::new("jar").arg("xf").arg(&zip).current_dir(&folder))?;
    say("building Keycloak (once) ...\n");
    run(Command::new("sh").arg(home.join("bin/kc.sh")).args([
        "build",
        "--db=dev-file",
        "--health-enabled=true",
    ]))?;
    fs::write(built, "").map_err(|error| error.to_string())?;
    Ok(home)
}

fn run(command: &mut Command) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("`{name}` could not be started: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    Err(format!("`{name}` failed: {}", text.lines().take(8).collect::<Vec<_>>().join(" / ")))
}

/// Past the test harness's capture: what was left out must be seen also when everything passes.
pub(super) fn say(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}
