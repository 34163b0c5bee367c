use super::*;
use crate::authz::{Keep, Unguarded};

const VERSION: u64 = 7;
const UNTIL: i64 = 1_000;

fn occasion<'a>(route: usize, method: &'a Method, path: &'a str) -> Occasion<'a> {
    Occasion { route, method, path }
}

/// A permit that stands for a while.
fn standing(until: i64) -> Permit {
    Permit::unguarded(Unguarded::Public).standing(Keep { version: VERSION, until })
}

fn taken(remembered: &Remembered) -> usize {
    let places = remembered.places.get().expect("places");
    places.iter().filter(|place| place.load().is_some()).count()
}

#[test]
fn permit_for_one_request_is_not_remembered() {
    let remembered = Remembered::default();
    let permit = Permit::unguarded(Unguarded::Public);
    remembered.set(occasion(0, &Method::GET, "/a"), permit);
    assert_eq!(remembered.get(occasion(0, &Method::GET, "/a"), 0, 0), None);
    assert!(remembered.places.get().is_none());
}

#[test]
fn standing_permit_is_given_again_and_for_one_request_each_time() {
    let remembered = Remembered::default();
    let permit = standing(UNTIL);
    remembered.set(occasion(3, &Method::GET, "/a"), permit);
    for _ in 0..2 {
        let again = remembered.get(occasion(3, &Method::GET, "/a"), VERSION, UNTIL - 1);
        assert_eq!(again, Some(permit.once()));
    }
    // Where the path does not matter, it is empty, and that is an occasion like any other.
    remembered.set(occasion(3, &Method::GET, ""), permit);
    assert_eq!(remembered.get(occasion(3, &Method::GET, ""), VERSION, 0), Some(permit.once()));
}

#[test]
fn other_settings_end_it() {
    let remembered = Remembered::default();
    let asked = occasion(3, &Method::GET, "/a");
    remembered.set(asked, standing(i64::MAX));
    for other in [VERSION - 1, VERSION + 1, 0, u64::MAX] {
        assert_eq!(remembered.get(asked, other, 0), None, "{other}");
    }
    assert!(remembered.get(asked, VERSION, 0).is_some());
}

#[test]
fn its_second_ends_it() {
    let remembered = Remembered::default();
    let asked = occasion(3, &Method::GET, "/a");
    remembered.set(asked, standing(UNTIL));
    for (now, stands) in [(0, true), (UNTIL - 1, true), (UNTIL, false), (UNTIL + 1, false), (i64::MAX, false)]
    {
        assert_eq!(remembered.get(asked, VERSION, now).is_some(), stands, "{now}");
    }
    remembered.set(asked, standing(UNTIL + 10));
    assert!(remembered.get(asked, VERSION, UNTIL).is_some(), "the newer one counts");
}

#[test]
fn of_two_occasions_on_one_place_the_later_has_it_and_neither_gets_the_others() {
    let remembered = Remembered::default();
    let place = |path: &str| super::place(occasion(3, &Method::GET, path));
    let other = (0..).map(|number| format!("/{number}")).find(|path| place(path) == place("/a")).unwrap();
    let (first, second) = (occasion(3, &Method::GET, "/a"), occasion(3, &Method::GET, &other));
    let get = |asked| remembered.get(asked, VERSION, 0).is_some();
    remembered.set(first, standing(UNTIL));
    assert_eq!((get(first), get(second)), (true, false));
    remembered.set(second, standing(UNTIL));
    assert_eq!((get(first), get(second)), (false, true));
    remembered.set(first, standing(UNTIL));
    assert_eq!((get(first), get(second)), (true, false));
}

#[test]
fn occasions_are_spread_over_all_places() {
    let paths = |make: fn(usize) -> String| (0..16).map(make).collect::<Vec<String>>();
    for paths in [
        paths(|number| format!("/orders/{number}")),
        paths(|number| format!("/{number}/items")),
        paths(|number| format!("/orders/{}/items/7", number * 1_000)),
    ] {
        let remembered = Remembered::default();
        for path in &paths {
            remembered.set(occasion(3, &Method::GET, path), standing(UNTIL));
        }
        let taken = taken(&remembered);
        assert!(taken > PLACES / 2, "{taken} places for {paths:?}");
    }
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
    let at_most = "/".repeat(LONGEST_PATH);
    for (path, stands) in [(at_most.clone(), true), (at_most + "/", false)] {
        let remembered_path = occasion(0, &Method::GET, &path);
        remembered.set(remembered_path, standing(UNTIL));
        assert_eq!(remembered.get(remembered_path, VERSION, 0).is_some(), stands, "{}", path.len());
    }
    assert_eq!(taken(&remembered), 1);
}
