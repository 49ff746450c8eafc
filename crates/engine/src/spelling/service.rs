//! The entry point of spelling: chooses the checker of a language.

use std::sync::{LazyLock, atomic::AtomicBool};

use super::{
    FindingKind, SpellingReport, Suggestion,
    asked::AskedParts,
    assembly::{self, DataError, LanguageCheckers, SpellerLayers},
    chinese::{characters::is_han, checker as chinese},
    data::LanguageData,
    detection,
    marks::{drop_overlapping, merge_skipped, overlaps_any},
    meter::StepMeter,
    mixed, own_words, placing,
    words::checker::{WordCheckOptions, WordChecker},
};
use crate::{
    document::{Document, DocumentFormat, MessageChannel, SkipReason, SkippedRegion, mask},
    glossary::Glossary,
    language::Language,
    text::Span,
};

/// The glossary of a writer who has none.
static EMPTY_GLOSSARY: LazyLock<Glossary> = LazyLock::new(Glossary::default);

/// The most suggestions that a caller may ask for, for one word.
pub const MAX_SUGGESTIONS: usize = 20;

/// One document to check.
#[derive(Clone, Copy, Debug)]
pub struct CheckRequest<'r> {
    /// The content as sent.
    pub text: &'r str,
    /// How to read the content.
    pub format: DocumentFormat,
    /// Where it will be sent.
    pub channel: MessageChannel,
    /// The language to check it in.
    pub language: Language,
    /// Check each sentence in the language that it is in, of all that there are: `language` where nothing tells, and as the variety.
    pub detect: bool,
    /// Ranges that are never checked, in bytes; in any order, may overlap.
    pub protected: &'r [Span],
    /// Report only what these touch, in bytes; in any order, may overlap; none: everything. All of the text is read.
    pub only: &'r [Span],
    /// Words that are right for the writer, in every language.
    pub glossary: &'r Glossary,
    /// Words that the writer wants left alone; unlike those of the glossary they are not suggested for others.
    pub ignored: &'r Glossary,
    /// At most this many suggestions for each finding; capped at [`MAX_SUGGESTIONS`].
    pub max_suggestions: usize,
    /// Report only these kinds; empty: all.
    pub kinds: &'r [FindingKind],
    /// Also report findings of lower certainty.
    pub hints: bool,
    /// Also report variants that a style guide would change.
    pub style: bool,
    /// Set by the caller to abandon the check: it returns soon after, with what it has and `incomplete`.
    pub cancelled: &'r AtomicBool,
}

impl<'r> CheckRequest<'r> {
    /// A check of plain text for the default kinds and a writer without own words, with five suggestions each.
    #[must_use]
    pub fn new(text: &'r str, language: Language, cancelled: &'r AtomicBool) -> Self {
        Self {
            text,
            format: DocumentFormat::Plain,
            channel: MessageChannel::Unspecified,
            language,
            detect: false,
            protected: &[],
            only: &[],
            glossary: &EMPTY_GLOSSARY,
            ignored: &EMPTY_GLOSSARY,
            max_suggestions: 5,
            kinds: &[],
            hints: false,
            style: false,
            cancelled,
        }
    }

    /// The document to check.
    #[must_use]
    pub const fn document(&self) -> Document<'r> {
        Document { content: self.text, format: self.format, channel: self.channel }
    }
}

/// Checks documents in every language that it has data for. Immutable and shared by all calls.
#[derive(Debug)]
pub struct Speller(LanguageCheckers);

impl Speller {
    /// With the dictionaries built into the program. About 30 ms.
    ///
    /// # Errors
    /// [`DataError`] if they are damaged.
    pub fn embedded() -> Result<Self, DataError> {
        Self::new(LanguageData::embedded(), SpellerLayers::ALL)
    }

    /// With this data.
    ///
    /// # Errors
    /// [`DataError`] names the file and what is wrong with it.
    pub fn new(data: LanguageData, layers: SpellerLayers) -> Result<Self, DataError> {
        assembly::build_checkers(data, layers).map(Self)
    }

    /// Checks one document. O(length of the text), plus bounded work for suggestions.
    #[must_use]
    pub fn check(&self, request: &CheckRequest<'_>) -> SpellingReport {
        self.check_metered(request, &StepMeter::unlimited(request.cancelled))
    }

    /// The same, if it takes no more than so many steps of some 0.1 us: else `None`, soon after it has taken them. What it
    /// found until then is remembered for the next try.
    #[must_use]
    pub fn check_within(&self, request: &CheckRequest<'_>, steps: u32) -> Option<SpellingReport> {
        let meter = StepMeter::lending(steps, request.cancelled);
        // As dear as reading is at its worst, and nothing is lost.
        if !meter.spend_bytes(request.text.len()) {
            return None;
        }
        let report = self.check_metered(request, &meter);
        (!meter.is_outrun()).then_some(report)
    }

    fn check_metered(&self, request: &CheckRequest<'_>, meter: &StepMeter<'_>) -> SpellingReport {
        let prose = request.document().read();
        let text = prose.text();
        let protected: Vec<Span> = request.protected.iter().map(|&span| prose.text_span(span)).collect();
        let masked = mask::overlay(mask::scan(text), &prose.quoted_regions().collect::<Vec<_>>());
        let masked = mask::overlay(masked, &mask::protected_regions(&protected));
        let masked = own_words::mask_own_words(request.glossary, text, masked, meter);
        let masked = own_words::mask_own_words(request.ignored, text, masked, meter);
        let asked = AskedParts::new(request.only.iter().map(|&span| prose.text_span(span)));
        let pass = CheckPass { text, asked: &asked, request, meter };
        let mut runs = mixed::other_language_spans(&prose, request.language);
        let languages = if request.detect {
            let detected = detection::detect(text, &masked, request.language, &self.0, meter);
            runs = mixed::with_detected(runs, &detected, request.language);
            detected
        } else {
            Vec::new()
        };
        let mut report = if runs.is_empty() {
            self.check_text(request.language, masked, &pass)
        } else {
            let check = |language, masked| self.check_text(language, masked, &pass);
            mixed::check_languages(text, request.language, &runs, &masked, check)
        };
        report.retain_asked(&asked);
        report.languages = languages;
        let most = request.max_suggestions.min(MAX_SUGGESTIONS);
        own_words::suggest_own_words(&mut report, request.glossary, text, most, meter);
        if !request.kinds.is_empty() {
            report.findings.retain(|finding| request.kinds.contains(&finding.kind));
        }
        let mut report = placing::map_to_source(report, &prose, request.protected);
        if !request.only.is_empty() {
            // Of what the document left out, too.
            let asked = AskedParts::new(request.only.iter().copied());
            report.skipped.retain(|region| asked.touch(region.span));
        }
        report
    }

    /// Checks a text in one language, but for the `masked` regions (ascending, disjoint).
    fn check_text(&self, language: Language, masked: Vec<SkippedRegion>, pass: &CheckPass<'_>) -> SpellingReport {
        if !pass.meter.spend_bytes(pass.text.len()) {
            return SpellingReport { skipped: masked, incomplete: true, ..SpellingReport::default() };
        }
        match self.checker_for(language) {
            LanguageChecker::Words(checker) => check_words(checker, masked, pass),
            LanguageChecker::Chinese { traditional } => self.check_chinese(&masked, traditional, pass),
        }
    }

    /// Ranks the likeliest right spellings of one word, best first.
    #[must_use]
    pub fn suggest(&self, word: &str, language: Language, limit: usize) -> Vec<Suggestion> {
        self.suggest_metered(word, language, limit, &StepMeter::unlimited(&AtomicBool::new(false)))
    }

    /// The same, if it takes no more than so many steps of some 0.1 us.
    #[must_use]
    pub fn suggest_within(&self, word: &str, language: Language, limit: usize, steps: u32) -> Option<Vec<Suggestion>> {
        let cancelled = AtomicBool::new(false);
        let meter = StepMeter::lending(steps, &cancelled);
        let suggestions = self.suggest_metered(word, language, limit, &meter);
        (!meter.is_outrun()).then_some(suggestions)
    }

    fn suggest_metered(&self, word: &str, language: Language, limit: usize, meter: &StepMeter<'_>) -> Vec<Suggestion> {
        let limit = limit.min(MAX_SUGGESTIONS);
        match self.checker_for(language) {
            LanguageChecker::Words(checker) => checker.suggest(word, limit, meter).to_vec(),
            LanguageChecker::Chinese { .. } if !word.contains(is_han) => {
                self.0.english.suggest(word, limit, meter).to_vec()
            }
            LanguageChecker::Chinese { traditional } => self.0.chinese.suggest(word, traditional, limit, meter),
        }
    }

    /// Whether the word, as written, is right.
    #[must_use]
    pub fn accepts(&self, word: &str, language: Language) -> bool {
        match self.checker_for(language) {
            LanguageChecker::Words(checker) => checker.accepts(word),
            LanguageChecker::Chinese { .. } if !word.contains(is_han) => self.0.english.accepts(word),
            LanguageChecker::Chinese { traditional } => self.0.chinese.accepts(word, traditional),
        }
    }

    fn checker_for(&self, language: Language) -> LanguageChecker<'_> {
        match language {
            Language::English => LanguageChecker::Words(&self.0.english),
            Language::EnglishUs => LanguageChecker::Words(&self.0.english_us),
            Language::EnglishGb => LanguageChecker::Words(&self.0.english_gb),
            Language::PortugueseBr => LanguageChecker::Words(&self.0.portuguese_br),
            Language::PortuguesePt => LanguageChecker::Words(&self.0.portuguese_pt),
            Language::ChineseSimplified => LanguageChecker::Chinese { traditional: false },
            Language::ChineseTraditional => LanguageChecker::Chinese { traditional: true },
        }
    }

    /// Chinese, and the English words in it.
    fn check_chinese(&self, masked: &[SkippedRegion], traditional: bool, pass: &CheckPass<'_>) -> SpellingReport {
        let CheckPass { text, asked, request, meter } = *pass;
        let latin = text.bytes().any(|byte| byte.is_ascii_alphabetic());
        let english = latin.then(|| check_words(&self.0.english, masked.to_vec(), pass));
        let options = chinese::ChineseCheckOptions {
            max_suggestions: request.max_suggestions.min(MAX_SUGGESTIONS),
            hints: request.hints,
            style: request.style,
            traditional,
            asked,
            meter,
        };
        let mut report = self.0.chinese.check(text, masked.to_vec(), options);
        if let Some(english) = english {
            // What is masked is in both reports, a quotation is skipped in both languages, and what is of another script for
            // English is Chinese.
            let outside = |span| !overlaps_any(&report.skipped, span);
            let new = |region: &SkippedRegion| region.reason != SkipReason::OtherScript && outside(region.span);
            let skipped = english.skipped.into_iter().filter(new).collect();
            let findings = english.findings.into_iter().filter(|finding| outside(finding.spans[0]));
            report.findings.extend(findings);
            report.skipped = merge_skipped(report.skipped, skipped);
            report.incomplete |= english.incomplete;
            drop_overlapping(&mut report.findings, &report.skipped);
        }
        report
    }
}

/// One check of the prose of a document.
#[derive(Clone, Copy)]
struct CheckPass<'p> {
    text: &'p str,
    /// Of the text.
    asked: &'p AskedParts,
    request: &'p CheckRequest<'p>,
    meter: &'p StepMeter<'p>,
}

/// What checks a language.
enum LanguageChecker<'s> {
    /// English or Portuguese.
    Words(&'s WordChecker),
    Chinese {
        traditional: bool,
    },
}

fn check_words(checker: &WordChecker, masked: Vec<SkippedRegion>, pass: &CheckPass<'_>) -> SpellingReport {
    let CheckPass { text, asked, request, meter } = *pass;
    let max_suggestions = request.max_suggestions.min(MAX_SUGGESTIONS);
    checker.check(
        text,
        masked,
        WordCheckOptions { max_suggestions, channel: request.channel, hints: request.hints, asked, meter },
    )
}
