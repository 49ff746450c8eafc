//! A model that never answers: whoever wants a spelling check gets one all the same.

use tonic::Code;
use tonic_types::StatusExt as _;
use vermilion::{
    settings::TenantFields,
    transport::proto::{Document, PolishReplyRequest},
};

use super::{
    programs::{ServiceProcess, SharedStore, agent_request},
    scripted::{Reply, Scripted, eventually},
};
use crate::support::engines::StorageEngine;

/// Each may have so many polishes in hand as there are calls in all.
const TENANTS: [&str; 3] = ["one", "two", "three"];

const CALLS: usize = 24;

fn asked(n: usize) -> PolishReplyRequest {
    PolishReplyRequest {
        document: Some(Document { content: "hi, pls look at it".to_owned(), ..Document::default() }),
        conversation_id: format!("c{n}"),
        ..PolishReplyRequest::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_hangs_leaves_the_checks_their_places() {
    let shared = SharedStore::open(StorageEngine::Sqlite).await;
    shared.seed(&TENANTS.map(|tenant| (tenant, TenantFields::default()))).await;
    let model = Scripted::start(&[Reply::silence()]).await;
    let calls = CALLS.to_string();
    let variables = [
        ("VERMILION_SERVER__LIMITS__CALLS", calls.as_str()),
        ("VERMILION_SERVER__DEADLINES__DEFAULT", "60s"),
        ("VERMILION_POLISHING__PRIMARY__STALL_TIMEOUT", "5m"),
        ("VERMILION_POLISHING__PRIMARY__TIMEOUT", "5m"),
    ];
    let program = ServiceProcess::start(&shared, &model, &variables).await;
    let call = |n: usize| {
        let mut client = program.client();
        let asked = agent_request(TENANTS[n % 3], asked(n));
        tokio::spawn(async move {
            if n.is_multiple_of(2) {
                client.polish_reply(asked).await.map(|_| ())
            } else {
                client.stream_polish_reply(asked).await?.into_inner().message().await.map(|_| ())
            }
        })
    };
    let mut polishes = Vec::new();
    for n in 0..3 * CALLS {
        // One by one, so that none is refused as one of many that come in the same moment.
        polishes.push(call(n));
        let settled = || polishes.iter().filter(|polish| polish.is_finished()).count() + model.asked().len();
        eventually("it hangs or is refused", || settled() == n + 1).await;
    }
    let hanging = model.asked().len();
    assert_eq!(hanging, CALLS / 2, "polishing.calls");
    // Short ones, which are checked at once, and long ones, which go to the blocking pool.
    for text in ["It is wrogn.".to_owned(), format!("It is wrogn. {}", "All is well. ".repeat(1000))] {
        for _ in 0..20 {
            assert_eq!(program.check(TENANTS[0], &text).await.unwrap(), ["wrogn"]);
        }
    }
    let (pending, refused): (Vec<_>, Vec<_>) = polishes.into_iter().partition(|polish| !polish.is_finished());
    assert_eq!((pending.len(), model.asked().len(), model.hung_up()), (hanging, hanging, 0), "all still hang");
    for refused in refused {
        let status = refused.await.unwrap().unwrap_err();
        let details = status.get_error_details();
        let reason = details.error_info().unwrap().reason.as_str();
        assert_eq!((status.code(), reason), (Code::Unavailable, "POLISHING_BUSY"), "{status:?}");
        assert!(details.retry_info().is_some());
    }
}
