//! A model that is configured where no store is: its configuration is judged as anywhere, and polishing is closed by its conditions.

use tonic::Code;
use vermilion::{app, config::Config};

use super::{desk::Desk, scripted::Scripted};

const NO_STORE: &str = "[settings]\nstore = \"none\"";

#[tokio::test]
async fn a_wrong_key_file_stops_the_start() {
    let file = format!(
        "{NO_STORE}\n[polishing.primary]\nbase_url = \"http://127.0.0.1:9/v1\"\nmodel = \"m\"\napi_key_file = \"missing\"\n"
    );
    let error = app::build(&Config::parse(&file, &[]).unwrap()).await.err().unwrap();
    assert!(format!("{error:#}").contains("polishing.primary"), "{error:#}");
}

#[tokio::test]
async fn polishing_is_closed_by_its_conditions_alone() {
    let model = Scripted::start(&[]).await;
    let mut desk = Desk::start(&model.url(), "sk-test", NO_STORE).await;
    let availability = desk.availability().await;
    assert!(availability.model_configured && !availability.available);
    assert_eq!(desk.polish("hi", "c", false).await.unwrap_err().code(), Code::FailedPrecondition);
    assert_eq!(desk.record_feedback("p1").await.unwrap_err().code(), Code::NotFound);
    assert!(model.asked().is_empty());
}
