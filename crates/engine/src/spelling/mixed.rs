//! Documents in several languages, as they name them: each part is checked in its own. Knows no checker.

use super::{
    SpellingReport,
    marks::{drop_overlapping, overlaps_any},
};
use crate::{
    document::{Prose, SkipReason, SkippedRegion, mask},
    language::{self, Language},
    text::Span,
};

/// A part of a text in another language than the request's; `None`: in one that we cannot check.
pub(super) type LanguageSpan = (Span, Option<Language>);

/// The parts of a text that the document declares to be in another language, ascending and disjoint.
///
/// A declaration that the script of its text belies is not believed: mail programs note the language of the keyboard.
pub(super) fn other_language_spans(prose: &Prose<'_>, requested: Language) -> Vec<LanguageSpan> {
    let runs = prose.languages().filter(|run| !run.text.slice(prose.text()).trim().is_empty());
    runs.filter_map(|run| {
        let language = resolve_tag(run.tag, requested)?;
        let fits = match language {
            Some(language) => is_written_in(run.text.slice(prose.text()), language),
            None => true,
        };
        (language != Some(requested) && fits).then_some((run.text, language))
    })
    .collect()
}

/// The language of a tag: `Some(None)` if we cannot check it, `None` if it tells nothing. A tag without a region agrees with
/// the request's variety of its language.
fn resolve_tag(tag: &str, requested: Language) -> Option<Option<Language>> {
    let resolved = language::resolve(tag.trim(), "").ok().filter(|_| !tag.trim().is_empty())?;
    let primary = tag.trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    if matches!(primary.as_str(), "und" | "mul" | "x") {
        return None;
    }
    if resolved.fallback {
        return Some(None);
    }
    let is_bare = primary.len() == tag.trim().len();
    let agrees = is_bare && requested.tag().split('-').next() == Some(primary.as_str());
    Some(Some(if agrees { requested } else { resolved.language }))
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
    for language in runs.iter().filter_map(|(_, language)| *language) {
        if !languages.contains(&language) {
            languages.push(language);
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
    let unknown = runs.iter().filter(|(_, language)| language.is_none());
    whole.skipped.extend(unknown.map(|&(span, _)| SkippedRegion { span, reason: SkipReason::OtherLanguage }));
    whole.skipped.sort_unstable_by_key(|region| region.span.start);
    drop_overlapping(&mut whole.findings, &whole.skipped);
    whole
}

/// What of a text is not in a language.
fn outside_language(text: &str, requested: Language, runs: &[LanguageSpan], language: Language) -> Vec<SkippedRegion> {
    let mut others = Vec::new();
    let mut leave_out = |start: usize, end: usize| {
        if start < end {
            others.push(SkippedRegion { span: Span::new(start, end), reason: SkipReason::OtherLanguage });
        }
    };
    let mut at = 0;
    for &(span, own) in runs {
        if language != requested {
            leave_out(at, span.start);
        }
        if own != Some(language) {
            leave_out(span.start, span.end);
        }
        at = span.end;
    }
    if language != requested {
        leave_out(at, text.len());
    }
    others
}
