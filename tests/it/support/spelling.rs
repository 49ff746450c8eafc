//! The real spelling engine, opened once for all tests that ask it.

use std::sync::{Arc, LazyLock};

use vermilion_engine::spelling::Speller;

/// Its memory of suggestions is shared as well: an answer from memory is the searched one (the engine's own tests).
pub(crate) fn speller() -> Arc<Speller> {
    static SPELLER: LazyLock<Arc<Speller>> = LazyLock::new(|| Arc::new(Speller::embedded().unwrap()));
    Arc::clone(&SPELLER)
}
