//! Tokens, as an attacker would send them.

use std::time::SystemTime;

use jsonwebtoken::{Algorithm, Header};
use proptest::prelude::*;
use serde_json::{Value, json};
use vermilion::auth::{
    AuthError, Caller, Role, RoleSet,
    caller::InvalidCaller,
    key_set::KeySet,
    token::{self, Grant, MAX_TOKEN_BYTES},
};

use super::issuer::{Issuer, SECRET, base64, claims, from_now, rules, secret, set, sign_by_secret};

fn by_secret(claims: &Value) -> Result<Caller, AuthError> {
    verify(&sign_by_secret(SECRET.as_bytes(), &Header::new(Algorithm::HS256), claims), &KeySet::from_secret(&secret()))
}

fn verify(token: &str, keys: &KeySet) -> Result<Caller, AuthError> {
    token::verify(token, keys, &rules(), SystemTime::now())
}

fn ana() -> Caller {
    Caller::new("ana@acme.example", Some("acme"), Some("ana"), RoleSet::EMPTY.with(Role::Agent)).unwrap()
}

/// The good claims with one changed, or removed if the value is null.
fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    let all = claims.as_object_mut().unwrap();
    if value.is_null() {
        all.remove(name)
    } else {
        all.insert(name.to_owned(), value)
    };
    claims
}

#[test]
fn a_good_token_is_its_caller() {
    assert_eq!(by_secret(&claims()), Ok(ana()));
    for algorithm in [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA] {
        let (issuer, other) = (Issuer::new("k1", algorithm), Issuer::new("k2", algorithm));
        let keys = KeySet::parse(set(&[&other, &issuer]).as_bytes()).unwrap();
        assert_eq!(verify(&issuer.sign(&claims()), &keys), Ok(ana()), "{algorithm:?}");
    }
}

#[test]
fn claims_are_pinned() {
    use AuthError::{Identity, TokenAudience, TokenClaim, TokenExpired, TokenIssuer, TokenMalformed, TokenNotYetValid};
    for (name, value, expected) in [
        ("iss", json!(null), TokenClaim("iss")),
        ("iss", json!("https://login.example.com"), TokenIssuer),
        ("iss", json!("https://evil.example/"), TokenIssuer),
        ("iss", json!(["https://login.example.com/"]), TokenMalformed),
        ("aud", json!(null), TokenClaim("aud")),
        ("aud", json!("Vermilion"), TokenAudience),
        ("aud", json!([]), TokenAudience),
        ("aud", json!(["other", "vermilion2"]), TokenAudience),
        ("aud", json!({"vermilion": true}), TokenMalformed),
        ("exp", json!(null), TokenClaim("exp")),
        ("exp", json!(from_now(-40)), TokenExpired),
        ("exp", json!(0), TokenExpired),
        ("exp", json!(-1), TokenExpired),
        ("exp", json!("9999999999"), TokenMalformed),
        ("exp", json!(true), TokenMalformed),
        ("nbf", json!(from_now(60)), TokenNotYetValid),
        ("nbf", json!(1e300), TokenNotYetValid),
        ("nbf", json!("0"), TokenMalformed),
        ("roles", json!(null), TokenClaim("roles")),
        ("roles", json!([]), Identity(InvalidCaller::Role)),
        ("roles", json!(["root", "Agent", "agent "]), Identity(InvalidCaller::Role)),
        ("roles", json!({"agent": 1}), TokenMalformed),
        ("tenant", json!(null), Identity(InvalidCaller::TenantMissing)),
        ("agent", json!(null), Identity(InvalidCaller::AgentMissing)),
        ("tenant", json!(7), TokenMalformed),
        ("sub", json!(""), Identity(InvalidCaller::Subject)),
        ("sub", json!("ana\r\nx-roles: operator"), Identity(InvalidCaller::Subject)),
        ("sub", json!("a".repeat(129)), Identity(InvalidCaller::Subject)),
    ] {
        assert_eq!(by_secret(&with(name, value.clone())), Err(expected), "{name}: {value}");
    }
    for id in ["", "acme/../other", "acme' OR '1'='1", "acme;DROP TABLE tenants", "acme\0", "../acme", "a%2fb", "ａcme"]
    {
        for name in ["tenant", "agent"] {
            let refused = by_secret(&with(name, json!(id)));
            assert!(matches!(refused, Err(AuthError::Identity(_))), "{name}: {id:?}: {refused:?}");
        }
    }
}

#[test]
fn what_may_vary_is_accepted() {
    for (name, value) in [
        ("aud", json!(["other", "vermilion"])),
        ("exp", json!(from_now(-10))),
        ("exp", json!(9_999_999_999.5)),
        ("nbf", json!(from_now(10))),
        ("nbf", json!(0)),
        ("roles", json!("agent")),
        ("roles", json!(["offline_access", "agent"])),
        ("unknown", json!({"nested": [1, 2, 3]})),
    ] {
        assert_eq!(by_secret(&with(name, value.clone())), Ok(ana()), "{name}: {value}");
    }
    assert_eq!(by_secret(&with("sub", json!(null))).unwrap().subject, "ana");
}

#[test]
fn unsigned_tokens_are_refused() {
    let issuer = Issuer::new("k1", Algorithm::ES256);
    let payload = base64(claims().to_string().as_bytes());
    let good = issuer.sign(&claims());
    let signature = good.rsplit('.').next().unwrap();
    for keys in [KeySet::from_secret(&secret()), KeySet::parse(set(&[&issuer]).as_bytes()).unwrap()] {
        for header in [
            r#"{"alg":"none"}"#,
            r#"{"alg":"None","kid":"k1"}"#,
            r#"{"alg":"nOnE"}"#,
            r#"{"alg":""}"#,
            r#"{"kid":"k1"}"#,
            r#"{"alg":null}"#,
            r#"{"alg":"none","alg":"ES256","kid":"k1"}"#,
            "{}",
            "[]",
        ] {
            let head = base64(header.as_bytes());
            for token in
                [format!("{head}.{payload}."), format!("{head}.{payload}.{signature}"), format!("{head}.{payload}")]
            {
                assert_eq!(verify(&token, &keys), Err(AuthError::TokenMalformed), "{header}");
            }
        }
    }
}

#[test]
fn a_public_key_is_no_secret() {
    for algorithm in [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA] {
        let issuer = Issuer::new("k1", algorithm);
        let keys = KeySet::parse(set(&[&issuer]).as_bytes()).unwrap();
        let jwk = issuer.jwk();
        let material = jwk["n"].as_str().or(jwk["x"].as_str()).unwrap();
        for secret in [issuer.public.as_str(), issuer.public.trim(), material, &jwk.to_string()] {
            for confused in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
                let header = Header { kid: Some("k1".to_owned()), ..Header::new(confused) };
                let forged = sign_by_secret(secret.as_bytes(), &header, &claims());
                assert_eq!(verify(&forged, &keys), Err(AuthError::TokenAlgorithm), "{algorithm:?} {confused:?}");
            }
        }
    }
}

#[test]
fn each_key_has_one_algorithm() {
    let (rsa, elliptic) = (Issuer::new("rsa", Algorithm::RS256), Issuer::new("ec", Algorithm::ES256));
    let keys = KeySet::parse(set(&[&rsa, &elliptic]).as_bytes()).unwrap();
    for other in [Algorithm::RS384, Algorithm::RS512, Algorithm::PS256] {
        let header = Header { alg: other, ..rsa.header() };
        assert_eq!(verify(&rsa.sign_with(&header, &claims()), &keys), Err(AuthError::TokenAlgorithm), "{other:?}");
    }
    let mut crossed = rsa.header();
    crossed.kid = Some("ec".to_owned());
    assert_eq!(verify(&rsa.sign_with(&crossed, &claims()), &keys), Err(AuthError::TokenAlgorithm));
    for other in [Algorithm::HS384, Algorithm::HS512] {
        let token = sign_by_secret(SECRET.as_bytes(), &Header::new(other), &claims());
        assert_eq!(verify(&token, &KeySet::from_secret(&secret())), Err(AuthError::TokenAlgorithm), "{other:?}");
    }
    assert_eq!(verify(&rsa.sign(&claims()), &KeySet::from_secret(&secret())), Err(AuthError::TokenAlgorithm));
}

#[test]
fn keys_that_the_token_brings_along_do_not_count() {
    let (issuer, evil) = (Issuer::new("k1", Algorithm::ES256), Issuer::new("k1", Algorithm::ES256));
    let keys = KeySet::parse(set(&[&issuer]).as_bytes()).unwrap();
    let own: jsonwebtoken::jwk::Jwk = serde_json::from_value(evil.jwk()).unwrap();
    let with_key = Header { jwk: Some(own), ..evil.header() };
    let with_url = Header { jku: Some("https://evil.example/jwks".to_owned()), ..evil.header() };
    for header in [evil.header(), with_key, with_url] {
        assert_eq!(verify(&evil.sign_with(&header, &claims()), &keys), Err(AuthError::TokenSignature), "{header:?}");
    }
    let critical = Header { crit: Some(vec!["b64".to_owned()]), ..issuer.header() };
    assert_eq!(verify(&issuer.sign_with(&critical, &claims()), &keys), Err(AuthError::TokenMalformed));
    for id in ["", "../../etc/passwd", "k1' OR '1'='1", "https://evil.example", "K1", "k1\0"] {
        let header = Header { kid: Some(id.to_owned()), ..issuer.header() };
        assert_eq!(verify(&issuer.sign_with(&header, &claims()), &keys), Err(AuthError::TokenKey), "{id:?}");
    }
}

#[test]
fn a_changed_token_is_refused() {
    let keys = KeySet::from_secret(&secret());
    let good = sign_by_secret(SECRET.as_bytes(), &Header::new(Algorithm::HS256), &claims());
    let [head, _, signature] = good.split('.').collect::<Vec<_>>()[..] else { panic!("three parts") };
    let operator = base64(with("roles", json!(["operator"])).to_string().as_bytes());
    assert_eq!(verify(&format!("{head}.{operator}.{signature}"), &keys), Err(AuthError::TokenSignature));
    let other = sign_by_secret(&SECRET.as_bytes()[1..], &Header::new(Algorithm::HS256), &claims());
    assert_eq!(verify(&other, &keys), Err(AuthError::TokenSignature));
    for token in
        ["", ".", "..", "...", &good[..good.len() - 1], &format!("{good}."), &format!("{good}.x"), &format!(".{good}")]
    {
        assert!(verify(token, &keys).is_err(), "{token:?}");
    }
    // A claim that stands twice: which one counts must not be a matter of taste.
    let twice = claims().to_string().replacen("\"tenant\":\"acme\"", "\"tenant\":\"other\",\"tenant\":\"acme\"", 1);
    assert!(twice.contains("other"));
    let message = format!("{}.{}", base64(br#"{"alg":"HS256"}"#), base64(twice.as_bytes()));
    let key = jsonwebtoken::EncodingKey::from_secret(SECRET.as_bytes());
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256).unwrap();
    assert_eq!(verify(&format!("{message}.{signature}"), &keys), Err(AuthError::TokenMalformed));
}

#[test]
fn key_sets_hold_what_can_be_used_and_nothing_else() {
    use vermilion::auth::key_set::KeySetError::{Empty, Syntax, TooMany};
    let issuer = Issuer::new("k1", Algorithm::ES256);
    let changed = |name: &str, value: &str| {
        let mut jwk = issuer.jwk();
        jwk[name] = json!(value);
        json!({ "keys": [jwk] }).to_string()
    };
    let odd = json!({"kty": "odd", "kid": "k0"});
    let symmetric = json!({"kty": "oct", "kid": "k1", "k": base64(SECRET.as_bytes()), "alg": "HS256"});
    for (text, expected) in [
        ("".to_owned(), Syntax),
        ("[]".to_owned(), Syntax),
        ("<html>".to_owned(), Syntax),
        (r#"{"keys":{}}"#.to_owned(), Syntax),
        (r#"{"keys":[]}"#.to_owned(), Empty),
        (json!({ "keys": [odd, symmetric, 7, null] }).to_string(), Empty),
        (changed("use", "enc"), Empty),
        (changed("alg", "ES384"), Empty),
        (changed("crv", "P-521"), Empty),
        (json!({ "keys": vec![issuer.jwk(); 101] }).to_string(), TooMany),
    ] {
        assert_eq!(KeySet::parse(text.as_bytes()).unwrap_err(), expected, "{text}");
    }
    let mixed = json!({ "keys": [odd, symmetric, issuer.jwk()] }).to_string();
    let keys = KeySet::parse(mixed.as_bytes()).unwrap();
    assert_eq!(verify(&issuer.sign(&claims()), &keys), Ok(ana()));
    let unnamed = Header { kid: None, ..issuer.header() };
    assert_eq!(verify(&issuer.sign_with(&unnamed, &claims()), &keys), Ok(ana()), "the only key needs no name");
    let two = KeySet::parse(set(&[&issuer, &Issuer::new("k2", Algorithm::ES256)]).as_bytes()).unwrap();
    assert_eq!(verify(&issuer.sign_with(&unnamed, &claims()), &two), Err(AuthError::TokenKey));
}

#[test]
fn minted_tokens_are_what_the_service_accepts() {
    use std::time::Duration;
    let grant = Grant {
        subject: "ops".to_owned(),
        tenant: None,
        agent: None,
        roles: vec![Role::Operator],
        lifetime: Duration::from_secs(60),
    };
    let now = SystemTime::now();
    let token = token::mint(&grant, &secret(), &rules(), now).unwrap();
    assert!(token.len() < MAX_TOKEN_BYTES);
    let keys = KeySet::from_secret(&secret());
    let caller = token::verify(&token, &keys, &rules(), now + Duration::from_secs(89)).unwrap();
    assert_eq!((caller.subject.as_str(), caller.roles), ("ops", RoleSet::EMPTY.with(Role::Operator)));
    let late = token::verify(&token, &keys, &rules(), now + Duration::from_secs(92));
    assert_eq!(late, Err(AuthError::TokenExpired));
    let agent_of_nothing = Grant { roles: vec![Role::Agent], ..grant };
    assert!(token::mint(&agent_of_nothing, &secret(), &rules(), now).is_err());
}

proptest! {
    #[test]
    fn random_text_is_no_token(text in "[ -~]{0,200}", parts in proptest::collection::vec("[A-Za-z0-9_-]{0,40}", 0..5)) {
        let keys = KeySet::from_secret(&secret());
        prop_assert!(verify(&text, &keys).is_err());
        prop_assert!(verify(&parts.join("."), &keys).is_err());
        let header = base64(br#"{"alg":"HS256"}"#);
        let headed = format!("{header}.{}", parts.join("."));
        prop_assert!(verify(&headed, &keys).is_err());
    }
}
