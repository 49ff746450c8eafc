//! Key sets that are fetched: rotation, forged key ids, and servers that mean no good.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use jsonwebtoken::{Algorithm, Header};
use tokio::task::JoinHandle;
use vermilion::auth::{
    AuthDecision, AuthError, Authenticator, Caller, CredentialHeader, Credentials, Method,
    jwt::JwtVerifier,
    key_cache::{KeyCache, RefreshPolicy},
    key_source::{FetchError, KeySetUrl, KeySource},
};

use super::{
    issuer::{Answer, Issuer, KeyServer, claims, rules, set},
    support::eventually,
};

/// An authenticator whose keys are kept fresh while the test runs.
struct Kept {
    authenticator: Authenticator,
    fresh: JoinHandle<()>,
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.fresh.abort();
    }
}

fn source(server: &KeyServer) -> KeySource {
    KeySource::url(KeySetUrl::new(&server.url(), true).unwrap(), None).unwrap()
}

impl Kept {
    fn start(source: KeySource, limits: RefreshPolicy) -> Self {
        let cache = Arc::new(KeyCache::new(source, limits));
        let authenticator = Authenticator::jwt(JwtVerifier::with_key_set(Arc::clone(&cache), rules()));
        let fresh = tokio::spawn(async move {
            cache.keep_fresh().await;
        });
        Self { authenticator, fresh }
    }

    async fn judge(&self, token: &str) -> Result<Caller, AuthError> {
        let authorization = format!("Bearer {token}");
        let credentials =
            Credentials { authorization: CredentialHeader::Once(&authorization), ..Credentials::default() };
        match self.authenticator.authenticate(&credentials, Method::CheckSpelling, SystemTime::now()) {
            AuthDecision::Ready(outcome) => outcome,
            AuthDecision::Pending(pending) => pending.resolve().await,
        }
    }
}

/// As often as anybody asks.
const EAGER: RefreshPolicy = RefreshPolicy {
    refresh_interval: Duration::from_secs(300),
    retry_interval: Duration::from_millis(20),
    min_interval: Duration::ZERO,
    unknown_key_ttl: Duration::from_secs(60),
    max_stale: Duration::from_secs(300),
};

#[tokio::test]
async fn the_first_call_waits_for_the_first_keys() {
    let issuer = Issuer::new("k1", Algorithm::ES256);
    let server = KeyServer::start(Answer::Body(set(&[&issuer])));
    let kept = Kept::start(source(&server), RefreshPolicy::default());
    assert!(kept.judge(&issuer.sign(&claims())).await.is_ok());
    assert_eq!(server.asked(), 1);
}

#[tokio::test]
async fn ten_thousand_forged_key_ids_cost_no_fetch() {
    let (issuer, evil) = (Issuer::new("k1", Algorithm::ES256), Issuer::new("evil", Algorithm::ES256));
    let server = KeyServer::start(Answer::Body(set(&[&issuer])));
    let kept = Kept::start(source(&server), RefreshPolicy::default());
    assert!(kept.judge(&issuer.sign(&claims())).await.is_ok());
    let claims_of_evil = claims();
    for n in 0..10_000 {
        let header = Header { kid: Some(format!("forged-{n}")), ..evil.header() };
        assert_eq!(kept.judge(&evil.sign_with(&header, &claims_of_evil)).await, Err(AuthError::TokenKey));
    }
    assert!(server.asked() <= 2, "{} fetches", server.asked());
    assert!(kept.judge(&issuer.sign(&claims())).await.is_ok());
}

#[tokio::test]
async fn one_forged_key_id_asks_once_however_often_it_is_sent() {
    let (issuer, evil) = (Issuer::new("k1", Algorithm::ES256), Issuer::new("evil", Algorithm::ES256));
    let server = KeyServer::start(Answer::Body(set(&[&issuer])));
    let kept = Kept::start(source(&server), EAGER);
    assert!(kept.judge(&issuer.sign(&claims())).await.is_ok());
    for _ in 0..1000 {
        assert_eq!(kept.judge(&evil.sign(&claims())).await, Err(AuthError::TokenKey));
    }
    assert_eq!(server.asked(), 2);
}

#[tokio::test]
async fn keys_rotate() {
    let (old, new) = (Issuer::new("old", Algorithm::ES256), Issuer::new("new", Algorithm::RS256));
    let server = KeyServer::start(Answer::Body(set(&[&old])));
    let kept = Arc::new(Kept::start(source(&server), EAGER));
    assert!(kept.judge(&old.sign(&claims())).await.is_ok());
    server.answer(Answer::Body(set(&[&old, &new])));
    // All at once, as in the morning; none is refused, and one fetch serves them all, give or take one that came late.
    let token = new.sign(&claims());
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let (kept, token) = (Arc::clone(&kept), token.clone());
            tokio::spawn(async move { kept.judge(&token).await.is_ok() })
        })
        .collect();
    for call in calls {
        assert!(call.await.unwrap());
    }
    assert!(server.asked() <= 3, "{} fetches", server.asked());
    assert!(kept.judge(&old.sign(&claims())).await.is_ok());
}

#[tokio::test]
async fn a_key_that_is_withdrawn_is_forgotten_and_an_outage_is_not_a_withdrawal() {
    let (old, new) = (Issuer::new("old", Algorithm::ES256), Issuer::new("new", Algorithm::ES256));
    let server = KeyServer::start(Answer::Body(set(&[&old])));
    let limits = RefreshPolicy { refresh_interval: Duration::from_millis(20), ..EAGER };
    let kept = Kept::start(source(&server), limits);
    assert!(kept.judge(&old.sign(&claims())).await.is_ok());
    server.answer(Answer::Status(503));
    let before = server.asked();
    eventually("asked in vain", || server.asked() > before + 2).await;
    assert!(kept.judge(&old.sign(&claims())).await.is_ok());
    server.answer(Answer::Body(set(&[&new])));
    let before = server.asked();
    eventually("asked again", || server.asked() > before + 2).await;
    assert_eq!(kept.judge(&old.sign(&claims())).await, Err(AuthError::TokenKey));
    assert!(kept.judge(&new.sign(&claims())).await.is_ok());
}

#[tokio::test]
async fn without_keys_nothing_is_accepted_until_they_come_and_old_ones_do_not_last_for_ever() {
    let issuer = Issuer::new("k1", Algorithm::ES256);
    let server = KeyServer::start(Answer::Status(500));
    let kept = Kept::start(source(&server), EAGER);
    assert_eq!(kept.judge(&issuer.sign(&claims())).await, Err(AuthError::KeysUnavailable));
    server.answer(Answer::Body(set(&[&issuer])));
    for _ in 0..1000 {
        if kept.judge(&issuer.sign(&claims())).await.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(kept.judge(&issuer.sign(&claims())).await.is_ok());
    let aged = Kept::start(source(&server), RefreshPolicy { max_stale: Duration::ZERO, ..EAGER });
    assert_eq!(aged.judge(&issuer.sign(&claims())).await, Err(AuthError::KeysUnavailable));
    assert_eq!(aged.judge(&issuer.sign(&claims())).await, Err(AuthError::KeysUnavailable));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let issuer = Issuer::new("k1", Algorithm::ES256);
    let target = KeyServer::start(Answer::Body(set(&[&issuer])));
    let server = KeyServer::start(Answer::Redirect(target.url()));
    assert!(matches!(source(&server).fetch().await, Err(FetchError::Status(302))));
    assert_eq!((server.asked(), target.asked()), (1, 0));
}

#[tokio::test]
async fn what_is_endless_slow_or_no_key_set_is_given_up() {
    let server = KeyServer::start(Answer::Endless);
    assert!(matches!(source(&server).fetch().await, Err(FetchError::TooLong)));
    for answer in [Answer::Body("<html>".to_owned()), Answer::Body(r#"{"keys":[]}"#.to_owned())] {
        let server = KeyServer::start(answer);
        assert!(matches!(source(&server).fetch().await, Err(FetchError::KeySet(_))));
    }
    let server = KeyServer::start(Answer::Stall);
    assert!(matches!(source(&server).fetch().await, Err(FetchError::Http(error)) if error.is_timeout()));
}

#[tokio::test]
async fn a_name_that_means_this_machine_is_not_asked_over_the_network() {
    let server = KeyServer::start(Answer::Status(200));
    // The URL passes as public, the address that its name has does not.
    let url = format!("https://localhost.localdomain:{}/jwks", server.address.port());
    if let Ok(url) = KeySetUrl::new(&url, false) {
        assert!(matches!(KeySource::url(url, None).unwrap().fetch().await, Err(FetchError::Http(_))));
    }
    assert!(KeySetUrl::new(&server.url(), false).is_err());
    assert_eq!(server.asked(), 0);
}

#[tokio::test]
async fn a_file_is_read_anew_when_a_key_is_unknown() {
    let (old, new) = (Issuer::new("old", Algorithm::ES256), Issuer::new("new", Algorithm::EdDSA));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jwks.json");
    std::fs::write(&path, set(&[&old])).unwrap();
    let kept = Kept::start(KeySource::File(path.clone()), EAGER);
    assert!(kept.judge(&old.sign(&claims())).await.is_ok());
    std::fs::write(&path, set(&[&new])).unwrap();
    assert!(kept.judge(&new.sign(&claims())).await.is_ok());
    assert_eq!(kept.judge(&old.sign(&claims())).await, Err(AuthError::TokenKey));
    std::fs::write(&path, " ".repeat(300_000)).unwrap();
    assert!(matches!(KeySource::File(path).fetch().await, Err(FetchError::TooLong)));
}
