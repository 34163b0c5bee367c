//! Groups.

use gatecloak::connection::{ErrorClass, Query};
use serde_json::{Value, json};

use super::{AWKWARD, Scene, names, person, text};

fn make(scene: &Scene, name: &str, parent: Option<&str>) -> String {
    scene.run(scene.realm.groups().create(&json!({"name": name}), parent)).expect("an id")
}

/// Covers `create_group`, `get_group`, `get_groups`, `groups_count`, `update_group`, `delete_group`.
#[test]
fn groups_come_change_and_go() {
    let Some(scene) = Scene::new() else { return };
    let groups = scene.realm.groups();
    let staff = make(&scene, "staff", None);
    let sales = make(&scene, AWKWARD, Some(&staff));
    for (name, parent, id) in [("staff", None, &staff), (AWKWARD, Some(staff.as_str()), &sales)] {
        let again = json!({"name": name});
        let conflict = scene.run(groups.create(&again, parent)).expect_err("it is there");
        assert!(conflict.is_conflict(), "{conflict}");
        assert_eq!(&scene.run(groups.create_if_absent(&again, parent)).expect("its id"), id);
    }
    let other = scene.run(groups.create_if_absent(&json!({"name": "other"}), None)).expect("an id");
    let lost = scene.run(groups.create(&json!({"name": "x"}), Some("no-such"))).expect_err("no parent");
    assert!(lost.is_not_found(), "{lost}");

    let all = Value::Array(scene.run(groups.list(Query::new()).all()).expect("a list"));
    assert_eq!(names(&all), ["other", "staff"]);
    assert_eq!(scene.run(groups.count(Query::new())).expect("a count"), 3);
    assert_eq!(scene.run(groups.count(Query::new().with("top", true))).expect("a count"), 2);

    let changes = json!({"name": "renamed", "attributes": {"floor": ["2"]}});
    scene.run(groups.update(&other, &changes)).expect("an empty answer");
    let read = scene.run(groups.get(&other)).expect("the group");
    assert_eq!((text(&read, "path"), &read["attributes"]["floor"]), ("/renamed", &json!(["2"])));

    scene.run(groups.delete(&staff)).expect("an empty answer");
    assert!(scene.run(groups.get(&sales)).expect_err("it went along").is_not_found());
}

/// Covers `get_group_children`.
#[test]
fn groups_below_a_group_are_listed_at_any_depth() {
    let Some(scene) = Scene::new() else { return };
    let groups = scene.realm.groups();
    let top = make(&scene, "top", None);
    // More than the ten that the server gives when it is not asked for a page.
    for number in 0..12 {
        make(&scene, &format!("child-{number:02}"), Some(&top));
    }
    let children = scene.run(groups.children(&top, Query::new()).all()).expect("a list");
    assert_eq!(children.len(), 12);
    let below = make(&scene, "below", Some(text(&children[3], "id")));
    make(&scene, "lowest", Some(&below));

    let tree = scene.run(groups.tree(&top)).expect("a tree");
    assert_eq!(tree.len(), 12);
    assert_eq!(tree[3]["subGroups"][0]["subGroups"][0]["path"], "/top/child-03/below/lowest");
    assert_eq!(tree[2]["subGroups"], json!([]));
    let mut group = scene.run(groups.get(&top)).expect("the group");
    scene.run(groups.fill(&mut group)).expect("it is filled");
    assert_eq!(group["subGroups"], Value::Array(tree));
}

/// Covers `get_group_by_path`, `get_subgroups`.
#[test]
fn a_group_is_found_by_its_path_at_any_depth() {
    let Some(scene) = Scene::new() else { return };
    let groups = scene.realm.groups();
    // A plain name with `;`, blanks and the like, and names with `/` that could be read as two.
    let plain = AWKWARD.replace('/', "");
    let top = make(&scene, "top", None);
    let second = make(&scene, &plain, Some(&top));
    let third = make(&scene, "third", Some(&second));
    let slashed = make(&scene, "top/x", None);
    let below_slashed = make(&scene, AWKWARD, Some(&slashed));
    for (path, id) in [
        ("/top".to_owned(), &top),
        ("top".to_owned(), &top),
        (format!("/top/{plain}"), &second),
        (format!("/top/{plain}/third"), &third),
        ("/top/x".to_owned(), &slashed),
        (format!("/top/x/{AWKWARD}"), &below_slashed),
    ] {
        let found =
            scene.run(groups.by_path(&path)).expect("an answer").unwrap_or_else(|| panic!("no {path}"));
        assert_eq!(text(&found, "id"), id, "{path}");
    }
    for path in ["/nowhere", "/third", "/top/third", "/top/nowhere", "/", ""] {
        assert_eq!(scene.run(groups.by_path(path)).expect("an answer"), None, "{path}");
    }

    let group = scene.run(groups.get(&top)).expect("the group");
    let path = format!("/top/{plain}/third");
    // Without those below, as the server gives it, and with them.
    let mut filled = group.clone();
    scene.run(groups.fill(&mut filled)).expect("it is filled");
    for group in [&group, &filled] {
        let found = scene.run(groups.subgroup(group, &path)).expect("an answer").expect("the group");
        assert_eq!(text(&found, "id"), third);
        assert_eq!(scene.run(groups.subgroup(group, "/elsewhere")).expect("an answer"), None);
    }
}

/// Covers `group_user_add`, `group_user_remove`, `get_group_members`, `get_user_groups`.
#[test]
fn members_come_and_go() {
    let Some(scene) = Scene::with(&json!({"users": [person("alice")]})) else { return };
    let (groups, users) = (scene.realm.groups(), scene.realm.users());
    let alice = scene.run(users.id("alice")).expect("an answer").expect("alice");
    let group = json!({"name": "staff", "attributes": {"floor": ["2"]}});
    let staff = scene.run(groups.create(&group, None)).expect("an id");
    scene.run(users.join(&alice, &staff)).expect("an empty answer");
    scene.run(users.join(&alice, &staff)).expect("an empty answer, also for a member");

    let members = scene.run(groups.members(&staff, Query::new()).all()).expect("members");
    assert_eq!(members.len(), 1);
    assert_eq!(text(&members[0], "username"), "alice");
    let whole = Query::new().with("briefRepresentation", false);
    let of_alice = scene.run(users.groups(&alice, whole).all()).expect("groups");
    assert_eq!(of_alice[0]["attributes"]["floor"], json!(["2"]));

    scene.run(users.leave(&alice, &staff)).expect("an empty answer");
    assert_eq!(scene.run(groups.members(&staff, Query::new()).all()).expect("members"), [] as [Value; 0]);
}

/// Keycloak 26.2 took it away: the error is what there is of it.
///
/// Covers `group_set_permissions`.
#[test]
fn permissions_of_a_group_are_refused_with_a_hint() {
    let Some(scene) = Scene::new() else { return };
    let staff = make(&scene, "staff", None);
    let error = scene.run(scene.realm.groups().set_permissions(&staff, true)).expect_err("not there");
    // Servers of 26.0 say 500.
    assert!(matches!(error.status(), Some(500 | 501)), "{error}");
    assert_eq!(error.class(), ErrorClass::Put);
    assert!(error.message().contains("; hint: "), "{error}");
    assert!(error.message().contains("`adminPermissionsEnabled`"), "{error}");
}
