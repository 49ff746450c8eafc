//! Who calls, over gRPC and gRPC-Web: every mode, and what an attacker would try.

use std::{
    num::NonZeroU32,
    process::{Command, Stdio},
    sync::Arc,
};

use jsonwebtoken::{Algorithm, Header};
use tonic::{Code, Request, Status, client::Grpc, metadata::MetadataMap, transport::Channel};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
use tonic_types::StatusExt as _;
use vermilion::auth::{
    AuthDecision, Authenticator, Caller, CredentialHeader, Credentials, Method, Role,
    anonymous::AnonymousLimiter,
    jwt::JwtVerifier,
    key_cache::{KeyCache, RefreshPolicy},
    key_source::{KeySetUrl, KeySource},
    permissions::Reach,
    proxy::TrustedProxy,
};

use super::{
    issuer::{Answer, Issuer, KeyServer, SECRET, claims, from_now, rules, secret, set, sign_by_secret},
    lifecycle::{kill, program},
    standing::is_serving,
    support::{Client, TestServer, check_request},
    web,
};
use crate::support::serving::connect;

const ROLES: [Role; 4] = [Role::Agent, Role::TenantAdmin, Role::Operator, Role::Service];

/// Calls any method with an empty message.
async fn call(channel: Channel, method: Method, headers: &[(&'static str, &str)]) -> Result<(), Status> {
    let mut client = Grpc::new(channel);
    client.ready().await.unwrap();
    let mut request = Request::new(());
    for (name, value) in headers {
        request.metadata_mut().append(*name, value.parse().unwrap());
    }
    let codec = tonic_prost::ProstCodec::<(), ()>::default();
    client.unary(request, method.path().parse().unwrap(), codec).await.map(drop)
}

/// Whether identity and role were let through: what the handlers say of an empty message is another matter.
fn is_admitted(outcome: &Result<(), Status>) -> bool {
    !matches!(outcome, Err(status) if matches!(status.code(), Code::Unauthenticated | Code::PermissionDenied))
}

#[track_caller]
fn refused(outcome: Result<(), Status>, code: Code, reason: &str) {
    let status = outcome.unwrap_err();
    assert_eq!(status.code(), code, "{status:?}");
    assert_eq!(status.get_error_details().error_info().unwrap().reason, reason, "{status:?}");
}

#[tokio::test]
async fn every_method_by_every_role() {
    let server = TestServer::start_with_authenticator(Authenticator::development(), |_| {}).await;
    let channel = server.channel().await;
    for method in Method::all() {
        for role in ROLES {
            let headers = [("x-tenant-id", "acme"), ("x-agent-id", "ana"), ("x-roles", role.name())];
            let outcome = call(channel.clone(), method, &headers).await;
            let allowed = method.reach(role) != Reach::No;
            assert_eq!(is_admitted(&outcome), allowed, "{method:?} by {role:?}: {outcome:?}");
            if !allowed {
                refused(outcome, Code::PermissionDenied, "PERMISSION_DENIED");
            }
        }
    }
}

#[tokio::test]
async fn without_a_mode_only_spelling_health_and_reflection_answer() {
    let nobody = Authenticator::disabled().with_anonymous_spelling(AnonymousLimiter::unlimited());
    let server = TestServer::start_with_authenticator(nobody, |_| {}).await;
    let channel = server.channel().await;
    // Headers and tokens are worth nothing here.
    let headers =
        [("x-tenant-id", "acme"), ("x-roles", "operator"), ("authorization", "Bearer x"), ("x-agent-id", "ana")];
    for method in Method::all() {
        for headers in [&headers[..], &[]] {
            let outcome = call(channel.clone(), method, headers).await;
            if method.is_anonymous() {
                assert!(is_admitted(&outcome), "{method:?}: {outcome:?}");
            } else {
                refused(outcome, Code::Unauthenticated, "IDENTITY_MISSING");
            }
        }
    }
    let mut client = server.client().await;
    assert_eq!(client.check_spelling(check_request("wrogn", "en")).await.unwrap().into_inner().misspellings.len(), 1);
    is_serving(&server, "").await;
}

#[tokio::test]
async fn anonymous_spelling_can_be_off_and_has_a_rate() {
    let server = TestServer::start_with_authenticator(Authenticator::disabled(), |_| {}).await;
    let outcome = call(server.channel().await, Method::CheckSpelling, &[]).await;
    refused(outcome, Code::Unauthenticated, "IDENTITY_MISSING");
    is_serving(&server, "").await;

    let slow = AnonymousLimiter::per_minute(NonZeroU32::new(6).unwrap());
    let server =
        TestServer::start_with_authenticator(Authenticator::disabled().with_anonymous_spelling(slow), |_| {}).await;
    let mut client = server.client().await;
    client.check_spelling(check_request("text", "en")).await.unwrap();
    let status = client.check_spelling(check_request("text", "en")).await.unwrap_err();
    assert!(status.get_error_details().retry_info().is_some());
    refused(Err(status), Code::ResourceExhausted, "ANONYMOUS_RATE_EXCEEDED");
    is_serving(&server, "").await;
}

#[tokio::test]
async fn in_development_silence_is_the_demo_agent_and_headers_are_believed() {
    let server = TestServer::start_with_authenticator(Authenticator::development(), |_| {}).await;
    let channel = server.channel().await;
    for (headers, method, admitted) in [
        (&[][..], Method::CheckSpelling, true),
        (&[], Method::GetPolishingAvailability, true),
        (&[], Method::GetAgent, true),
        (&[], Method::ListTenants, false),
        (&[("x-roles", "operator")], Method::ListTenants, true),
        (&[("x-roles", "tenant_admin")], Method::UpdateAgent, true),
        (&[("x-roles", "tenant_admin")], Method::ListTenants, false),
        (&[("x-tenant-id", "acme")], Method::CheckSpelling, true),
        (&[("x-tenant-id", "acme")], Method::PolishReply, false),
    ] {
        let outcome = call(channel.clone(), method, headers).await;
        assert_eq!(is_admitted(&outcome), admitted, "{headers:?} {method:?}: {outcome:?}");
    }
}

#[tokio::test]
async fn doubled_and_injected_headers_are_refused() {
    let server = TestServer::start_with_authenticator(Authenticator::development(), |_| {}).await;
    let channel = server.channel().await;
    for (headers, reason) in [
        (&[("x-tenant-id", "acme"), ("x-tenant-id", "other")][..], "HEADER_MALFORMED"),
        (&[("x-agent-id", "ana"), ("x-agent-id", "ana")], "HEADER_MALFORMED"),
        (&[("x-roles", "agent"), ("x-roles", "operator")], "HEADER_MALFORMED"),
        (&[("authorization", "Bearer a"), ("authorization", "Bearer b")], "HEADER_MALFORMED"),
        (&[("authorization", "Bearer a")], "TOKEN_NOT_READ"),
        (&[("x-tenant-id", "acme,other")], "IDENTITY_INVALID"),
        (&[("x-tenant-id", "tenants/acme")], "IDENTITY_INVALID"),
        (&[("x-tenant-id", "..")], "IDENTITY_INVALID"),
        (&[("x-tenant-id", "' OR 1=1 --")], "IDENTITY_INVALID"),
        (&[("x-tenant-id", "")], "IDENTITY_INVALID"),
        (&[("x-agent-id", "a\tb")], "IDENTITY_INVALID"),
        (&[("x-roles", "")], "IDENTITY_INVALID"),
        (&[("x-roles", "operators")], "IDENTITY_INVALID"),
        (&[("x-forwarded-for", "192.0.2.1")], "NOT_LOCAL"),
        (&[("forwarded", "for=192.0.2.1")], "NOT_LOCAL"),
    ] {
        let outcome = call(channel.clone(), Method::CheckSpelling, headers).await;
        refused(outcome, Code::Unauthenticated, reason);
    }
}

/// Whoever stands before it, the caller may be anywhere.
#[tokio::test]
async fn every_sign_of_a_proxy_ends_development() {
    let server = TestServer::start_with_authenticator(Authenticator::development(), |_| {}).await;
    let channel = server.channel().await;
    for name in [
        "cf-connecting-ip",
        "cf-ray",
        "fastly-client-ip",
        "fly-client-ip",
        "forwarded",
        "true-client-ip",
        "via",
        "x-amzn-trace-id",
        "x-appengine-user-ip",
        "x-client-ip",
        "x-cluster-client-ip",
        "x-envoy-external-address",
        "x-forwarded",
        "x-forwarded-by",
        "x-forwarded-client-cert",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-port",
        "x-forwarded-proto",
        "x-forwarded-server",
        "x-original-forwarded-for",
        "x-original-host",
        "x-proxyuser-ip",
        "x-real-ip",
    ] {
        let outcome = call(channel.clone(), Method::CheckSpelling, &[(name, "127.0.0.1")]).await;
        refused(outcome, Code::Unauthenticated, "NOT_LOCAL");
    }
}

/// A page of `evil.example`, whose name now means 127.0.0.1, asks for its own origin: no CORS stands in its way.
#[tokio::test(flavor = "multi_thread")]
async fn a_rebound_name_is_refused_in_development() {
    let server = TestServer::start_with_authenticator(Authenticator::development(), |_| {}).await;
    let address = server.address.to_string();
    let body = web::frame(&check_request("wrogn", "en"));
    let port = server.address.port();
    for (host, admitted) in [
        (format!("127.0.0.1:{port}"), true),
        (format!("localhost:{port}"), true),
        (format!("evil.example:{port}"), false),
        (format!("127.0.0.1.evil.example:{port}"), false),
        (format!("localhost.evil.example:{port}"), false),
        ("0.0.0.0".to_owned(), false),
    ] {
        let (head, answer) = web::post_to(&address, &host, "/vermilion.v1.SpellingService/CheckSpelling", &[], &body);
        let all = format!("{head}{}", String::from_utf8_lossy(&answer));
        assert_eq!(all.contains("grpc-status:0"), admitted, "{host}: {all}");
        assert!(admitted || all.contains("grpc-status: 16") || all.contains("grpc-status:16"), "{host}: {all}");
    }
    let rebound = server.endpoint().origin("http://evil.example".parse().unwrap()).connect().await.unwrap();
    refused(call(rebound.clone(), Method::CheckSpelling, &[]).await, Code::Unauthenticated, "NOT_LOCAL");
    let health = HealthClient::new(rebound).check(HealthCheckRequest { service: String::new() }).await;
    assert!(health.is_ok(), "health is open to all");
}

#[tokio::test]
async fn tokens_are_asked_for_and_judged() {
    let server =
        TestServer::start_with_authenticator(Authenticator::jwt(JwtVerifier::with_secret(&secret(), rules())), |_| {})
            .await;
    let channel = server.channel().await;
    let signed = |claims| sign_by_secret(SECRET.as_bytes(), &Header::new(Algorithm::HS256), &claims);
    let good = format!("Bearer {}", signed(claims()));
    let mut old = claims();
    old["exp"] = from_now(-3600).into();
    let old = format!("Bearer {}", signed(old));
    let long = format!("Bearer {}", "a".repeat(8193));
    for (headers, reason) in [
        (&[][..], "IDENTITY_MISSING"),
        (&[("x-tenant-id", "acme"), ("x-agent-id", "ana"), ("x-roles", "operator")], "IDENTITY_MISSING"),
        (&[("authorization", "Basic YTpi")], "AUTHORIZATION_MALFORMED"),
        (&[("authorization", "Bearer")], "AUTHORIZATION_MALFORMED"),
        (&[("authorization", "Bearer ")], "AUTHORIZATION_MALFORMED"),
        (&[("authorization", &format!("{good}, {good}"))], "AUTHORIZATION_MALFORMED"),
        (&[("authorization", &good[7..])], "AUTHORIZATION_MALFORMED"),
        (&[("authorization", &good), ("authorization", &good)], "HEADER_MALFORMED"),
        (&[("authorization", &long)], "TOKEN_TOO_LONG"),
        (&[("authorization", "Bearer a.b.c")], "TOKEN_MALFORMED"),
        (&[("authorization", &old)], "TOKEN_EXPIRED"),
        (&[("authorization", &format!("{good}x"))], "TOKEN_SIGNATURE_WRONG"),
    ] {
        for method in [Method::CheckSpelling, Method::GetTenant] {
            refused(call(channel.clone(), method, headers).await, Code::Unauthenticated, reason);
        }
    }
    assert!(is_admitted(&call(channel.clone(), Method::CheckSpelling, &[("authorization", &good)]).await));
    let lower = good.replacen("Bearer", "bearer", 1);
    assert!(is_admitted(&call(channel.clone(), Method::PolishReply, &[("authorization", &lower)]).await));
    // The token says who calls; the headers of other modes say nothing.
    let headers = [("authorization", good.as_str()), ("x-roles", "operator"), ("x-tenant-id", "other")];
    refused(call(channel, Method::ListTenants, &headers).await, Code::PermissionDenied, "PERMISSION_DENIED");
    is_serving(&server, "").await;
}

#[test]
fn headers_do_not_change_what_a_token_says() {
    let authenticator = Authenticator::jwt(JwtVerifier::with_secret(&secret(), rules()));
    let token = sign_by_secret(SECRET.as_bytes(), &Header::new(Algorithm::HS256), &claims());
    let authorization = format!("Bearer {token}");
    let credentials = Credentials {
        authorization: CredentialHeader::Once(&authorization),
        tenant: CredentialHeader::Once("other"),
        agent: CredentialHeader::Once("bob"),
        roles: CredentialHeader::Once("operator"),
        subject: CredentialHeader::Once("root"),
        ..Credentials::default()
    };
    let verdict = authenticator.authenticate(&credentials, Method::CheckSpelling, std::time::SystemTime::now());
    let AuthDecision::Ready(Ok(Caller { subject, tenant, agent, roles })) = verdict else { panic!("a caller") };
    assert_eq!(
        (subject.as_str(), tenant.unwrap().as_str(), agent.unwrap().as_str()),
        ("ana@acme.example", "acme", "ana")
    );
    assert!(roles.contains(Role::Agent) && !roles.contains(Role::Operator));
}

#[tokio::test]
async fn wrong_credentials_are_not_taken_for_none() {
    let jwt = Authenticator::jwt(JwtVerifier::with_secret(&secret(), rules()));
    let server =
        TestServer::start_with_authenticator(jwt.with_anonymous_spelling(AnonymousLimiter::unlimited()), |_| {}).await;
    let channel = server.channel().await;
    assert!(is_admitted(&call(channel.clone(), Method::CheckSpelling, &[]).await));
    refused(call(channel.clone(), Method::GetTenant, &[]).await, Code::Unauthenticated, "IDENTITY_MISSING");
    let outcome = call(channel, Method::CheckSpelling, &[("authorization", "Bearer a.b.c")]).await;
    refused(outcome, Code::Unauthenticated, "TOKEN_MALFORMED");
}

#[tokio::test]
async fn a_proxy_is_believed_if_it_proves_itself() {
    let server =
        TestServer::start_with_authenticator(Authenticator::proxy(TrustedProxy::with_secret(secret())), |_| {}).await;
    let channel = server.channel().await;
    let ana = [("x-tenant-id", "acme"), ("x-agent-id", "ana")];
    let with = |proof: &'static str| [ana[0], ana[1], ("x-proxy-secret", proof)];
    assert!(is_admitted(&call(channel.clone(), Method::PolishReply, &with(SECRET)).await));
    for proof in ["wrong", &SECRET[1..]] {
        refused(
            call(channel.clone(), Method::CheckSpelling, &with(proof)).await,
            Code::Unauthenticated,
            "PROXY_NOT_TRUSTED",
        );
    }
    refused(call(channel.clone(), Method::CheckSpelling, &ana).await, Code::Unauthenticated, "PROXY_NOT_TRUSTED");
    let twice = [ana[0], ana[1], ("x-proxy-secret", SECRET), ("x-proxy-secret", SECRET)];
    refused(call(channel.clone(), Method::CheckSpelling, &twice).await, Code::Unauthenticated, "HEADER_MALFORMED");
    // What the client sent and the proxy forgot to remove arrives beside what the proxy sends.
    let smuggled = [ana[0], ana[1], ("x-tenant-id", "other"), ("x-proxy-secret", SECRET)];
    refused(call(channel.clone(), Method::CheckSpelling, &smuggled).await, Code::Unauthenticated, "HEADER_MALFORMED");
    refused(call(channel, Method::CheckSpelling, &[]).await, Code::Unauthenticated, "IDENTITY_MISSING");
}

#[tokio::test(flavor = "multi_thread")]
async fn preflights_carry_no_token_and_pages_can_read_why_they_are_refused() {
    let origin = "https://workbench.example.com";
    let server = TestServer::start_with_authenticator(
        Authenticator::jwt(JwtVerifier::with_secret(&secret(), rules())),
        |config| {
            config.development = false;
            config.cors.origins = vec![origin.to_owned()];
        },
    )
    .await;
    let address = server.address.to_string();
    let head = web::preflight(&address, origin, "authorization");
    assert!(head.starts_with("http/1.1 200") && head.contains("access-control-allow-origin"), "{head}");
    let path = Method::CheckSpelling.path();
    let body = web::frame(&check_request("wrogn", "en"));
    let (head, answer) = web::post(&address, path, &[("origin", origin)], &body);
    let all = format!("{head}{}", String::from_utf8_lossy(&answer));
    assert!(all.contains("access-control-allow-origin") && all.contains("grpc-status-details-bin"), "{all}");
    assert!(all.contains("grpc-status:16") || all.contains("grpc-status: 16"), "{all}");
    let token = sign_by_secret(SECRET.as_bytes(), &Header::new(Algorithm::HS256), &claims());
    let authorization = format!("Bearer {token}");
    let (_, answer) = web::post(&address, path, &[("origin", origin), ("authorization", &authorization)], &body);
    assert!(String::from_utf8_lossy(&answer).contains("grpc-status:0"));
}

/// TLS in (the service's own), TLS out (to the issuer's key set) and a token's signature: one provider serves them all.
#[tokio::test(flavor = "multi_thread")]
async fn tls_in_tls_out_and_a_signature_in_one_process() {
    super::tls::install_provider();
    let own = super::tls::Certificates::new("localhost");
    let issuers = super::tls::Certificates::new("localhost");
    let issuer = Issuer::new("k1", Algorithm::RS256);
    let tls = Arc::new(issuers.server_config());
    let keys = KeyServer::start_over(Answer::Body(set(&[&issuer])), move |stream| {
        let session = rustls::ServerConnection::new(Arc::clone(&tls)).unwrap();
        Some(Box::new(rustls::StreamOwned::new(session, stream)))
    });
    let url = format!("https://localhost:{}/jwks", keys.address.port());
    let source = KeySource::url(KeySetUrl::new(&url, true).unwrap(), Some(issuers.pem.as_bytes())).unwrap();
    let cache = Arc::new(KeyCache::new(source, RefreshPolicy::default()));
    cache.fetch().await.unwrap();
    let stranger = KeySource::url(KeySetUrl::new(&url, true).unwrap(), Some(own.pem.as_bytes())).unwrap();
    assert!(stranger.fetch().await.is_err(), "an issuer that cannot show a certificate of the right authority");

    let files = own.files(None);
    let server =
        TestServer::start_with_authenticator(Authenticator::jwt(JwtVerifier::with_key_set(cache, rules())), |config| {
            config.tls = Some(files);
        })
        .await;
    let channel = own.connect(&server, None).await.unwrap();
    let authorization = format!("Bearer {}", issuer.sign(&claims()));
    assert!(is_admitted(&call(channel.clone(), Method::CheckSpelling, &[("authorization", &authorization)]).await));
    refused(call(channel, Method::CheckSpelling, &[]).await, Code::Unauthenticated, "IDENTITY_MISSING");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_can_prove_itself_by_certificate() {
    super::tls::install_provider();
    let own = super::tls::Certificates::new("localhost");
    let (proxy, evil) =
        (super::tls::Certificates::new("proxy.example"), super::tls::Certificates::new("proxy.example"));
    let files = own.files(Some(&proxy));
    let trusting = Authenticator::proxy(TrustedProxy::with_certificate(None));
    let server = TestServer::start_with_authenticator(trusting, |config| config.tls = Some(files)).await;
    let ana = [("x-tenant-id", "acme"), ("x-agent-id", "ana")];
    let known = own.connect(&server, Some(&proxy)).await.unwrap();
    assert!(is_admitted(&call(known, Method::PolishReply, &ana).await));
    let unknown = own.connect(&server, None).await.unwrap();
    refused(call(unknown.clone(), Method::CheckSpelling, &ana).await, Code::Unauthenticated, "PROXY_NOT_TRUSTED");
    let health = HealthClient::new(unknown).check(HealthCheckRequest { service: String::new() }).await;
    assert!(health.is_ok(), "health needs no certificate");
    let forged = own.connect(&server, Some(&evil)).await;
    let outcome = match forged {
        Ok(channel) => HealthClient::new(channel).check(HealthCheckRequest { service: String::new() }).await.map(drop),
        Err(_) => return,
    };
    assert!(outcome.is_err(), "a wrong certificate ends the connection");
}

fn vermilion(arguments: &[&str], environment: &[(&str, &str)]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_vermilion"))
        .args(arguments)
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[test]
fn development_on_an_address_that_others_reach_does_not_start() {
    for listen in ["0.0.0.0:0", "[::]:0", "192.0.2.1:50051"] {
        let done = vermilion(&[], &[("VERMILION_SERVER__LISTEN", listen), ("VERMILION_AUTH__MODE", "development")]);
        assert!(!done.status.success());
        let printed = String::from_utf8_lossy(&done.stderr);
        assert!(printed.contains("auth.mode: \"development\" believes every header"), "{printed}");
    }
}

/// As in the container: every address, and nothing else is set.
#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_others_reach_trusts_no_header_by_default() {
    let (mut child, address, _log) =
        program(&[("VERMILION_SERVER__LISTEN", "0.0.0.0:0"), ("VERMILION_LOG__FORMAT", "json")]);
    let port = address.rsplit(':').next().unwrap();
    let channel = Channel::from_shared(format!("http://127.0.0.1:{port}")).unwrap().connect().await.unwrap();
    let operator = [("x-roles", "operator"), ("x-tenant-id", "demo")];
    refused(call(channel.clone(), Method::ListTenants, &operator).await, Code::Unauthenticated, "IDENTITY_MISSING");
    refused(call(channel.clone(), Method::PolishReply, &[]).await, Code::Unauthenticated, "IDENTITY_MISSING");
    assert!(Client::new(channel).check_spelling(check_request("wrogn", "en")).await.is_ok());
    kill(&child, "-TERM");
    assert!(child.wait().unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_minted_token_opens_the_program() {
    let environment = [
        ("VERMILION_AUTH__MODE", "jwt"),
        ("VERMILION_AUTH__JWT__ISSUER", "https://login.example.com/"),
        ("VERMILION_AUTH__JWT__AUDIENCE", "vermilion"),
        ("VERMILION_AUTH__JWT__SECRET", SECRET),
    ];
    let minted = vermilion(&["token", "--tenant", "acme", "--agent", "ana"], &environment);
    assert!(minted.status.success(), "{minted:?}");
    let authorization = format!("Bearer {}", String::from_utf8(minted.stdout).unwrap().trim());
    let (mut child, address, _log) = program(&environment);
    let channel = connect(&address).await;
    assert!(is_admitted(&call(channel.clone(), Method::PolishReply, &[("authorization", &authorization)]).await));
    refused(call(channel.clone(), Method::CheckSpelling, &[]).await, Code::Unauthenticated, "IDENTITY_MISSING");
    kill(&child, "-TERM");
    assert!(child.wait().unwrap().success());

    for (arguments, message) in [
        (&["token", "--tenant", "acme"][..], "the role \"agent\" needs an agent"),
        (&["token", "--role", "tenant_admin"], "the role needs a tenant"),
        (&["token", "--tenant", "a/b", "--role", "service"], "the tenant: expected 1 to 64"),
    ] {
        let refused = vermilion(arguments, &environment);
        let printed = String::from_utf8_lossy(&refused.stderr);
        assert!(!refused.status.success() && printed.contains(message), "{printed}");
    }
    let without = vermilion(&["token", "--tenant", "acme", "--agent", "ana"], &[]);
    assert!(!without.status.success());
}

/// Metadata that holds what `MetadataValue` would not let a client write.
#[tokio::test]
async fn bytes_beyond_ascii_are_refused() {
    let server = TestServer::start_with_authenticator(Authenticator::development(), |_| {}).await;
    let mut headers = http::HeaderMap::new();
    headers.insert("x-tenant-id", http::HeaderValue::from_bytes(b"acm\xc3\xa9").unwrap());
    let mut request = Request::new(check_request("text", "en"));
    *request.metadata_mut() = MetadataMap::from_headers(headers);
    let status = server.client().await.check_spelling(request).await.unwrap_err();
    refused(Err(status), Code::Unauthenticated, "HEADER_MALFORMED");
}

#[test]
fn a_missing_key_file_is_named_before_the_program_says_that_it_listens() {
    let environment = [
        ("VERMILION_SERVER__LISTEN", "127.0.0.1:0"),
        ("VERMILION_AUTH__MODE", "jwt"),
        ("VERMILION_AUTH__JWT__ISSUER", "https://login.example.com/"),
        ("VERMILION_AUTH__JWT__AUDIENCE", "vermilion"),
        ("VERMILION_AUTH__JWT__JWKS_FILE", "/nowhere/jwks.json"),
    ];
    let done = vermilion(&[], &environment);
    let printed = String::from_utf8_lossy(&done.stderr);
    assert!(!done.status.success());
    assert!(printed.contains("auth.jwt.jwks_file: /nowhere/jwks.json") && !printed.contains("listening"), "{printed}");
}

#[tokio::test]
async fn a_secret_that_no_header_can_carry_is_refused_at_the_start() {
    for (secret, fits) in [
        ("0123456789abcdef0123456789abcdef", true),
        ("0123456789abcdef0123456789abcdef-é", false),
        ("0123456789abcdef0123456789abcdef ", false),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        std::fs::write(&file, format!("{secret}\n")).unwrap();
        for key in [format!("secret = \"{secret}\""), format!("secret_file = \"{}\"", file.display())] {
            let text = format!("[auth]\nmode = \"trusted_proxy\"\n[auth.trusted_proxy]\n{key}\n");
            let config = vermilion::config::Config::parse(&text, &[]).unwrap();
            match vermilion::app::identity::authenticator(&config).await {
                Ok(_) => assert!(fits, "{key}"),
                Err(error) => {
                    let said = format!("{error:#}");
                    assert!(!fits && said.contains("auth.trusted_proxy") && !said.contains("0123"), "{said}");
                }
            }
        }
    }
}
