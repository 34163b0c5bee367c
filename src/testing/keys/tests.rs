use super::*;

#[test]
fn every_algorithm_signs_what_it_verifies() {
    for algorithm in Algorithm::ALL {
        let key = SigningKey::shared(algorithm);
        let signature = key.sign(b"message");
        assert!(key.verifies(b"message", &signature), "{algorithm:?}");
        assert!(!key.verifies(b"another", &signature), "{algorithm:?}");
    }
}

#[test]
fn jsonwebtoken_verifies_what_is_minted() {
    use jsonwebtoken::{DecodingKey, Validation, jwk::Jwk};
    for algorithm in Algorithm::ALL.into_iter().filter(|algorithm| *algorithm != Algorithm::ES512) {
        let key = SigningKey::shared(algorithm);
        let token = crate::testing::Mint::new("http://issuer").audience("gateway").sign(&key);
        let jwk: Jwk = serde_json::from_value(key.jwk()).unwrap();
        let mut validation = Validation::new(algorithm.name().parse().unwrap());
        validation.set_audience(&["gateway"]);
        let decoded =
            jsonwebtoken::decode::<Value>(&token, &DecodingKey::from_jwk(&jwk).unwrap(), &validation)
                .unwrap();
        assert_eq!(decoded.claims["iss"], "http://issuer");
        assert_eq!(decoded.header.kid.as_deref(), Some(key.kid()));
    }
}

#[test]
fn key_ids_differ_between_algorithms_of_one_key() {
    assert_ne!(SigningKey::shared(Algorithm::RS256).kid(), SigningKey::shared(Algorithm::PS256).kid());
    assert_eq!(SigningKey::shared(Algorithm::RS256).kid(), SigningKey::shared(Algorithm::RS256).kid());
}

#[test]
fn debug_output_has_no_key_material() {
    let key = SigningKey::shared(Algorithm::ES256);
    assert_eq!(format!("{key:?}"), format!("SigningKey {{ kid: {:?}, algorithm: ES256, .. }}", key.kid()));
}
