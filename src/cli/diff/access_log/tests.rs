use super::Requests;

fn read(lines: &[&str]) -> Requests {
    let mut requests = Requests::default();
    lines.iter().for_each(|line| requests.add(line.as_bytes()));
    requests
}

#[test]
fn each_request_is_there_once_without_its_query() {
    let requests = read(&[
        r#"{"http.method":"GET","http.host":"a.example","http.path":"/x?y=1","http.status":200}"#,
        r#"{"http.method":"GET","http.host":"a.example","http.path":"/x","route.name":"x"}"#,
        r#"{"http.method":"PUT","http.path":"/x"}"#,
        "",
    ]);
    assert_eq!(requests.iter().collect::<Vec<_>>(), ["GET http://a.example/x", "PUT /x"]);
    assert_eq!(requests.remarks(), "");
}

#[test]
fn lines_without_a_request_are_counted() {
    let requests =
        read(&[r#"{"http.method":"OPTIONS","http.path":"*"}"#, r#"{"http.method":"GET"}"#, "text"]);
    assert_eq!(requests.iter().count(), 0);
    assert_eq!(requests.remarks(), "3 lines of the log tell no request, and are left out\n");
}
