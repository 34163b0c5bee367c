//! One call of the command in a folder of its own.

use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};

/// A folder with configurations, settings and claims.
pub(super) struct Folder(tempfile::TempDir);

/// What a call came to.
pub(super) struct Called {
    pub(super) code: Option<i32>,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

impl Folder {
    /// With a configuration `gatecloak.toml` that has these routes, and settings of one resource server.
    pub(super) fn new(routes: &str) -> Self {
        let folder = Self(tempfile::tempdir().expect("a folder"));
        folder.write("gatecloak.toml", &config(routes));
        folder.write("settings.json", &settings().to_string());
        folder
    }

    pub(super) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).expect("written");
        path
    }

    pub(super) fn claims(&self, name: &str, claims: &Value) -> PathBuf {
        self.write(name, &claims.to_string())
    }

    pub(super) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.path().join(name)).expect("a file")
    }

    /// Calls the command in the folder.
    pub(super) fn call(&self, arguments: &[&str]) -> Called {
        let output = Command::new(env!("CARGO_BIN_EXE_gatecloak"))
            .args(arguments)
            .current_dir(self.0.path())
            .env_remove("GATECLOAK_CONFIG")
            .stdin(std::process::Stdio::null())
            .output()
            .expect("a process");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Called { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

/// A configuration with these routes; its realm is never reached.
pub(super) fn config(routes: &str) -> String {
    format!(
        r#"
[providers.main]
issuer = "http://127.0.0.1:9/realms/main"
client_id = "gateway"
[providers.main.authorization]
settings = "settings.json"
[upstreams.app]
endpoints = ["http://127.0.0.1:9"]
{routes}
"#
    )
}

/// Orders, which readers view and managers edit in the night shift's time; and reports that a script decides on.
fn settings() -> Value {
    let policy =
        |name: &str, kind: &str, config: Value| json!({"name": name, "type": kind, "config": config});
    json!({
        "resources": [
            {"name": "Orders", "uris": ["/orders/*"], "scopes": [{"name": "view"}, {"name": "edit"}]},
            {"name": "Reports", "uris": ["/reports/*"]},
        ],
        "scopes": [{"name": "view"}, {"name": "edit"}],
        "policies": [
            policy("Readers", "role", json!({"roles": r#"[{"id":"reader"}]"#})),
            policy("Managers", "role", json!({"roles": r#"[{"id":"manager"}]"#})),
            policy("Ann", "user", json!({"users": r#"["ann"]"#})),
            policy("Banned", "role", json!({"roles": r#"[{"id":"shop/banned"}]"#})),
            {"name": "Not banned", "type": "role", "logic": "NEGATIVE", "config": {"roles": r#"[{"id":"shop/banned"}]"#}},
            policy("Script", "script-x.js", json!({})),
            {"name": "Readers or managers", "type": "aggregate", "decisionStrategy": "AFFIRMATIVE",
                "config": {"applyPolicies": r#"["Readers","Managers"]"#}},
            policy("View orders", "scope", json!({"resources": r#"["Orders"]"#, "scopes": r#"["view"]"#,
                "applyPolicies": r#"["Readers or managers","Not banned"]"#})),
            policy("Edit orders", "scope", json!({"resources": r#"["Orders"]"#, "scopes": r#"["edit"]"#,
                "applyPolicies": r#"["Managers","Ann"]"#})),
            policy("See reports", "resource", json!({"resources": r#"["Reports"]"#, "applyPolicies": r#"["Script"]"#})),
        ],
    })
}

/// The routes of most tests.
pub(super) const ROUTES: &str = r#"
[routes.front]
path = "/"
require = "public"
[routes.me]
path = "/me"
[routes.staff]
path = "/staff/{id}"
methods = ["GET"]
require = { realm_role = "manager", any = [{ scope = "phone" }, { claim = { name = "tier", equals = "gold" } }] }
[routes.shop]
path = "/*"
[routes.shop.require.permission]
scopes = ["edit"]
methods = { GET = ["view"] }
[routes.reports]
path = "/reports/*"
methods = ["GET"]
require = { permission = { resource = "Reports" } }
"#;
