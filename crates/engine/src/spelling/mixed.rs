//! Documents in several languages, as they name them: each part is checked in its own. Knows no checker.

use super::{
    SpellingReport,
    marks::{drop_overlapping, overlaps_any},
};
use crate::{
    document::{Prose, SkipReason, SkippedRegion, mask},
    language::{self, Language, LanguageCode},
    text::Span,
};

/// A language that a document names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DeclaredLanguage {
    /// One that we check.
    Checked(Language),
    /// Another, with its ISO 639-1 code if it is a common one.
    Other(Option<LanguageCode>),
}

/// A part of a text in another language than the request's.
pub(super) type LanguageSpan = (Span, DeclaredLanguage);

/// The parts of a text that the document declares to be in another language, ascending and disjoint.
///
/// A declaration that the script of its text belies is not believed: mail programs note the language of the keyboard.
pub(super) fn other_language_spans(prose: &Prose<'_>, requested: Language) -> Vec<LanguageSpan> {
    let runs = prose.languages().filter(|run| !run.text.slice(prose.text()).trim().is_empty());
    runs.filter_map(|run| {
        let language = resolve_tag(run.tag, requested)?;
        let fits = match language {
            DeclaredLanguage::Checked(language) => is_written_in(run.text.slice(prose.text()), language),
            DeclaredLanguage::Other(_) => true,
        };
        (language != DeclaredLanguage::Checked(requested) && fits).then_some((run.text, language))
    })
    .collect()
}

/// The parts in another language than the request's, as they were detected but for what the document declares. Both ascending.
pub(super) fn with_detected(
    declared: Vec<LanguageSpan>,
    detected: &[(Span, Language)],
    requested: Language,
) -> Vec<LanguageSpan> {
    let mut runs = Vec::with_capacity(declared.len() + detected.len());
    let mut declared = declared.into_iter().peekable();
    for &(span, language) in detected {
        let mut at = span.start;
        let mut add = |start: usize, end: usize| {
            if start < end && language != requested {
                runs.push((Span::new(start, end), DeclaredLanguage::Checked(language)));
            }
        };
        let mut own = Vec::new();
        while let Some((run, named)) = declared.next_if(|(run, _)| run.start < span.end) {
            add(at, run.start);
            at = run.end.max(at);
            own.push((run, named));
        }
        add(at, span.end);
        runs.extend(own);
    }
    runs.extend(declared);
    runs.sort_unstable_by_key(|(run, _)| run.start);
    // A declared part may reach over the end of a detected one.
    let mut end = 0;
    runs.retain_mut(|(run, _)| {
        run.start = run.start.max(end);
        end = run.end.max(end);
        run.start < run.end
    });
    runs
}

/// The language of a tag; `None` if it tells nothing. A tag without a region agrees with
/// the request's variety of its language.
fn resolve_tag(tag: &str, requested: Language) -> Option<DeclaredLanguage> {
    let resolved = language::resolve(tag.trim(), "").ok().filter(|_| !tag.trim().is_empty())?;
    let primary = tag.trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    if matches!(primary.as_str(), "und" | "mul" | "x") {
        return None;
    }
    if resolved.fallback {
        return Some(DeclaredLanguage::Other(LanguageCode::new(&primary)));
    }
    let is_bare = primary.len() == tag.trim().len();
    let agrees = is_bare && requested.tag().split('-').next() == Some(primary.as_str());
    Some(DeclaredLanguage::Checked(if agrees { requested } else { resolved.language }))
}

/// Whether a text has letters of a language's script, or none of another's.
fn is_written_in(text: &str, language: Language) -> bool {
    let is_han = |c: char| matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}');
    let is_chinese = matches!(language, Language::ChineseSimplified | Language::ChineseTraditional);
    text.contains(is_han) == is_chinese
}

/// Checks every part in its language by `check`, which is given the language and what to leave out.
pub(super) fn check_languages(
    text: &str,
    requested: Language,
    runs: &[LanguageSpan],
    masked: &[SkippedRegion],
    check: impl Fn(Language, Vec<SkippedRegion>) -> SpellingReport,
) -> SpellingReport {
    let mut languages = vec![requested];
    for (_, declared) in runs {
        if let DeclaredLanguage::Checked(language) = declared
            && !languages.contains(language)
        {
            languages.push(*language);
        }
    }
    let mut whole = SpellingReport::default();
    for language in languages {
        let others = outside_language(text, requested, runs, language);
        let report = check(language, mask::overlay(masked.to_vec(), &others));
        whole.findings.extend(report.findings);
        whole.skipped.extend(report.skipped.into_iter().filter(|region| !overlaps_any(&others, region.span)));
        whole.incomplete |= report.incomplete;
    }
    whole.skipped.extend(runs.iter().filter_map(|&(span, declared)| match declared {
        DeclaredLanguage::Other(code) => Some(SkippedRegion { span, reason: SkipReason::OtherLanguage(code) }),
        DeclaredLanguage::Checked(_) => None,
    }));
    whole.skipped.sort_unstable_by_key(|region| region.span.start);
    drop_overlapping(&mut whole.findings, &whole.skipped);
    whole
}

/// What of a text is not in a language.
fn outside_language(text: &str, requested: Language, runs: &[LanguageSpan], language: Language) -> Vec<SkippedRegion> {
    let mut others = Vec::new();
    let mut leave_out = |start: usize, end: usize| {
        if start < end {
            others.push(SkippedRegion { span: Span::new(start, end), reason: SkipReason::OtherLanguage(None) });
        }
    };
    let mut at = 0;
    for &(span, own) in runs {
        if language != requested {
            leave_out(at, span.start);
        }
        if own != DeclaredLanguage::Checked(language) {
            leave_out(span.start, span.end);
        }
        at = span.end;
    }
    if language != requested {
        leave_out(at, text.len());
    }
    others
}
