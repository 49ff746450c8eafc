//! The configuration: its reference, its sources, and the words in which it refuses.

use vermilion::config::{Config, check, reference};

#[track_caller]
fn refuses(file: &str, environment: &[(&str, &str)], expected: &str) {
    let environment: Vec<_> = environment.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let message = Config::parse(file, &environment).unwrap_err().to_string();
    assert_eq!(message, expected, "{file:?} {environment:?}");
}

fn with(environment: &[(&str, &str)]) -> Config {
    let environment: Vec<_> = environment.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    Config::parse("[server]\nlisten = \"0.0.0.0:1\"\n", &environment).unwrap()
}

#[test]
fn the_example_is_the_reference_and_the_reference_is_the_defaults() {
    let example = include_str!("../../config.example.toml");
    assert_eq!(example, reference::render(), "run: vermilion config > config.example.toml");
    assert_eq!(Config::parse(example, &[]).unwrap(), Config::parse("", &[]).unwrap());
    let shown = example.replace("# cert =", "cert =").replace("# key =", "key =").replace("# data_dir", "data_dir");
    assert!(Config::parse(&shown, &[]).unwrap().server.tls.is_some());
}

#[test]
fn the_environment_overrides_the_file() {
    let config = with(&[
        ("VERMILION_SERVER__LISTEN", "0.0.0.0:7000"),
        ("VERMILION_SERVER__LIMITS__TEXT_BYTES", "1000"),
        ("VERMILION_SERVER__CORS__ORIGINS", "https://a.example, https://b.example:8443"),
        ("VERMILION_LOG__FORMAT", "json"),
        ("HOME", "/"),
    ]);
    assert_eq!(config.server.listen.port(), 7000);
    assert_eq!(config.server.limits.message_bytes(), 4000);
    assert_eq!(config.server.cors.origins, ["https://a.example", "https://b.example:8443"]);
    assert!(!config.server.development && !config.server.reflection);
    assert!(Config::parse("", &[]).unwrap().server.reflection);
}

#[test]
fn kubernetes_announcements_are_no_overrides() {
    with(&[("VERMILION_SERVICE_HOST", "10.0.0.1"), ("VERMILION_PORT_50051_TCP_ADDR", "10.0.0.1")]);
    with(&[("VERMILION_PORT", "tcp://10.0.0.1:50051"), ("VERMILION_GRPC_SERVICE_PORT", "50051")]);
}

#[test]
fn refuses_unknown_keys_by_their_full_path() {
    refuses("[server]\nlisten_on = \"x\"", &[], "unknown key server.listen_on in the configuration file");
    refuses("[sever]\nlisten = \"x\"", &[], "unknown key sever in the configuration file");
    refuses("colour = 1", &[], "unknown key colour in the configuration file");
    refuses(
        "[server]\ntext_bytes = 1",
        &[],
        "unknown key server.text_bytes in the configuration file; did you mean server.limits.text_bytes?",
    );
    refuses(
        "",
        &[("VERMILION_SERVER__LISTEN_ON", "x")],
        "unknown environment variable VERMILION_SERVER__LISTEN_ON: there is no key server.listen_on",
    );
    refuses(
        "",
        &[("VERMILION_LISTEN", "x")],
        "unknown environment variable VERMILION_LISTEN: there is no key listen; did you mean server.listen?",
    );
}

#[test]
fn one_message_fits_into_what_an_address_may_have() {
    for (limits, expected) in [
        (
            "waiting_bytes = 4000000",
            "answer_bytes: expected at most 3000000, which is what address_share of waiting_bytes",
        ),
        (
            "waiting_bytes_per_connection = 1000000",
            "answer_bytes: expected at most 1000000, which is what waiting_bytes_per_connection",
        ),
        (
            "text_bytes = 20000000",
            "text_bytes: expected at most 12582912, which is what a quarter of address_share of request_bytes",
        ),
    ] {
        let expected = format!("server.limits.{expected} leaves to one call");
        refuses(&format!("[server.limits]\n{limits}"), &[], &expected);
    }
}

#[test]
fn the_demo_model_is_for_development_without_a_model() {
    let demo = "[polishing]\ndemo_model = true\n";
    assert!(Config::parse(demo, &[]).unwrap().polishing.demo_model);
    refuses(
        &format!("[server]\nmode = \"production\"\n{demo}"),
        &[],
        "polishing.demo_model: expected false, because auth.mode is not \"development\"",
    );
    refuses(
        &format!("{demo}[polishing.primary]\nbase_url = \"http://127.0.0.1:1\"\nmodel = \"m\""),
        &[],
        "polishing.demo_model: expected false, because a model is configured",
    );
    assert!(!Config::parse("[server]\nmode = \"production\"", &[]).unwrap().server.page);
}

#[test]
fn refuses_values_by_their_full_path() {
    for key in ["address_share", "tenant_share"] {
        let expected = format!("server.limits.{key}: expected a whole number from 1 to 100, found");
        refuses(&format!("[server.limits]\n{key} = 0"), &[], &format!("{expected} 0"));
        refuses(&format!("[server.limits]\n{key} = 101"), &[], &format!("{expected} 101"));
    }
    for key in ["request_bytes", "waiting_bytes", "waiting_bytes_per_connection"] {
        let expected = format!("server.limits.{key}: expected a whole number from 65536 to 1099511627776, found 1000");
        refuses(&format!("[server.limits]\n{key} = 1000"), &[], &expected);
    }
    let connections = "server.connections.max: expected a whole number from 1 to 1048576, found 0";
    refuses("[server.connections]\nmax = 0", &[], connections);
    for (key, most) in [("handshake", "3600s"), ("idle", "86400s")] {
        let expected = format!("server.connections.{key}: expected a duration from 10ms to {most}, found 1ms");
        refuses(&format!("[server.connections]\n{key} = \"1ms\""), &[], &expected);
    }
    let arrival = "server.deadlines.request: expected a duration from 1ms to 3600s, found 0ns";
    refuses("[server.deadlines]\nrequest = \"0s\"", &[], arrival);
    let number = "server.limits.text_bytes: expected a whole number from 1 to 67108864, found";
    refuses("[server.limits]\ntext_bytes = 0", &[], &format!("{number} 0"));
    refuses("[server.limits]\ntext_bytes = \"1\"", &[], &format!("{number} a value of type string"));
    let answer = "server.limits.answer_bytes: expected a whole number from 16384 to 1073741824, found 100";
    refuses("[server.limits]\nanswer_bytes = 100", &[], answer);
    refuses("", &[("VERMILION_SERVER__LIMITS__TEXT_BYTES", "1k")], &format!("{number} a value of type string"));
    refuses("server = 1", &[], "server: expected a table, found a value of type integer");
    refuses(
        "[server]\nlisten = \"localhost\"",
        &[],
        "server.listen: expected an address and a port, such as \"127.0.0.1:50051\", found \"localhost\"",
    );
    refuses(
        "[server]\nmode = \"prod\"",
        &[],
        "server.mode: expected \"auto\", \"development\" or \"production\", found \"prod\"",
    );
    refuses(
        "[server.shutdown]\ngrace = \"soon\"",
        &[],
        "server.shutdown.grace: expected a duration, such as \"250ms\", \"10s\", \"5m\" or \"1h\", found \"soon\"",
    );
    refuses(
        "[server.connections]\nmax_age = \"1ms\"",
        &[],
        "server.connections.max_age: expected a duration from 1s to 86400s, found 1ms",
    );
    refuses(
        "[server.deadlines]\ndefault = \"2m\"",
        &[],
        "server.deadlines.default: expected at most server.deadlines.max",
    );
    refuses("[server.tls]\ncert = \"a\"", &[], "server.tls.key: expected a path, because server.tls.cert is set");
    refuses(
        "[log]\nlevel = \"loud\"",
        &[],
        "log.level: expected \"error\", \"warn\", \"info\", \"debug\" or \"trace\", found \"loud\"",
    );
}

const JWT: [(&str, &str); 3] = [
    ("VERMILION_AUTH__MODE", "jwt"),
    ("VERMILION_AUTH__JWT__ISSUER", "https://login.example.com/"),
    ("VERMILION_AUTH__JWT__AUDIENCE", "vermilion"),
];

const SECRET: &str = "an-example-of-a-secret-of-32-bytes-or-more";

/// On a loopback address, with what [`JWT`] says and more.
fn jwt(more: &[(&str, &str)]) -> Vec<(String, String)> {
    JWT.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn development_follows_the_listening_address_and_nothing_else_trusts_headers_by_default() {
    use vermilion::config::auth::AuthMode;
    let mode = |file: &str| Config::parse(file, &[]).unwrap().auth;
    assert_eq!(mode("").mode, AuthMode::Development);
    assert_eq!(mode("").anonymous_calls_per_minute, None);
    for file in [
        "[server]\nlisten = \"0.0.0.0:50051\"",
        "[server]\nlisten = \"0.0.0.0:50051\"\nmode = \"development\"",
        "[server]\nmode = \"production\"",
        "[auth]\nmode = \"none\"",
    ] {
        assert_eq!(mode(file).mode, AuthMode::None, "{file}");
        assert_eq!(mode(file).anonymous_calls_per_minute.unwrap().get(), 600, "{file}");
    }
    let closed = "[server]\nlisten = \"0.0.0.0:1\"\n[auth]\nanonymous_spelling = \"off\"";
    assert_eq!(mode(closed).anonymous_calls_per_minute, None);
    let config = Config::parse("", &jwt(&[("VERMILION_AUTH__JWT__SECRET", SECRET)])).unwrap();
    assert!(matches!(config.auth.mode, AuthMode::Jwt(_)) && config.auth.anonymous_calls_per_minute.is_none());
    assert!(!format!("{config:?}").contains("an-example"), "secrets are not shown");
}

#[test]
fn refuses_what_would_be_open_where_it_seems_closed() {
    refuses(
        "[server]\nlisten = \"0.0.0.0:1\"\n[auth]\nmode = \"development\"",
        &[],
        "auth.mode: \"development\" believes every header, so server.listen must be a loopback address, found 0.0.0.0:1",
    );
    refuses(
        "[auth.jwt]\nissuer = \"https://login.example.com/\"",
        &[],
        "auth.jwt.issuer: is set, but auth.mode is not: set it to \"jwt\" or to another mode",
    );
    refuses(
        "[auth]\nmode = \"oidc\"",
        &[],
        "auth.mode: expected \"auto\", \"development\", \"trusted_proxy\", \"jwt\" or \"none\", found \"oidc\"",
    );
    refuses(
        "[auth]\nmode = \"trusted_proxy\"",
        &[],
        "auth.trusted_proxy.secret: needed with auth.mode = \"trusted_proxy\", or secret_file, or server.tls.client_ca",
    );
    let short = [("VERMILION_AUTH__MODE", "trusted_proxy"), ("VERMILION_AUTH__TRUSTED_PROXY__SECRET", "short")];
    refuses("", &short, "auth.trusted_proxy.secret: expected 32 bytes or more");
    refuses("[auth]\nmode = \"jwt\"", &[], "auth.jwt.issuer: needed with auth.mode = \"jwt\"");
    refuses("", &JWT, "auth.jwt: expected one of secret, secret_file, jwks_file and jwks_url");
    let both =
        [JWT[0], JWT[1], JWT[2], ("VERMILION_AUTH__JWT__SECRET", SECRET), ("VERMILION_AUTH__JWT__JWKS_FILE", "a")];
    refuses("", &both, "auth.jwt: expected one of secret, secret_file, jwks_file and jwks_url");
    refuses(
        "[server.tls]\ncert = \"a\"\nkey = \"b\"\nclient_ca = \"c\"",
        &[],
        "server.tls.client_ca: only with auth.mode = \"trusted_proxy\"",
    );
    for (url, problem) in [
        ("http://login.example.com/jwks", "expected an https URL"),
        ("https://10.0.0.1/jwks", "expected a public address; auth.jwt.jwks_private_network = \"on\" allows others"),
        ("https://localhost/jwks", "expected a public address; auth.jwt.jwks_private_network = \"on\" allows others"),
        ("https://u:p@login.example.com/jwks", "expected a URL without a user"),
    ] {
        let environment = [JWT[0], JWT[1], JWT[2], ("VERMILION_AUTH__JWT__JWKS_URL", url)];
        refuses("", &environment, &format!("auth.jwt.jwks_url: {problem}"));
    }
    let skewed = [JWT[0], JWT[1], JWT[2], ("VERMILION_AUTH__JWT__CLOCK_SKEW", "1h")];
    refuses("", &skewed, "auth.jwt.clock_skew: expected a duration from 0ns to 300s, found 3600s");
}

/// Every key and every section of the reference, with its full path.
fn reference_paths() -> (Vec<String>, Vec<String>) {
    let (mut sections, mut keys) = (Vec::new(), Vec::new());
    for line in reference::render().lines() {
        if let Some(section) = line.strip_prefix('[') {
            sections.push(section.trim_end_matches(']').to_owned());
        } else if let Some((name, _)) = line.trim_start_matches("# ").split_once(" = ")
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        {
            keys.push(format!("{}.{name}", sections.last().unwrap()));
        }
    }
    assert!(sections.len() > 10 && keys.len() > 50, "{sections:?} {keys:?}");
    (sections, keys)
}

#[test]
fn refuses_a_table_where_a_value_belongs_and_a_value_where_a_table_does() {
    let (sections, keys) = reference_paths();
    for key in &keys {
        let table = format!("[{key}]\nvalue = \"x\"\n");
        let message = Config::parse(&table, &[]).unwrap_err().to_string();
        assert!(message.starts_with(&format!("{key}: expected ")) && message.ends_with("type table"), "{message}");
    }
    for section in &sections {
        for value in ["1", "\"x\"", "[{}]"] {
            let message = Config::parse(&format!("{section} = {value}"), &[]).unwrap_err().to_string();
            assert!(message.starts_with(&format!("{section}: expected a table, found ")), "{message}");
        }
    }
    // Nothing reads the key where no model is named.
    refuses(
        "[polishing.primary]\napi_key = 5",
        &[],
        "polishing.primary.api_key: expected a value of type string, found a value of type integer",
    );
    refuses("[server]\ntls = 5", &[], "server.tls: expected a table, found a value of type integer");
}

#[test]
fn refuses_parameters_of_a_url_that_the_driver_would_log() {
    let url = |query: &str| format!("[settings]\nstore = \"postgres://u:p@db/v?{query}\"");
    for known in [
        "",
        "sslmode=verify-full&sslrootcert=/etc/ca.pem",
        "ssl-mode=Require",
        "options=-c%20x%3D1",
        "options[search_path]=a",
    ] {
        assert!(Config::parse(&url(known), &[]).is_ok(), "{known}");
    }
    for (query, expected) in [
        ("sslpassword=hunter2", "unknown parameter sslpassword in the URL"),
        ("sslmode=require&passfile=/hunter2", "unknown parameter passfile in the URL"),
        ("Hunter2=x", "unknown parameter in the URL"),
        ("hunter2", "expected a URL whose password has its special characters percent-encoded"),
        ("hunter=2@db/v", "expected a URL whose password has its special characters percent-encoded"),
        ("sslmode=hunter2", "expected sslmode to be one of disable, allow, prefer, require, verify-ca, verify-full"),
    ] {
        refuses(&url(query), &[], &format!("settings.store: {expected}"));
    }
}

#[test]
fn refuses_origins_that_would_match_everything_or_nothing() {
    for origin in ["*", "null"] {
        refuses(
            "[server]\nmode = \"production\"",
            &[("VERMILION_SERVER__CORS__ORIGINS", origin)],
            &format!("server.cors.origins: {origin:?} is refused outside development: name each origin"),
        );
    }
    let expected = "expected an origin in lower case, such as \"https://workbench.example.com\", found";
    for origin in ["workbench.example.com", "https://a.example/", "https://A.example", "ftp://a.example", "https://u@a"]
    {
        refuses(
            "",
            &[("VERMILION_SERVER__CORS__ORIGINS", origin)],
            &format!("server.cors.origins: {expected} {origin:?}"),
        );
    }
}

#[test]
fn says_where_a_file_is_no_toml_or_is_missing() {
    assert!(Config::parse("[server", &[]).unwrap_err().to_string().contains("line 1"));
    let message = Config::parse("[auth.jwt]\nsecret = \"abcdefgh\" oops", &[]).unwrap_err().to_string();
    assert!(message.contains("line 2") && !message.contains("abcdefgh"), "a secret is not shown: {message}");
    let missing = Config::load(Some("/nowhere/vermilion.toml".as_ref()), &[]).unwrap_err().to_string();
    assert!(missing.starts_with("cannot read the configuration file /nowhere/vermilion.toml"), "{missing}");
}

#[test]
fn settings_are_in_memory_in_development_and_nowhere_else_unless_said() {
    use vermilion::config::settings::StoreLocation;
    let store = |file: &str| Config::parse(file, &[]).unwrap().settings.store;
    assert_eq!(store(""), StoreLocation::Memory);
    assert_eq!(store("[server]\nlisten = \"0.0.0.0:1\""), StoreLocation::None);
    assert_eq!(store("[settings]\nstore = \"none\""), StoreLocation::None);
    assert_eq!(store("[settings]\nstore = \"sqlite:a/b.db\""), StoreLocation::Sqlite("a/b.db".into()));
    let url = "postgres://vermilion:hunter2@db/vermilion";
    let config = Config::parse("", &[("VERMILION_SETTINGS__STORE".to_owned(), url.to_owned())]).unwrap();
    assert_eq!(config.settings.store, StoreLocation::Postgres(url.to_owned()));
    assert!(!format!("{config:?}").contains("hunter2"));
    // Nor is a mistyped URL said back.
    refuses(
        "[settings]\nstore = \"postgre://vermilion:hunter2@db/vermilion\"",
        &[],
        "settings.store: expected \"auto\", \"memory\", \"none\", \"sqlite:PATH\" or \"postgres://...\"",
    );
    refuses(
        "[settings]\ncache_ttl = \"2m\"",
        &[],
        "settings.cache_ttl: expected a duration from 100ms to 60s, found 120s",
    );
}

/// With the environment's variables and nothing else.
fn polishing(file: &str, environment: &[(&str, &str)]) -> vermilion::config::polishing::PolishingConfig {
    let environment: Vec<_> = environment.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    Config::parse(file, &environment).unwrap().polishing
}

const BASE: (&str, &str) = ("OPENAI_BASE_URL", "http://127.0.0.1:8000/v1/");
const MODEL: (&str, &str) = ("OPENAI_MODEL", "small");
const KEY: (&str, &str) = ("OPENAI_API_KEY", "sk-1");

#[test]
fn a_model_is_named_by_the_file_or_by_the_usual_variables() {
    assert_eq!(polishing("", &[]).primary, None);
    assert_eq!(
        polishing("", &[KEY]).primary,
        None,
        "a key alone, as on many a developer's machine, sends nothing anywhere"
    );
    assert_eq!(polishing("", &[("OPENAI_BASE_URL", ""), ("OPENAI_MODEL", "")]).primary, None);
    let primary = polishing("", &[BASE, MODEL, KEY]).primary.unwrap();
    assert_eq!(
        (primary.server.base_url.as_str(), primary.server.model.as_str()),
        ("http://127.0.0.1:8000/v1", "small")
    );
    assert!(!primary.server.api_key.is_empty());
    assert!(polishing("", &[BASE, MODEL]).primary.unwrap().server.api_key.is_empty());

    let file =
        "[polishing.primary]\nbase_url = \"https://a.example/v1/chat/completions\"\nmodel = \"m\"\ntemperature = 1\n";
    let primary = polishing(file, &[BASE, MODEL, ("VERMILION_POLISHING__PRIMARY__MAX_TOKENS", "9")]).primary.unwrap();
    assert_eq!((primary.server.base_url.as_str(), primary.server.model.as_str()), ("https://a.example/v1", "m"));
    assert_eq!((primary.server.parameters.temperature, primary.server.parameters.max_tokens), (Some(1.0), Some(9)));
    assert!(!primary.server.parameters.include_usage);
    let set =
        [("VERMILION_POLISHING__PRIMARY__INCLUDE_USAGE", "true"), ("VERMILION_POLISHING__PRIMARY__TEMPERATURE", "0.5")];
    let primary = polishing(file, &set).primary.unwrap();
    assert_eq!((primary.server.parameters.include_usage, primary.server.parameters.temperature), (true, Some(0.5)));

    let file = format!("{file}api_key_file = \"/run/secrets/key\"\n");
    let primary = polishing(&file, &[KEY]).primary.unwrap();
    assert_eq!(primary.api_key_file, Some("/run/secrets/key".into()));
    assert!(primary.server.api_key.is_empty(), "the file's key counts, not the variable's");
}

#[test]
fn the_limit_of_polishes_follows_that_of_calls() {
    let calls = |file: &str| polishing(file, &[]).calls;
    assert_eq!(calls(""), 128, "one connection has room for a check, too");
    assert_eq!(calls("[server.limits]\ncalls = 20\n"), 10);
    assert_eq!(calls("[server.limits]\ncalls = 1\n"), 1);
    assert_eq!(calls("[polishing]\ncalls = 1000\n"), 1000);
    refuses(
        "[polishing]\ncalls = 1024\n",
        &[],
        "polishing.calls: expected less than server.limits.calls, which is 1024, found 1024",
    );
}

#[test]
fn a_fallback_takes_nothing_from_the_usual_variables() {
    let fallback =
        "[polishing.fallback]\nbase_url = \"https://b.example/v1\"\nmodel = \"m\"\nallowed_for_customer_text = true\n";
    let polishing = polishing(fallback, &[BASE, MODEL, KEY]);
    let server = polishing.fallback.unwrap().server;
    assert_eq!((server.base_url.as_str(), server.api_key.is_empty()), ("https://b.example/v1", true));
    assert!(polishing.primary.is_some());
}

#[test]
fn the_primary_reads_a_second_time_unless_another_is_named_or_rules_are_enough() {
    use vermilion::polishing::review::HighSeverity;
    let review = |file: &str| polishing(file, &[BASE, MODEL, KEY]).review;
    assert_eq!(polishing("", &[]).review, None, "without a model nobody reads");
    assert_eq!(review("[polishing.review]\nmode = \"rules\"\n"), None);
    let default = review("").unwrap();
    assert_eq!(
        (default.server.server.base_url.as_str(), default.server.server.model.as_str()),
        ("http://127.0.0.1:8000/v1", "small")
    );
    assert!(!default.server.server.api_key.is_empty() && !default.policy.as_object);
    assert_eq!((default.policy.deadline_share, default.policy.high), (40, HighSeverity::Draft));
    assert_eq!(default.policy.timeout, std::time::Duration::from_secs(10));
    let other_model = "[polishing.primary]\ntemperature = 0.7\nmax_tokens = 9\n[polishing.review]\nmodel = \"reader\"\n\
                       temperature = 0\nhigh = \"reply\"\njson_object = true\ntimeout = \"3s\"\n";
    let other = review(other_model).unwrap();
    assert_eq!((other.server.server.model.as_str(), other.policy.high), ("reader", HighSeverity::Reply));
    let parameters = &other.server.server.parameters;
    assert_eq!(
        (parameters.temperature, parameters.max_tokens, parameters.json_object, other.policy.as_object),
        (Some(0.0), Some(9), true, true)
    );
    let primary = polishing(other_model, &[BASE, MODEL, KEY]).primary.unwrap().server;
    assert_eq!((primary.model.as_str(), primary.parameters.json_object), ("small", false));
    let own = "[polishing.review]\nbase_url = \"https://c.example/v1\"\nmodel = \"r\"\n";
    let read = review(&format!("{own}allowed_for_customer_text = true")).unwrap().server.server;
    assert_eq!((read.base_url.as_str(), read.api_key.is_empty()), ("https://c.example/v1", true));

    let environment = [BASE, MODEL];
    let because = "because polishing.review.base_url is set";
    refuses(
        own,
        &environment,
        &format!(
            "polishing.review.allowed_for_customer_text: expected true, {because}: customers' text would go there"
        ),
    );
    refuses(own, &[], &format!("polishing.primary.base_url: expected a URL, {because}"));
    refuses(
        "[polishing.review]\napi_key = \"k\"\n",
        &environment,
        "polishing.review.api_key: expected nothing, because polishing.review.base_url is not set: the primary reads",
    );
    for (key, value, expected) in [
        ("mode", "\"both\"", "expected \"model\" or \"rules\", found \"both\""),
        ("high", "\"x\"", "expected \"draft\" or \"reply\", found \"x\""),
        ("deadline_share", "95", "expected a whole number from 10 to 90, found 95"),
        ("timeout", "\"0s\"", "expected a duration from 1ms to 600s, found 0ns"),
    ] {
        refuses(
            &format!("[polishing.review]\n{key} = {value}\n"),
            &environment,
            &format!("polishing.review.{key}: {expected}"),
        );
    }
}

#[test]
fn refuses_half_a_model() {
    let url = "[polishing.primary]\nbase_url = \"https://a.example/v1\"\n";
    let because = "because polishing.primary.base_url is set";
    refuses(url, &[], &format!("polishing.primary.model: expected the name of a model, {because}"));
    refuses("", &[BASE], "polishing.primary.model: expected the name of a model, because OPENAI_BASE_URL is set");
    refuses("", &[MODEL], "polishing.primary.base_url: expected a URL, because OPENAI_MODEL is set");
    let model = format!("{url}model = \"m\"\n");
    refuses(
        &format!("{model}api_key = \"k\"\napi_key_file = \"f\"\n"),
        &[],
        "polishing.primary.api_key: expected nothing, because polishing.primary.api_key_file is set",
    );
    refuses(
        &format!("{model}api_key = \"my key\"\n"),
        &[],
        "polishing.primary.api_key: expected visible ASCII characters only",
    );
    refuses("", &[BASE, MODEL, ("OPENAI_API_KEY", "k\n")], "OPENAI_API_KEY: expected visible ASCII characters only");
    refuses(
        &format!("{model}stall_timeout = \"1m\"\n"),
        &[],
        "polishing.primary.stall_timeout: expected at most polishing.primary.timeout",
    );
    refuses(
        &format!("{model}temperature = 3\n"),
        &[],
        "polishing.primary.temperature: expected a number from 0 to 2, found 3",
    );
    refuses(
        &format!("{model}max_tokens = 0\n"),
        &[],
        "polishing.primary.max_tokens: expected a whole number from 1 to 10000000, found 0",
    );
    refuses(
        &format!("{model}include_usage = \"yes\"\n"),
        &[],
        "polishing.primary.include_usage: expected true or false, found a value of type string",
    );
    let fallback = "[polishing.fallback]\nbase_url = \"https://b.example/v1\"\nmodel = \"m\"\n";
    refuses(
        &format!("{model}{fallback}"),
        &[],
        "polishing.fallback.allowed_for_customer_text: expected true, because polishing.fallback.base_url is set: \
         customers' text would go there",
    );
    refuses(
        &format!("{fallback}allowed_for_customer_text = true"),
        &[],
        "polishing.primary.base_url: expected a URL, because polishing.fallback.base_url is set",
    );
    let expected = "expected a URL such as \"https://api.openai.com/v1\", without user, query and fragment";
    for wrong in [
        "api.openai.com",
        "ftp://a.example",
        "https://u:p@a.example",
        "https://a.example/v1?k=s",
        "https://",
        "https:///v1",
    ] {
        refuses("", &[("OPENAI_BASE_URL", wrong), MODEL], &format!("OPENAI_BASE_URL: {expected}"));
    }
}

#[test]
fn a_key_is_never_printed() {
    const SECRET: &str = "sk-verysecret";
    let file =
        format!("[polishing.primary]\nbase_url = \"https://a.example/v1\"\nmodel = \"m\"\napi_key = \"{SECRET}\"\n");
    let shown = format!("{:?}", Config::parse(&file, &[]).unwrap());
    assert!(shown.contains("[secret]") && !shown.contains(SECRET), "{shown}");
    for broken in [
        file.replace(&format!("\"{SECRET}\""), &format!("\"{SECRET}")),
        file.replace(&format!("\"{SECRET}\""), SECRET),
        file.replace(&format!("\"{SECRET}\""), &format!("[\"{SECRET}\"]")),
        file.replace(&format!("\"{SECRET}\""), &format!("\"{SECRET} \"")),
        format!("{file}api_key = \"{SECRET}\""),
    ] {
        let error = Config::parse(&broken, &[]).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(SECRET), "{shown}");
    }
}

/// All problems, in the words of `vermilion config check`.
#[track_caller]
fn problems(file: &str, environment: &[(&str, &str)], expected: &[&str]) {
    let environment: Vec<_> = environment.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let found: Vec<String> = check::problems(file, &environment).iter().map(ToString::to_string).collect();
    assert_eq!(found, expected, "{file:?} {environment:?}");
}

#[test]
fn all_problems_are_told_at_once() {
    problems("", &[], &[]);
    problems(include_str!("../../config.example.toml"), &[], &[]);
    // Nothing can be said of a file that is no TOML.
    assert_eq!(check::problems("[server", &[]).len(), 1);
    problems(
        "[server]\nlisten = \"localhost\"\nmode = \"prod\"\ncolour = 1\n[server.limits]\ntext_bytes = 0\ncalls = \"many\"\n\
         [sever]\n[log]\nlevel = \"loud\"\n[settings]\ncache_ttl = \"2m\"\n[otlp]\nendpoint = \"http://u:p@collector\"\n",
        &[("VERMILION_SERVER__SHUTDOWN__GRACE", "soon"), ("VERMILION_LISTEN", "x")],
        &[
            "unknown key server.colour in the configuration file",
            "unknown key sever in the configuration file",
            "unknown environment variable VERMILION_LISTEN: there is no key listen; did you mean server.listen?",
            "server.listen: expected an address and a port, such as \"127.0.0.1:50051\", found \"localhost\"",
            "server.mode: expected \"auto\", \"development\" or \"production\", found \"prod\"",
            "server.limits.text_bytes: expected a whole number from 1 to 67108864, found 0",
            "server.limits.calls: expected a whole number from 1 to 1048576, found a value of type string",
            "server.shutdown.grace: expected a duration, such as \"250ms\", \"10s\", \"5m\" or \"1h\", found \"soon\"",
            "settings.cache_ttl: expected a duration from 100ms to 60s, found 120s",
            "log.level: expected \"error\", \"warn\", \"info\", \"debug\" or \"trace\", found \"loud\"",
            "otlp.endpoint: expected a URL such as \"http://127.0.0.1:4317\", without user, path and query",
        ],
    );
}

#[test]
fn what_is_missing_is_told_and_what_only_follows_from_it_is_not() {
    problems(
        "[auth]\nmode = \"jwt\"\n[log]\nlevel = \"loud\"",
        &[],
        &[
            "auth.jwt.issuer: needed with auth.mode = \"jwt\"",
            "log.level: expected \"error\", \"warn\", \"info\", \"debug\" or \"trace\", found \"loud\"",
        ],
    );
    problems(
        "[server.tls]\ncert = \"a\"\n[polishing.primary]\nbase_url = \"a.example\"\nmodel = \"m\"\n",
        &[("OPENAI_API_KEY", "k\n")],
        &[
            "server.tls.key: expected a path, because server.tls.cert is set",
            "polishing.primary.base_url: expected a URL such as \"https://api.openai.com/v1\", without user, query and \
             fragment",
        ],
    );
    // Nothing reads the key where no model is named.
    problems(
        "[polishing.primary]\napi_key = 5\n[log]\nformat = 5\n",
        &[],
        &[
            "log.format: expected a string, found a value of type integer",
            "polishing.primary.api_key: expected a value of type string, found a value of type integer",
        ],
    );
    problems(
        "[server]\nlisten = \"0.0.0.0:1\"\n[auth]\nmode = \"development\"\n[polishing]\ndemo_model = true\n",
        &[("OPENAI_BASE_URL", "x"), ("OPENAI_MODEL", "m")],
        &[
            "auth.mode: \"development\" believes every header, so server.listen must be a loopback address, found 0.0.0.0:1",
            "OPENAI_BASE_URL: expected a URL such as \"https://api.openai.com/v1\", without user, query and fragment",
            "polishing.demo_model: expected false, because a model is configured",
        ],
    );
}

/// Whatever is wrong with any one key, looking for more ends, and finds that.
#[test]
fn the_search_for_problems_ends() {
    let (_, keys) = reference_paths();
    for key in &keys {
        let (section, name) = key.rsplit_once('.').unwrap();
        for value in ["\"\"", "\"x\"", "-1", "[\"x\"]", "true", "1e9"] {
            let file = format!("[{section}]\n{name} = {value}\n[shutdown]\n");
            let found = check::problems(&file, &[]);
            assert!((1..=5).contains(&found.len()), "{file}: {found:?}");
            let alone = Config::parse(&file.replace("[shutdown]\n", ""), &[]);
            assert_eq!(alone.err().as_ref(), found.get(1), "{file}: {found:?}");
        }
    }
}

/// The program's own words, and its exit code.
fn config_check(variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_vermilion"));
    let ended = program.args(["config", "check"]).env_clear().envs(variables.iter().copied()).output().unwrap();
    (ended.status.code(), String::from_utf8(ended.stdout).unwrap())
}

#[test]
fn config_check_looks_into_the_files_too() {
    assert_eq!(config_check(&[]), (Some(0), "the configuration can be used\n".to_owned()));
    let wrong = [("VERMILION_LOG__LEVEL", "loud"), ("VERMILION_SERVER__MODE", "prod")];
    let (code, said) = config_check(&wrong);
    assert_eq!((code, said.lines().count()), (Some(1), 2), "{said}");
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "hunter2").unwrap();
    let secret = secret.to_str().unwrap();
    let (code, said) = config_check(&[
        ("VERMILION_AUTH__MODE", "trusted_proxy"),
        ("VERMILION_AUTH__TRUSTED_PROXY__SECRET_FILE", secret),
        ("VERMILION_SERVER__TLS__CERT", "/nowhere/tls.crt"),
        ("VERMILION_SERVER__TLS__KEY", "/nowhere/tls.key"),
        ("OPENAI_BASE_URL", "https://a.example/v1"),
        ("OPENAI_MODEL", "m"),
        ("VERMILION_POLISHING__PRIMARY__API_KEY_FILE", "/nowhere/key"),
        ("VERMILION_SPELLING__DATA_DIR", "/nowhere"),
    ]);
    let expected = [
        "server.tls: cannot read /nowhere/tls.crt",
        "auth.trusted_proxy",
        "polishing.primary: api_key_file",
        "spelling.data_dir",
    ];
    assert_eq!(code, Some(1));
    for (line, expected) in said.lines().zip(expected) {
        assert!(line.starts_with(expected), "{said}");
    }
    assert!(said.lines().count() == 4 && !said.contains("hunter2"), "{said}");
}
