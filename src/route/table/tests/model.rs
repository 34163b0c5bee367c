//! An executable model of the table, which tries every route: the table must agree with it on anything.

use http::Method;
use proptest::prelude::*;

use super::{Found, RouteKey, RouteTable, compile, key, path};

/// How specific a match is, as a list of numbers: the greatest is in charge.
type Score = Vec<usize>;

fn host_score(hosts: &[&str], host: &str) -> Option<usize> {
    let score = |pattern: &str| match pattern.strip_prefix('*') {
        Some(suffix) => (host.ends_with(suffix) && host.len() > suffix.len()).then_some(suffix.len()),
        None => (pattern == host).then_some(1000),
    };
    if hosts.is_empty() { Some(0) } else { hosts.iter().filter_map(|pattern| score(pattern)).max() }
}

fn path_score(pattern: &str, path: &str) -> Option<Score> {
    let pieces: Vec<&str> = pattern.split('/').skip(1).collect();
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    let mut score = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        if *piece == "*" {
            score.push(1);
            return Some(score);
        }
        if let Some(suffix) = piece.strip_prefix('*') {
            score.push(1 + suffix.len());
            return (segments.len() > at && path.ends_with(suffix)).then_some(score);
        }
        let segment = segments.get(at)?;
        match piece.starts_with('{') {
            true if segment.is_empty() => return None,
            true => score.push(2000),
            false if piece != segment => return None,
            false => score.push(3000),
        }
    }
    score.push(1000);
    (segments.len() == pieces.len()).then_some(score)
}

fn serves(methods: &[Method], method: &Method) -> bool {
    methods.is_empty()
        || methods.contains(method)
        || (*method == Method::HEAD && methods.contains(&Method::GET))
}

#[derive(Clone, Debug)]
struct Row {
    hosts: Vec<&'static str>,
    pattern: String,
    methods: Vec<&'static str>,
}

/// Who is in charge: `Err(false)` nobody, `Err(true)` nobody for this method.
fn model(rows: &[(String, Row)], host: &str, method: &Method, path: &str) -> Result<String, bool> {
    let scored = rows.iter().filter_map(|(name, row)| {
        let mut score = vec![host_score(&row.hosts, host)?];
        score.extend(path_score(&row.pattern, path)?);
        Some((score, name, row))
    });
    let scored: Vec<_> = scored.collect();
    let best = scored.iter().map(|(score, ..)| score).max().ok_or(false)?.clone();
    let mut in_charge = scored.iter().filter(|(score, _, row)| {
        let methods: Vec<Method> = row.methods.iter().map(|method| method.parse().unwrap()).collect();
        *score == best && serves(&methods, method)
    });
    in_charge.next().map(|(_, name, _)| (*name).clone()).ok_or(true)
}

fn rows() -> impl Strategy<Value = Vec<(String, Row)>> {
    let host = proptest::sample::subsequence(vec!["x.com", "y.x.com", "*.x.com", "*.com"], 0..3);
    let segment = proptest::sample::select(vec!["a", "b", "c.d", "{p}"]);
    let tail = proptest::sample::select(vec!["", "", "/", "/*", "/*.d", "/*.c.d"]);
    let pattern = (proptest::collection::vec(segment, 0..4), tail).prop_map(|(segments, tail)| {
        let path: String = segments.iter().map(|segment| format!("/{segment}")).collect();
        let path = path + tail;
        if path.is_empty() { "/".to_owned() } else { path }
    });
    let methods = proptest::sample::subsequence(vec!["GET", "HEAD", "POST"], 0..3);
    let row = (host, pattern, methods).prop_map(|(hosts, pattern, methods)| Row { hosts, pattern, methods });
    proptest::collection::vec(row, 1..12)
        .prop_map(|rows| rows.into_iter().enumerate().map(|(at, row)| (format!("r{at}"), row)).collect())
}

fn requests() -> impl Strategy<Value = Vec<(&'static str, Method, String)>> {
    let host = proptest::sample::select(vec!["x.com", "y.x.com", "z.x.com", "z.com", "com", "z.org"]);
    let method = proptest::sample::select(vec![Method::GET, Method::HEAD, Method::POST, Method::PUT]);
    let segment = proptest::sample::select(vec!["a", "b", "c.d", "x.c.d", ".d", "z"]);
    let path = (proptest::collection::vec(segment, 0..5), any::<bool>()).prop_map(|(segments, slash)| {
        let path: String = segments.iter().map(|segment| format!("/{segment}")).collect();
        if slash || path.is_empty() { path + "/" } else { path }
    });
    proptest::collection::vec((host, method, path), 1..30)
}

/// Leaves out the routes that the table complains about, until it does not.
fn accepted(mut rows: Vec<(String, Row)>) -> (Vec<(String, Row)>, RouteTable<String>) {
    loop {
        let keys: Vec<RouteKey> =
            rows.iter().map(|(name, row)| key(name, &row.hosts, &row.pattern, &row.methods)).collect();
        match compile(&keys) {
            Ok(table) => return (rows, table),
            Err(problems) => rows.retain(|(name, _)| problems.iter().all(|(problem, _)| problem != name)),
        }
    }
}

proptest! {
    #[test]
    fn table_agrees_with_the_model(rows in rows(), requests in requests()) {
        let (rows, table) = accepted(rows);
        for (host, method, target) in requests {
            let found = match table.find(host, &method, &path(&target)) {
                Found::Route(name) => Ok(name.clone()),
                Found::OtherMethods(_) => Err(true),
                Found::Nothing => Err(false),
            };
            prop_assert_eq!(found, model(&rows, host, &method, &target), "{} {} {}", host, method, target);
        }
    }

    #[test]
    fn order_of_the_routes_changes_nothing(
        (rows, shuffled) in rows().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
        requests in requests(),
    ) {
        let compiled = |rows: &[(String, Row)]| {
            let keys: Vec<RouteKey> =
                rows.iter().map(|(name, row)| key(name, &row.hosts, &row.pattern, &row.methods)).collect();
            compile(&keys)
        };
        match (compiled(&rows), compiled(&shuffled)) {
            (Ok(left), Ok(right)) => {
                let names = |table: &RouteTable<String>| table.iter().map(|(key, _)| key.name.clone()).collect::<Vec<_>>();
                prop_assert_eq!(names(&left), names(&right));
                for (host, method, target) in requests {
                    let target = path(&target);
                    prop_assert_eq!(left.find(host, &method, &target), right.find(host, &method, &target));
                }
            }
            (Err(left), Err(right)) => prop_assert_eq!(left, right),
            (left, right) => prop_assert!(false, "{:?} and {:?}", left.is_ok(), right.is_ok()),
        }
    }

    #[test]
    fn every_route_is_in_charge_of_something(rows in rows()) {
        // The other way round: of what was refused as never in charge, the model says so too.
        let rows: Vec<(String, Row)> = rows.into_iter().map(|(name, mut row)| {
            row.hosts.clear();
            row.methods.clear();
            (name, row)
        }).collect();
        let (accepted, _) = accepted(rows);
        let segments = ["a", "b", "c.d", "x.c.d", "x.d", "z"];
        let mut paths = vec![String::new()];
        for from in [0, 1, 7, 43] {
            let deeper: Vec<String> = paths[from..].iter().flat_map(|path| segments.map(|segment| format!("{path}/{segment}"))).collect();
            paths.extend(deeper);
        }
        let slashed: Vec<String> = paths.iter().map(|path| format!("{path}/")).collect();
        paths.remove(0);
        paths.extend(slashed);
        for (name, row) in &accepted {
            let mine = paths.iter().any(|path| model(&accepted, "h", &Method::GET, path).as_ref() == Ok(name));
            prop_assert!(mine, "{} {}", name, row.pattern);
        }
    }
}
