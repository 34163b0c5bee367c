use super::{ChallengeMethod, Pkce};

#[test]
fn the_challenge_is_that_of_rfc_7636_appendix_b() {
    let pkce = Pkce::of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", ChallengeMethod::S256);
    assert_eq!(pkce.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    let plain = Pkce::of(pkce.verifier(), ChallengeMethod::Plain);
    assert_eq!(plain.challenge(), pkce.verifier());
}

#[test]
fn a_verifier_is_random_and_of_the_letters_that_it_may_have() {
    let (one, other) = (Pkce::generate().unwrap(), Pkce::generate().unwrap());
    assert_ne!(one.verifier(), other.verifier());
    assert_eq!(one.verifier().len(), 128);
    assert!(one.verifier().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)));
    assert!(!format!("{one:?}").contains(one.verifier()));
    assert_eq!(Pkce::generate_with(43).unwrap().verifier().len(), 43);
    assert!(Pkce::generate_with(42).is_err() && Pkce::generate_with(129).is_err());
}
