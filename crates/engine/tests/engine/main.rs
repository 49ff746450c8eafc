//! The engine on tables, whole messages and hostile sources, in one program: the language data is linked once.
#![expect(clippy::expect_used, reason = "a test may stop at the first surprise")]

mod accuracy;
mod dictionaries;
mod documents;
mod html;
mod mail;
mod properties;
mod spelling;

use std::sync::LazyLock;

use vermilion_engine::spelling::Speller;

/// Opened once: it takes a second in the dev profile.
static SPELLER: LazyLock<Speller> = LazyLock::new(|| Speller::embedded().expect("the embedded data"));
