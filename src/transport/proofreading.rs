//! Lends spelling to polishing, which does not know it: the words of a reply that are misspelled.

use std::sync::{Arc, atomic::AtomicBool};

use super::engine::Engine;
use crate::polishing::{guard::language::Tongue, service::Proofreader};
use vermilion_engine::{language::Language, spelling::CheckRequest};

/// Asks the engine.
pub struct EngineProofreader(pub Arc<dyn Engine>);

impl Proofreader for EngineProofreader {
    fn misspelled(&self, text: &str, tongue: Tongue) -> Vec<String> {
        match tongue {
            Tongue::English => self.words(text, Language::English),
            Tongue::Chinese => self.words(text, Language::ChineseSimplified),
            Tongue::Portuguese => {
                // Which of the two is not known: what is right in either is right.
                let mut words = self.words(text, Language::PortugueseBr);
                if !words.is_empty() {
                    let other = self.words(text, Language::PortuguesePt);
                    words.retain(|word| other.contains(word));
                }
                words
            }
            Tongue::Spanish
            | Tongue::French
            | Tongue::German
            | Tongue::Italian
            | Tongue::Japanese
            | Tongue::Korean
            | Tongue::Cyrillic
            | Tongue::Arabic => Vec::new(),
        }
    }
}

impl EngineProofreader {
    fn words(&self, text: &str, language: Language) -> Vec<String> {
        let cancelled = AtomicBool::new(false);
        let request = CheckRequest { max_suggestions: 0, ..CheckRequest::new(text, language, &cancelled) };
        let findings = self.0.check(&request).findings;
        findings
            .into_iter()
            .filter(|finding| !finding.hint)
            .map(|finding| finding.spans.iter().map(|span| span.of(text)).collect())
            .collect()
    }
}
