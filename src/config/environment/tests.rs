use std::ffi::OsString;

use figment::value::{Dict, Value};

use super::settings;
use crate::config::Problem;

fn read(variables: &[(&str, &str)], file: &Dict) -> (Vec<(String, String)>, Vec<Problem>) {
    let variables = variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
    let mut problems = Vec::new();
    let settings = settings(variables, file, &mut problems);
    (settings.into_iter().map(|setting| (setting.path.join("."), setting.text)).collect(), problems)
}

#[test]
fn names_become_keys_in_lower_case() {
    let (settings, problems) =
        read(&[("GATECLOAK_LISTENER__ADDRESS", "[::]:1"), ("PATH", "/bin")], &Dict::new());
    assert_eq!(settings, [("listener.address".to_owned(), "[::]:1".to_owned())]);
    assert_eq!(problems, []);
}

#[test]
fn names_of_the_file_are_found_whatever_their_case_and_dashes() {
    let routes = Dict::from([("Old-Orders".to_owned(), Value::from(Dict::new()))]);
    let file = Dict::from([("routes".to_owned(), Value::from(routes))]);
    let (settings, _) = read(&[("GATECLOAK_ROUTES__OLD_ORDERS__UPSTREAM", "a")], &file);
    assert_eq!(settings, [("routes.Old-Orders.upstream".to_owned(), "a".to_owned())]);
}

#[test]
fn our_own_variables_and_those_of_kubernetes_are_no_settings() {
    let (settings, problems) = read(
        &[
            ("GATECLOAK_CONFIG", "x.toml"),
            ("GATECLOAK_ADMIN_PASSWORD", "x"),
            ("GATECLOAK_KEYCLOAK", "required"),
            ("GATECLOAK_SERVICE_HOST", "10.0.0.1"),
            ("GATECLOAK_SERVICE_PORT", "80"),
            ("GATECLOAK_SERVICE_PORT_HTTP", "80"),
            ("GATECLOAK_PORT", "tcp://10.0.0.1:80"),
            ("GATECLOAK_PORT_80_TCP", "tcp://10.0.0.1:80"),
            ("GATECLOAK_PORT_80_TCP_PROTO", "tcp"),
            ("GATECLOAK_OPS_PORT_9090_TCP_ADDR", "10.0.0.1"),
        ],
        &Dict::new(),
    );
    assert_eq!(settings, []);
    assert_eq!(problems, []);
}

#[test]
fn line_breaks_and_empty_parts_are_refused() {
    let (settings, problems) =
        read(&[("GATECLOAK_OPS__ADDRESS", "a\nb"), ("GATECLOAK_OPS____ADDRESS", "x")], &Dict::new());
    assert_eq!(settings, []);
    assert_eq!(problems.len(), 2, "{problems:?}");
}
