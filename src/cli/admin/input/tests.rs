use serde_json::{Value, json};

use super::{arguments, query};

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn arguments_are_texts_json_or_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("body");
    std::fs::write(&file, "{\"a\": 1}").expect("written");
    let file = file.display();
    let given = words(&[
        "user_id=7",
        "query:={\"max\": 3}",
        "empty=",
        "odd=a=b",
        &format!("text=@{file}"),
        &format!("payload:=@{file}"),
    ]);
    let expected = json!({
        "user_id": "7", "query": {"max": 3}, "empty": "", "odd": "a=b", "text": "{\"a\": 1}", "payload": {"a": 1},
    });
    assert_eq!(Value::Object(arguments(given.iter()).expect("arguments")), expected);
}

#[test]
fn a_wrong_argument_is_refused_and_its_value_not_repeated() {
    for word in ["hunter2", "password:=hunter2", "file=@/no/such/file", "file:=@/dev/null"] {
        let error = arguments(words(&[word]).iter()).expect_err("refused");
        assert!(!error.contains("hunter2"), "{error}");
    }
}

#[test]
fn a_query_may_repeat_a_name() {
    let given = words(&["search=ali", "q=a:b", "q=c:d=e"]);
    let expected = json!({"search": ["ali"], "q": ["a:b", "c:d=e"]});
    assert_eq!(query(given.iter()).expect("a query"), expected);
    assert!(query(words(&["search"]).iter()).is_err());
    assert!(query(words(&["=x"]).iter()).is_err());
}
