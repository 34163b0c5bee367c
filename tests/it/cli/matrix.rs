//! `gatecloak matrix`.

use serde_json::json;

use super::call::{Folder, ROUTES};

/// The words of a row of CSV, behind what it is about.
fn words(csv: &str, row: &str) -> Vec<String> {
    let line =
        csv.lines().find(|line| line.starts_with(row)).unwrap_or_else(|| panic!("no `{row}` in {csv}"));
    line.split(',').skip(4).map(str::to_owned).collect()
}

#[test]
fn roles_scopes_and_groups_are_columns_and_the_same_ones_every_time() {
    let folder = Folder::new(ROUTES);
    let called = folder.call(&["matrix", "--format", "csv"]);
    assert_eq!((called.code, called.stderr.as_str()), (Some(0), ""));
    let head = "route,method,host,path,anonymous,any token,realm role manager,realm role reader,\
                client role shop/banned,scope phone";
    assert_eq!(called.stdout.lines().next(), Some(head));
    let row = |row| words(&called.stdout, row);
    assert_eq!(row("front,*,*,/,"), ["yes"; 6]);
    assert_eq!(row("me,*,*,/me,"), ["no", "yes", "yes", "yes", "yes", "yes"]);
    // With a manager's role it is a claim that decides.
    assert_eq!(row("staff,GET,"), ["no", "no", "depends", "no", "no", "no"]);
    // Resources that are found by path have rows of their own.
    assert_eq!(row("shop,GET,*,/orders/*,"), ["no", "no", "yes", "yes", "no", "no"]);
    // Ann alone may edit, if she is a manager.
    assert_eq!(row("shop,POST,*,/orders/*,"), ["no", "no", "depends", "no", "no", "no"]);
    assert_eq!(row("shop,GET,*,/*,"), ["no"; 6]);
    assert_eq!(row("reports,GET,"), ["no", "asks", "asks", "asks", "asks", "asks"]);
    assert_eq!(folder.call(&["matrix", "--roles", "--format", "csv"]).stdout, called.stdout);
}

#[test]
fn users_are_named_as_their_files() {
    let folder = Folder::new(ROUTES);
    folder.claims("rita.json", &json!({"realm_access": {"roles": ["reader"]}}));
    folder.claims("ann.json", &json!({"preferred_username": "ann", "realm_access": {"roles": ["manager"]}}));
    let called = folder.call(&["matrix", "--users", "rita.json", "ann.json"]);
    assert_eq!(called.code, Some(0), "{}", called.stderr);
    let cells = |start: [&str; 2]| {
        let mut lines = called.stdout.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        lines.find(|cells| cells.starts_with(&start)).unwrap_or_else(|| panic!("{}", called.stdout))
    };
    assert_eq!(cells(["route", "method"])[4..], ["rita", "ann"]);
    assert_eq!(cells(["shop", "DELETE"])[4..], ["no", "yes"]);
    assert_eq!(cells(["shop", "GET"])[4..], ["yes", "yes"]);
    assert!(called.stdout.ends_with("on more than the column says\n"), "{}", called.stdout);
    let wrong = folder.call(&["matrix", "--users", "settings.json", "gatecloak.toml"]);
    assert_eq!(wrong.code, Some(1));
    assert!(wrong.stderr.contains("`gatecloak.toml`: is not a JSON object"), "{}", wrong.stderr);
}

#[test]
fn html_is_one_page_that_runs_nothing_with_reasons_as_titles() {
    let routes =
        format!("{ROUTES}[routes.odd]\npath = \"/odd\"\nrequire = {{ realm_role = \"<script>&'\\\"\" }}\n");
    let folder = Folder::new(&routes);
    let called = folder.call(&["matrix", "--format", "html", "-o", "matrix.html"]);
    assert_eq!((called.code, called.stdout.as_str()), (Some(0), ""), "{}", called.stderr);
    let html = folder.read("matrix.html");
    assert!(html.starts_with("<!DOCTYPE html>") && html.ends_with("</html>\n"));
    assert!(!html.contains("<script") && !html.contains("http://") && !html.contains("src="), "{html}");
    assert!(html.contains("realm role &lt;script&gt;&amp;&#39;&quot;"), "{html}");
    assert!(html.contains("title=\"it depends on user `ann` (policy `Ann`)\">depends</td>"), "{html}");
}
