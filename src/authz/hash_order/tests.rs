use super::{hash_buckets, hash_order, hash_order_of_copy, spread};

#[test]
fn hashes_are_javas() {
    // "hello".hashCode() is 99162322.
    assert_eq!(spread("hello"), 99_162_322 ^ (99_162_322 >> 16));
    // Over UTF-16: "😀".hashCode() is 0xD83D * 31 + 0xDE00.
    let hash: u32 = 0xD83D * 31 + 0xDE00;
    assert_eq!(spread("😀"), hash ^ (hash >> 16));
    assert_eq!(spread(""), 0);
}

#[test]
fn order_is_that_of_buckets() {
    // Recorded: the roles of a token as Keycloak's regex policies see them.
    assert_eq!(hash_order(["writer", "auditor"]), Some(vec!["auditor", "writer"]));
    // One character's hash is its code: '0' is 48, in bucket 0 of 16.
    let digits = ["9", "1", "0", "5"];
    assert_eq!(hash_order(digits), Some(vec!["0", "1", "5", "9"]));
}

#[test]
fn texts_of_one_bucket_keep_the_order_of_adding() {
    // "Aa" and "BB" have the same hash.
    assert_eq!(hash_order(["BB", "Aa"]), Some(vec!["BB", "Aa"]));
    assert_eq!(hash_order(["Aa", "BB", "Aa"]), Some(vec!["Aa", "BB"]));
    let buckets = hash_buckets(["Aa", "x", "BB"]).unwrap();
    let of = |text: &str| buckets.iter().find(|(known, _)| *known == text).unwrap().1;
    assert_eq!(of("Aa"), of("BB"));
    assert_ne!(of("Aa"), of("x"));
}

#[test]
fn table_doubles_after_three_quarters() {
    // Codes 32 and 48 share a bucket of 16, not one of 32.
    let few: Vec<String> = (0..12_u8).map(|code| char::from(b'0' + code).to_string()).collect();
    let mut few: Vec<&str> = few.iter().map(String::as_str).collect();
    few.truncate(11);
    few.push(" ");
    let grown = hash_order(few.iter().copied()).unwrap();
    assert_eq!(grown[..2], ["0", " "], "twelve fit");
    few.push("~");
    let grown = hash_order(few.iter().copied()).unwrap();
    assert_eq!(grown[0], " ", "thirteen make it twice as large");
    // A copy of twelve is made in a larger table than one that grew.
    let copied = hash_order_of_copy(&few[..12]).unwrap();
    assert_eq!(copied[0], " ");
}

#[test]
fn a_bucket_that_may_be_a_tree_has_no_order() {
    // All texts of these two pieces have one hash.
    let mut same = vec![String::new()];
    for _ in 0..3 {
        same = same.iter().flat_map(|text| [format!("{text}Aa"), format!("{text}BB")]).collect();
    }
    assert_eq!(hash_order(same.iter().map(String::as_str)), None);
    assert!(hash_order(same.iter().take(7).map(String::as_str)).is_some());
}
