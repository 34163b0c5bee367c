//! Realms Admin: localization.

use serde_json::json;

use super::Scene;

#[test]
fn texts_of_any_key_are_set_read_and_removed() {
    let Some(scene) = Scene::new() else { return };
    let texts = scene.realm.localization();
    let key = "a/b;c%2F d#?+é..";
    scene.run(texts.set("de", key, "Grüße: 100 %")).expect("a text");
    scene.run(texts.set("de", "number", "17")).expect("a text");
    assert_eq!(scene.run(texts.get("de", key)).expect("the text"), "Grüße: 100 %");
    assert_eq!(scene.run(texts.get("de", "number")).expect("the text"), "17");

    scene.run(texts.add("pt-BR", &json!({"hello": "olá", "number": "1"}))).expect("texts");
    scene.run(texts.add("pt-BR", &json!({"number": "2"}))).expect("texts");
    assert_eq!(scene.run(texts.texts("pt-BR")).expect("texts"), json!({"hello": "olá", "number": "2"}));
    let mut locales: Vec<_> =
        scene.run(texts.locales()).expect("locales").as_array().expect("a list").clone();
    locales.sort_by_key(ToString::to_string);
    assert_eq!(locales, ["de", "pt-BR"]);

    scene.run(texts.delete("de", key)).expect("it goes");
    assert!(scene.run(texts.get("de", key)).expect_err("it is gone").is_not_found());
    scene.run(texts.delete_locale("pt-BR")).expect("they go");
    assert_eq!(scene.run(texts.locales()).expect("locales"), json!(["de"]));
}
