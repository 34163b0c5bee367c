use std::thread;
use std::time::Duration;

use super::{Metrics, Readiness};

fn fresh() -> &'static Metrics {
    Box::leak(Box::new(Metrics::new()))
}

fn lines_of(metrics: &'static Metrics, name: &str) -> Vec<String> {
    metrics
        .encode(Readiness::default())
        .lines()
        .filter(|line| line.starts_with(name))
        .map(str::to_owned)
        .collect()
}

#[test]
fn counts_of_many_threads_add_up() {
    let metrics = fresh();
    let route = metrics.route("orders", "shop");
    // More threads than shards, so that some of them share one.
    thread::scope(|scope| {
        for _ in 0..40 {
            scope.spawn(|| {
                for _ in 0..250 {
                    route.request(200, Duration::from_micros(700));
                    route.decision("granted", "claims");
                    metrics.verification("ok", "memo");
                }
            });
        }
    });
    assert_eq!(
        lines_of(metrics, "gatecloak_requests_total"),
        [r#"gatecloak_requests_total{route="orders",code="200",upstream="shop"} 10000"#]
    );
    assert_eq!(
        lines_of(metrics, "gatecloak_decisions_total"),
        [r#"gatecloak_decisions_total{route="orders",result="granted",source="claims"} 10000"#]
    );
    assert_eq!(
        lines_of(metrics, "gatecloak_token_verifications_total"),
        [r#"gatecloak_token_verifications_total{result="ok",source="memo"} 10000"#]
    );
}

#[test]
fn durations_fall_into_cumulative_buckets() {
    let metrics = fresh();
    let route = metrics.route("orders", "shop");
    for micros in [400, 500, 501, 30_000_000] {
        route.request(200, Duration::from_micros(micros));
    }
    let lines = lines_of(metrics, "gatecloak_request_duration_seconds");
    let value = |le: &str| {
        let start = format!(r#"gatecloak_request_duration_seconds_bucket{{le="{le}",route="orders"}} "#);
        lines
            .iter()
            .find_map(|line| line.strip_prefix(&start))
            .unwrap_or_else(|| panic!("{le}: {lines:#?}"))
            .to_owned()
    };
    assert_eq!(
        (value("0.0005"), value("0.001"), value("10.0"), value("+Inf")),
        ("2".into(), "3".into(), "3".into(), "4".into())
    );
    assert!(lines.contains(&r#"gatecloak_request_duration_seconds_count{route="orders"} 4"#.to_owned()));
    assert!(
        lines.contains(&r#"gatecloak_request_duration_seconds_sum{route="orders"} 30.001401"#.to_owned())
    );
}

#[test]
fn upstreams_of_one_route_share_its_histogram() {
    let metrics = fresh();
    metrics.route("orders", "a").request(200, Duration::ZERO);
    metrics.route("orders", "b").request(502, Duration::ZERO);
    assert_eq!(lines_of(metrics, "gatecloak_request_duration_seconds_count").len(), 1);
    assert_eq!(lines_of(metrics, "gatecloak_requests_total").len(), 2);
}

#[test]
fn the_same_names_give_the_same_counters() {
    let metrics = fresh();
    metrics.route("orders", "shop").request(204, Duration::ZERO);
    metrics.route("orders", "shop").request(204, Duration::ZERO);
    assert!(lines_of(metrics, "gatecloak_requests_total").iter().all(|line| line.ends_with(" 2")));
}

#[test]
fn a_status_out_of_range_is_counted_as_other() {
    let metrics = fresh();
    for status in [0, 99, 600, 999] {
        metrics.route("orders", "").request(status, Duration::ZERO);
    }
    assert_eq!(
        lines_of(metrics, "gatecloak_requests_total"),
        [r#"gatecloak_requests_total{route="orders",code="other",upstream=""} 4"#]
    );
}

#[test]
fn more_codes_than_places_are_counted_as_other() {
    let metrics = fresh();
    for number in 0..100 {
        metrics.cache(Box::leak(format!("cache{number}").into_boxed_str()), true);
    }
    let lines = lines_of(metrics, "gatecloak_cache_requests_total");
    assert_eq!(lines.len(), 32);
    assert!(
        lines.iter().any(|line| line == r#"gatecloak_cache_requests_total{cache="other",result="other"} 69"#)
    );
}

#[test]
fn label_values_are_escaped() {
    let metrics = fresh();
    metrics.route("a\"b\\c\nd", "").request(200, Duration::ZERO);
    assert_eq!(
        lines_of(metrics, "gatecloak_requests_total"),
        [r#"gatecloak_requests_total{route="a\"b\\c\nd",code="200",upstream=""} 1"#]
    );
}

#[test]
fn the_text_has_one_head_for_each_family_and_ends_with_the_mark() {
    let metrics = fresh();
    metrics.connection(true);
    metrics.connection(true);
    metrics.connection(false);
    metrics.idp_request("jwks", false, Duration::from_millis(3));
    metrics.reloaded(false);
    let providers = vec![("shop".to_owned(), true), ("staff".to_owned(), false)];
    let text = metrics.encode(Readiness { ready: false, providers });
    let mut types: Vec<_> = text.lines().filter(|line| line.starts_with("# TYPE ")).collect();
    let families = types.len();
    types.dedup();
    assert_eq!(types.len(), families);
    assert!(text.ends_with("# EOF\n"));
    for line in [
        "gatecloak_connections 1",
        "gatecloak_config_last_reload_ok 0",
        "gatecloak_ready 0",
        r#"gatecloak_provider_ready{provider="shop"} 1"#,
        r#"gatecloak_provider_ready{provider="staff"} 0"#,
        r#"gatecloak_idp_request_duration_seconds_count{operation="jwks",result="error"} 1"#,
        concat!(r#"gatecloak_build_info{version=""#, env!("CARGO_PKG_VERSION"), r#""} 1"#),
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_process_is_measured() {
    let text = fresh().encode(Readiness::default());
    for name in [
        "process_resident_memory_bytes ",
        "process_open_fds ",
        "process_cpu_seconds_total ",
        "process_start_time_seconds ",
    ] {
        let value = text
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .unwrap_or_else(|| panic!("no {name}in\n{text}"));
        assert!(value.parse::<f64>().unwrap() >= 0.0);
    }
}
