use serde_json::json;

use super::*;

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secret"), "hunter22\n").unwrap();
    folder
}

#[test]
fn files_and_variables_stand_in_texts_of_any_depth() {
    let folder = folder();
    let path = std::env::var("PATH").unwrap();
    let mut content =
        json!({"clients": [{"secret": "a-${file:secret}-${file:secret}", "name": "${env:PATH}", "x": 1}]});
    let hidden = resolve(&mut content, folder.path()).unwrap();
    assert_eq!(content, json!({"clients": [{"secret": "a-hunter22-hunter22", "name": path, "x": 1}]}));
    assert!(!hidden.text("so hunter22 it is").contains("hunter22"));
    assert!(!format!("{hidden:?}").contains("hunter22"));
}

#[test]
fn what_is_no_reference_stays() {
    for text in ["${client_account}", "$${x}", "${env:OPEN", "$", "${", "a$b}"] {
        let mut content = json!(text);
        resolve(&mut content, Path::new(".")).unwrap();
        assert_eq!(content, json!(text));
    }
    let mut content = json!("$${env:PATH} ${role_admin}");
    resolve(&mut content, Path::new(".")).unwrap();
    assert_eq!(content, json!("${env:PATH} ${role_admin}"));
}

#[test]
fn each_reference_to_nothing_is_a_fault_with_its_place() {
    let folder = folder();
    let mut content = json!({"clients": [{"name": "${env:GATECLOAK_NO_SUCH_VARIABLE}"}], "realm": "${file:none}", "x": "${env:}"});
    let faults = resolve(&mut content, folder.path()).unwrap_err();
    assert_eq!(faults.len(), 3);
    assert!(
        faults
            .iter()
            .any(|fault| fault.starts_with("`clients.0.name`: ") && fault.contains("NO_SUCH_VARIABLE"))
    );
    assert!(faults.iter().any(|fault| fault.starts_with("`realm`: ")), "{faults:?}");
}
