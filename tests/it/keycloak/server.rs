//! One Keycloak for the whole run.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use super::admin::Admin;
use crate::wire::unused;

const VERSION: &str = "26.7.3";

/// A Keycloak that answers.
pub(crate) struct Keycloak {
    pub(crate) url: String,
    pub(crate) admin: Admin,
}

/// The server of this run; `None`, said loudly, where there is none and none is required.
pub(crate) fn keycloak() -> Option<&'static Keycloak> {
    static KEYCLOAK: OnceLock<Option<Keycloak>> = OnceLock::new();
    let keycloak = KEYCLOAK.get_or_init(|| match find() {
        Ok(keycloak) => Some(keycloak),
        Err(reason) => {
            let required = std::env::var("GATECLOAK_KEYCLOAK").is_ok_and(|value| value == "required");
            assert!(!required, "the tests against a real Keycloak are required: {reason}");
            say(&format!(
                "\n*** LEFT OUT: the tests against a real Keycloak did not run: {reason}\n\
                 *** They need a JDK (17 or later) and Maven, or KEYCLOAK_HOME, or KEYCLOAK_URL.\n\n"
            ));
            None
        }
    });
    keycloak.as_ref()
}

/// Past the test harness's capture: what was left out must be seen also when everything passes.
fn say(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

fn find() -> Result<Keycloak, String> {
    if let Ok(url) = std::env::var("KEYCLOAK_URL") {
        let user = std::env::var("KEYCLOAK_ADMIN").unwrap_or_else(|_| "admin".to_owned());
        let password = std::env::var("KEYCLOAK_ADMIN_PASSWORD").unwrap_or_else(|_| "admin".to_owned());
        let url = url.trim_end_matches('/').to_owned();
        return Ok(Keycloak { admin: Admin::login(&url, &user, &password), url });
    }
    let home = match std::env::var("KEYCLOAK_HOME") {
        Ok(home) => PathBuf::from(home),
        Err(_) => unpacked()?,
    };
    start(&home)
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

/// Starts the server on free ports with an empty database. It ends with this process: a shell holds the other end of a
/// pipe and stops the server when the pipe closes.
fn start(home: &Path) -> Result<Keycloak, String> {
    let data = tempfile::tempdir().map_err(|error| error.to_string())?.keep();
    let [http, management] = unused();
    let host = http.ip();
    let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("keycloak-{http}.log"));
    let script = r#"
        exec 3<&0
        sh "$0" "$@" >"$KEYCLOAK_LOG" 2>&1 </dev/null 3<&- &
        server=$!
        { read -r _ <&3; kill "$server"; } 2>/dev/null &
        wait "$server"
        rm -rf "$KEYCLOAK_DATA"
    "#;
    let mut child = Command::new("sh")
        .args(["-c", script])
        .arg(home.join("bin/kc.sh"))
        .args(["start", "--optimized", "--http-enabled=true", "--hostname-strict=false"])
        .arg("--cache=local")
        .args([format!("--http-host={host}"), format!("--http-port={}", http.port())])
        .arg(format!("--http-management-host={host}"))
        .arg(format!("--http-management-port={}", management.port()))
        .arg(format!("--db-url=jdbc:h2:file:{}/db;NON_KEYWORDS=VALUE;DB_CLOSE_ON_EXIT=FALSE", data.display()))
        .env("KC_BOOTSTRAP_ADMIN_USERNAME", "admin")
        .env("KC_BOOTSTRAP_ADMIN_PASSWORD", "admin")
        .env("JAVA_OPTS_KC_HEAP", "-Xms128m -Xmx768m")
        .env("KEYCLOAK_LOG", &log)
        .env("KEYCLOAK_DATA", &data)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("`sh` could not be started: {error}"))?;
    let url = format!("http://{http}");
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(240) && child.try_wait().is_ok_and(|ended| ended.is_none()) {
        let ready = reqwest::blocking::get(format!("http://{management}/health/ready"));
        if ready.is_ok_and(|answer| answer.status() == 200) {
            // Never dropped: its end of the pipe is what keeps the server alive.
            Box::leak(Box::new(child));
            return Ok(Keycloak { admin: Admin::login(&url, "admin", "admin"), url });
        }
        std::thread::sleep(Duration::from_millis(250));
    }
    let mut text = String::new();
    let _ = fs::File::open(&log).and_then(|mut file| file.read_to_string(&mut text));
    Err(format!(
        "Keycloak did not become ready in {:?}: {}",
        begin.elapsed(),
        text.lines().rev().take(5).collect::<Vec<_>>().join(" / ")
    ))
}
