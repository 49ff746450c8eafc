//! The engine on tables, whole messages and hostile sources, in one program: the language data is linked once.
#![expect(clippy::expect_used, reason = "a test may stop at the first surprise")]

mod accuracy;
mod asked;
mod chinese;
mod contexts;
mod dictionaries;
mod documents;
mod foreign;
mod html;
mod mail;
mod properties;
mod spelling;
mod unsuggested;

use std::sync::LazyLock;

use vermilion_engine::spelling::Speller;

/// Opened once: it takes a second in the dev profile.
static SPELLER: LazyLock<Speller> = LazyLock::new(|| Speller::embedded().expect("the embedded data"));
