//! What it costs to read a path and to find its route.

#![expect(clippy::expect_used, clippy::panic, reason = "a broken bench has to stop")]

#[path = "support/cpu_clock.rs"]
mod cpu_clock;

use std::hint::black_box;

use criterion::Criterion;
use gatecloak::route::{
    CanonicalPath, Found, HostPattern, PathMatcher, PathRules, Pattern, RouteKey, RouteTable,
};
use http::{Method, Uri};

use self::cpu_clock::CpuClock;

fn main() {
    let mut criterion = CpuClock::criterion();
    path(&mut criterion);
    table(&mut criterion);
    keycloak(&mut criterion);
    criterion.final_summary();
}

fn path(c: &mut Criterion<CpuClock>) {
    let mut group = c.benchmark_group("path");
    for (name, target) in [
        ("plain", "/api/v1/orders/1234/items?page=2"),
        ("encoded", "/api/v1/orders/caf%C3%A9/items?page=2"),
        ("refused", "/api/v1/../admin"),
    ] {
        let uri = Uri::from_static(target);
        group
            .bench_function(name, |b| b.iter(|| CanonicalPath::parse(black_box(&uri), PathRules::default())));
    }
    group.finish();
}

fn table(c: &mut Criterion<CpuClock>) {
    let mut group = c.benchmark_group("table");
    for size in [1, 10, 100, 1000] {
        let table = routes(size);
        let path = canonical(&format!("/service-{}/orders/1234/items", size / 2));
        group.bench_function(format!("hit among {}", size * 4), |b| {
            b.iter(|| match table.find(black_box("shop.example.com"), &Method::GET, &path) {
                Found::Route(route) => *route,
                _ => panic!("the route is there"),
            });
        });
        let path = canonical("/nothing/of/the/kind");
        group.bench_function(format!("miss among {}", size * 4), |b| {
            b.iter(|| {
                matches!(table.find(black_box("shop.example.com"), &Method::GET, &path), Found::Nothing)
            });
        });
    }
    group.finish();
}

fn keycloak(c: &mut Criterion<CpuClock>) {
    let mut group = c.benchmark_group("keycloak");
    for size in [10, 100] {
        let matcher = PathMatcher::new(
            (0..size).flat_map(|n| [format!("/service-{n}/{{id}}"), format!("/service-{n}/*")]),
        );
        group.bench_function(format!("resource among {}", size * 2), |b| {
            b.iter(|| matcher.find_in_any_order(black_box("/service-5/1234"), |pattern| pattern));
        });
    }
    group.finish();
}

fn routes(size: usize) -> RouteTable<usize> {
    let mut routes = Vec::new();
    for n in 0..size {
        for (kind, pattern) in ["", "/orders/{id}", "/orders/{id}/items", "/*"].iter().enumerate() {
            let pattern = format!("/service-{n}{pattern}");
            let key = RouteKey {
                name: pattern.clone(),
                hosts: vec![HostPattern::parse("shop.example.com").expect("a host")],
                pattern: Pattern::parse(&pattern).expect("a pattern"),
                methods: vec![Method::GET, Method::POST],
            };
            routes.push((key, n * 4 + kind));
        }
    }
    RouteTable::compile(routes).expect("a table")
}

fn canonical(target: &str) -> CanonicalPath {
    CanonicalPath::parse(&target.parse().expect("a target"), PathRules::default()).expect("a path")
}
