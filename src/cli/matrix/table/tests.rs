use super::{Cell, SurfaceRow, Table, csv_cell, escaped};

fn table() -> Table {
    let row = SurfaceRow {
        route: "orders".to_owned(),
        method: "GET".to_owned(),
        host: String::new(),
        pattern: "/orders/*".to_owned(),
        url: "/orders/x".to_owned(),
    };
    let cells = vec![
        Cell { word: "no", reason: "the route needs a token".to_owned() },
        Cell { word: "yes", reason: "\"met\"".to_owned() },
    ];
    Table { callers: vec!["anonymous".to_owned(), "=1+1".to_owned()], rows: vec![(row, cells)] }
}

#[test]
fn text_has_its_columns_under_each_other() {
    let text = table().as_text();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("route   method  host  path       anonymous  =1+1"));
    assert_eq!(lines.next(), Some("orders  GET     *     /orders/*  no         yes"));
}

#[test]
fn csv_quotes_and_has_no_formulas() {
    let csv = table().as_csv();
    assert_eq!(csv, "route,method,host,path,anonymous,'=1+1\r\norders,GET,*,/orders/*,no,yes\r\n");
    assert_eq!(csv_cell("a,\"b\""), "\"a,\"\"b\"\"\"");
}

#[test]
fn html_escapes_whatever_is_named() {
    assert!(table().as_html().contains("<td class=\"yes\" title=\"&quot;met&quot;\">yes</td>"));
    assert_eq!(escaped("<a href='\u{1b}'>&"), "&lt;a href=&#39;\u{fffd}&#39;&gt;&amp;");
}
