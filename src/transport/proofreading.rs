//! Lends spelling to polishing, which does not know it: the words of a reply that are misspelled.

use std::sync::{Arc, atomic::AtomicBool};

use super::engine::SpellingEngine;
use crate::polishing::{demo_model::Corrector, guard::language::DetectedLanguage, service::Proofreader};
use vermilion_engine::{language::Language, spelling::CheckRequest, text::Span};

/// Asks the engine.
pub struct EngineProofreader(pub Arc<dyn SpellingEngine>);

impl Proofreader for EngineProofreader {
    fn misspelled_words(&self, text: &str, tongue: DetectedLanguage) -> Vec<String> {
        match tongue {
            DetectedLanguage::English => self.words(text, Language::English),
            DetectedLanguage::Chinese => self.words(text, Language::ChineseSimplified),
            DetectedLanguage::Portuguese => {
                // Which of the two is not known: what is right in either is right.
                let mut words = self.words(text, Language::PortugueseBr);
                if !words.is_empty() {
                    let other = self.words(text, Language::PortuguesePt);
                    words.retain(|word| other.contains(word));
                }
                words
            }
            DetectedLanguage::Spanish
            | DetectedLanguage::French
            | DetectedLanguage::German
            | DetectedLanguage::Italian
            | DetectedLanguage::Japanese
            | DetectedLanguage::Korean
            | DetectedLanguage::Cyrillic
            | DetectedLanguage::Arabic => Vec::new(),
        }
    }
}

impl Corrector for EngineProofreader {
    fn corrected(&self, text: &str, language: DetectedLanguage) -> String {
        let language = match language {
            DetectedLanguage::Chinese => Language::ChineseSimplified,
            DetectedLanguage::Portuguese => Language::PortugueseBr,
            _ => Language::English,
        };
        let protected: Vec<Span> = text
            .match_indices("[[")
            .filter_map(|(start, _)| Some(Span::new(start, start + text[start..].find("]]")? + 2)))
            .collect();
        let cancelled = AtomicBool::new(false);
        let request =
            CheckRequest { max_suggestions: 1, protected: &protected, ..CheckRequest::new(text, language, &cancelled) };
        let mut corrected = text.to_owned();
        // From the end, so that what lies before stays where it is.
        for finding in self.0.check(&request).findings.iter().rev() {
            if let ([span], Some(best)) = (finding.spans.as_slice(), finding.suggestions.first()) {
                corrected.replace_range(span.range(), &best.text);
            }
        }
        corrected
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
            .map(|finding| finding.spans.iter().map(|span| span.slice(text)).collect())
            .collect()
    }
}
