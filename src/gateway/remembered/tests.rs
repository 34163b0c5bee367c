use super::*;
use crate::authz::Unguarded;

fn occasion<'a>(route: usize, method: &'a Method, path: &'a str) -> Occasion<'a> {
    Occasion { route, method, path }
}

#[test]
fn permit_for_one_request_is_not_remembered() {
    let remembered = Remembered::default();
    let permit = Permit::unguarded(Unguarded::Public);
    remembered.set(occasion(0, &Method::GET, "/a"), permit);
    assert_eq!(remembered.get(occasion(0, &Method::GET, "/a"), 0, 0), None);
    assert!(remembered.places.iter().all(|place| place.load().is_none()));
}

#[test]
fn entry_is_for_one_route_method_and_path() {
    let permit = Permit::unguarded(Unguarded::Public);
    let entry = Entry { route: 1, method: Method::GET, path: "/a".into(), permit };
    assert!(entry.is_for(occasion(1, &Method::GET, "/a")));
    for other in
        [occasion(2, &Method::GET, "/a"), occasion(1, &Method::PUT, "/a"), occasion(1, &Method::GET, "/b")]
    {
        assert!(!entry.is_for(other), "{other:?}");
    }
}

#[test]
fn long_paths_take_no_memory() {
    let remembered = Remembered::default();
    let path = "/".repeat(LONGEST_PATH + 1);
    remembered.set(occasion(0, &Method::GET, &path), Permit::unguarded(Unguarded::Public));
    assert!(remembered.places.iter().all(|place| place.load().is_none()));
}
