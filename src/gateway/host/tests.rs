use super::*;

fn settled(version: Version, target: &str, hosts: &[&str]) -> Result<String, &'static str> {
    let mut request = Request::builder().uri(target).version(version);
    for host in hosts {
        request = request.header(HOST, *host);
    }
    let mut request = request.body(()).unwrap();
    settle(&mut request)?;
    assert!(request.headers().get_all(HOST).iter().count() <= 1);
    Ok(authority(request.headers()).to_owned())
}

#[test]
fn the_host_field_is_the_authority() {
    assert_eq!(settled(Version::HTTP_11, "/", &["shop.example.com:8080"]).unwrap(), "shop.example.com:8080");
    assert_eq!(settled(Version::HTTP_11, "/", &["[::1]:8080"]).unwrap(), "[::1]:8080");
    assert_eq!(settled(Version::HTTP_11, "/", &["Shop_1.example"]).unwrap(), "Shop_1.example");
}

#[test]
fn http_1_1_needs_exactly_one_host() {
    assert!(settled(Version::HTTP_11, "/", &[]).is_err());
    assert!(settled(Version::HTTP_11, "/", &["a", "a"]).is_err());
    assert!(settled(Version::HTTP_11, "http://a/", &["a", "b"]).is_err());
}

#[test]
fn http_1_0_may_have_no_host() {
    assert_eq!(settled(Version::HTTP_10, "/", &[]).unwrap(), "");
}

#[test]
fn an_absolute_target_takes_the_place_of_the_host_field() {
    assert_eq!(
        settled(Version::HTTP_11, "http://public.example/", &["admin.example"]).unwrap(),
        "public.example"
    );
    assert!(settled(Version::HTTP_11, "ftp://public.example/", &["public.example"]).is_err());
}

#[test]
fn http_2_authority_and_host_must_agree() {
    assert_eq!(settled(Version::HTTP_2, "http://a.example/", &[]).unwrap(), "a.example");
    assert_eq!(settled(Version::HTTP_2, "http://a.example/", &["A.example"]).unwrap(), "a.example");
    assert!(settled(Version::HTTP_2, "http://a.example/", &["b.example"]).is_err());
    assert!(settled(Version::HTTP_2, "/", &[]).is_err());
}

#[test]
fn user_information_and_odd_characters_are_refused() {
    for host in [
        "user@a.example",
        "a.example/b",
        "a example",
        "a.example:",
        "a:b",
        "a:123456",
        "",
        ":80",
        ".a",
        "[::1",
        "a,b",
    ] {
        assert!(settled(Version::HTTP_11, "/", &[host]).is_err(), "{host}");
    }
    assert!(settled(Version::HTTP_11, "http://user@a.example/", &["a.example"]).is_err());
}

#[test]
fn a_final_dot_is_removed_so_that_no_route_is_missed() {
    assert_eq!(settled(Version::HTTP_11, "/", &["admin.example."]).unwrap(), "admin.example");
    assert_eq!(settled(Version::HTTP_11, "/", &["admin.example.:8080"]).unwrap(), "admin.example:8080");
    assert!(settled(Version::HTTP_11, "/", &["."]).is_err());
}

#[test]
fn the_name_is_the_authority_without_port() {
    assert_eq!(name("a.example:80"), "a.example");
    assert_eq!(name("[::1]:80"), "[::1]");
    assert_eq!(name(""), "");
}
