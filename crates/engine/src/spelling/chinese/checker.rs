//! The checker of Chinese: around the corrector, which knows one sentence of Simplified characters, all that a text is
//! more than that: Traditional and variant characters, quotations, names, reviewed phrases, offsets.

use std::{
    borrow::Cow,
    ops::Range,
    sync::{Mutex, PoisonError, atomic::AtomicBool},
};

use super::{
    characters::is_han,
    corrector::{Correction, CorrectionCandidate, Corrector, Workspace},
    lanes::Lane,
    normal::{NormalisedText, OBJECT_REPLACEMENT},
    reviewed::ReviewedPhrases,
    rewriting::RewriteTable,
    traditional::TraditionalConverter,
    untouchable::{self, NameGazetteer},
    work::WorkBudget,
};
use crate::{
    document::{SkipReason, SkippedRegion},
    spelling::{
        finding::{FindingKind, SpellingFinding, SpellingReport, Suggestion},
        marks::{drop_overlapping, merge_skipped, widen_to_graphemes},
        meter::StepMeter,
    },
};

/// Words that no suggestion may make: right or not, a checker that puts them into a reply to a customer does harm.
const NEVER_SUGGESTED: [&str; 20] = [
    "杀人", "自杀", "尸体", "强奸", "嫖娼", "卖淫", "妓女", "吸毒", "毒品", "傻逼", "傻子", "去死", "该死", "放屁",
    "王八", "婊子", "贱人", "混蛋", "滚蛋", "弱智",
];

/// Workspaces that are kept for the next check, of some 300 KB each.
const MAX_IDLE_WORKSPACES: usize = 8;

/// What a caller wants to know.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ChineseCheckOptions<'o> {
    /// At most this many suggestions for each finding.
    pub max_suggestions: usize,
    /// Also report what is less certain, 的地得 and 他她它.
    pub hints: bool,
    /// Also report variants that a style guide would change.
    pub style: bool,
    /// Suggest in Traditional characters even where the text shows none.
    pub traditional: bool,
    /// Says when to stop.
    pub meter: &'o StepMeter<'o>,
}

#[derive(Debug)]
pub(in crate::spelling) struct ReviewedTables {
    /// Strings that are wrong wherever they stand.
    pub(in crate::spelling) certain: ReviewedPhrases,
    /// Variants that are right but not preferred.
    pub(in crate::spelling) style: ReviewedPhrases,
    /// Characters that are written in several ways.
    pub(in crate::spelling) variants: RewriteTable,
    /// What names are told by.
    pub(in crate::spelling) names: NameGazetteer,
}

/// Finds wrongly written characters. Immutable and shared by all calls.
#[derive(Debug)]
pub(crate) struct ChineseChecker {
    corrector: Corrector,
    traditional: TraditionalConverter,
    tables: ReviewedTables,
    /// Workspaces at rest: as many as there were checks at once, or [`MAX_IDLE_WORKSPACES`].
    workspaces: Mutex<Vec<Workspace>>,
}

impl ChineseChecker {
    /// Puts the parts together.
    pub(in crate::spelling) fn new(
        corrector: Corrector,
        traditional: TraditionalConverter,
        tables: ReviewedTables,
    ) -> Self {
        Self { corrector, traditional, tables, workspaces: Mutex::default() }
    }

    /// Checks a text, but for the `masked` regions (ascending, disjoint). O(length): where it asks for more work than any text that
    /// people write, it is not looked at as closely, and the report is `incomplete`.
    #[must_use]
    pub(crate) fn check(
        &self,
        text: &str,
        masked: Vec<SkippedRegion>,
        options: ChineseCheckOptions<'_>,
    ) -> SpellingReport {
        let simplify = |text: &str| self.tables.variants.rewrite(&self.traditional.simplify(text));
        let normal = NormalisedText::normalise(text, &masked, simplify);
        let traditional = self.is_traditional(&normal, options.traditional);
        let mut pass = ChineseCheckPass {
            quotations: untouchable::find_quotations(&normal.chars),
            checker: self,
            text,
            normal: &normal,
            options: ChineseCheckOptions { traditional: options.traditional || traditional, ..options },
            traditional,
            workspace: self.take_workspace(),
            work: WorkBudget::new(options.meter),
            fixed: Vec::new(),
            report: SpellingReport::default(),
        };
        pass.skip_quotations();
        if pass.work.begin_text(normal.chars.len()) {
            for sentence in normal.sentences().take_while(|_| options.meter.goes_on()) {
                pass.check_sentence(sentence);
            }
        }
        let ChineseCheckPass { mut report, workspace, work, .. } = pass;
        self.return_workspace(workspace);
        report.incomplete |= work.is_incomplete() || !options.meter.goes_on();
        report.skipped = merge_skipped(masked, report.skipped);
        drop_overlapping(&mut report.findings, &report.skipped);
        report
    }

    /// A workspace that remembers earlier checks, or a new one.
    fn take_workspace(&self) -> Workspace {
        self.workspaces.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    fn return_workspace(&self, workspace: Workspace) {
        let mut workspaces = self.workspaces.lock().unwrap_or_else(PoisonError::into_inner);
        if workspaces.len() < MAX_IDLE_WORKSPACES {
            workspaces.push(workspace);
        }
    }

    /// Whether the writer uses Traditional characters: more than what only Simplified text has. Variants that both scripts have
    /// (妳, 著) tell nothing, and a single character little where Traditional text is not `expected`.
    fn is_traditional(&self, normal: &NormalisedText, expected: bool) -> bool {
        let written: String = normal.written.iter().collect();
        let usual = self.tables.variants.rewrite(&written);
        let characters = normal.written.iter().zip(usual.chars()).zip(&normal.chars);
        let (mut traditional, mut simplified) = (0, 0);
        for ((&written, usual), &read) in characters.filter(|((written, _), _)| is_han(**written)) {
            traditional += usize::from(usual == written && read != written);
            simplified += usize::from(self.traditional.is_simplified(written));
        }
        traditional > simplified && traditional >= if expected { 1 } else { 2 }
    }

    /// What a word by itself may have been meant to be, best first; none if nothing in it looks wrong.
    #[must_use]
    pub(crate) fn suggest(
        &self,
        word: &str,
        traditional: bool,
        limit: usize,
        meter: &StepMeter<'_>,
    ) -> Vec<Suggestion> {
        let mut findings = self.findings(word, traditional, limit, meter);
        // Of several wrong places the likeliest answers: put right, the word is nearest to what was meant.
        let score = |finding: &SpellingFinding| finding.suggestions.first().map_or(0.0, |best| best.score);
        findings.sort_by(|a, b| score(b).total_cmp(&score(a)));
        let Some(finding) = findings.into_iter().next() else { return Vec::new() };
        let (before, after) = (&word[..finding.spans[0].start], &word[finding.spans[0].end..]);
        let whole = |suggestion: &Suggestion| Suggestion {
            text: format!("{before}{}{after}", suggestion.text),
            score: suggestion.score,
        };
        finding.suggestions.iter().map(whole).collect()
    }

    /// Whether nothing in a word by itself looks wrong.
    #[must_use]
    pub(crate) fn accepts(&self, word: &str, traditional: bool) -> bool {
        self.findings(word, traditional, 0, &StepMeter::unlimited(&AtomicBool::new(false))).is_empty()
    }

    fn findings(
        &self,
        word: &str,
        traditional: bool,
        max_suggestions: usize,
        meter: &StepMeter<'_>,
    ) -> Vec<SpellingFinding> {
        let options = ChineseCheckOptions { max_suggestions, hints: true, style: false, traditional, meter };
        self.check(word, Vec::new(), options).findings
    }
}

/// One text being checked.
struct ChineseCheckPass<'a> {
    checker: &'a ChineseChecker,
    text: &'a str,
    normal: &'a NormalisedText,
    options: ChineseCheckOptions<'a>,
    /// Whether the writer uses Traditional characters, whatever was asked for.
    traditional: bool,
    /// Ascending and disjoint; one may hold several sentences.
    quotations: Vec<Range<usize>>,
    workspace: Workspace,
    work: WorkBudget<'a>,
    fixed: Vec<bool>,
    report: SpellingReport,
}

impl ChineseCheckPass<'_> {
    fn check_sentence(&mut self, range: Range<usize>) {
        let base = range.start;
        let normal = self.normal;
        let sentence = &normal.chars[range];
        untouchable::mark_fixed(sentence, &self.checker.tables.names, &mut self.fixed);
        let first_quotation = self.quotations.partition_point(|quotation| quotation.end <= base);
        let sentence_end = base + sentence.len();
        for quotation in
            self.quotations[first_quotation..].iter().take_while(|quotation| quotation.start < sentence_end)
        {
            self.fixed[quotation.start.max(base) - base..quotation.end.min(sentence_end) - base].fill(true);
        }
        self.report_misconversions(base, sentence);
        let sentence = self.correct_certain_errors(base, sentence);
        self.report_style_variants(base, &sentence);
        let Self { workspace, fixed, work, .. } = self;
        let corrections = self.checker.corrector.correct(workspace, &sentence, fixed, work);
        for correction in corrections {
            self.report_correction(base, correction);
        }
    }

    /// Reports quotations, but for what is masked in them: that has been reported.
    fn skip_quotations(&mut self) {
        for quotation in &self.quotations {
            let mut start = quotation.start;
            for piece in self.normal.chars[quotation.clone()].split(|&c| c == OBJECT_REPLACEMENT) {
                let end = start + piece.len();
                if start < end {
                    let span = self.normal.span(start, end);
                    self.report.skipped.push(SkippedRegion { span, reason: SkipReason::Quotation });
                }
                start = end + 1;
            }
        }
    }

    /// Marks characters that only a Traditional text has wrong: to the method, which reads Simplified, they are right.
    fn report_misconversions(&mut self, base: usize, sentence: &[char]) {
        if !self.traditional {
            return;
        }
        let written = &self.normal.written[base..base + sentence.len()];
        let mut found = Vec::new();
        self.checker.traditional.for_each_misconversion(sentence, written, |at, right| found.push((at, right)));
        for (at, right) in found {
            if self.fixed[at] {
                continue;
            }
            self.fixed[at] = true;
            let spans = vec![widen_to_graphemes(self.text, self.normal.span(base + at, base + at + 1))];
            let suggestion = Suggestion { text: right.to_string(), score: 1.0 };
            let suggestions = Some(suggestion).into_iter().take(self.options.max_suggestions).collect();
            let finding = SpellingFinding { spans, kind: FindingKind::WrongCharacter, hint: false, suggestions };
            self.report.findings.push(finding);
        }
    }

    /// Marks what is wrong for certain, and puts it right for the corrector, which then sees a better context.
    fn correct_certain_errors<'s>(&mut self, base: usize, written: &'s [char]) -> Cow<'s, [char]> {
        let checker = self.checker;
        let mut sentence = Cow::Borrowed(written);
        for (start, phrase) in checker.tables.certain.find_phrases(written) {
            let part = phrase.differing_range();
            let wrong = start + part.start..start + part.end;
            if self.fixed[wrong.clone()].contains(&true) {
                continue;
            }
            sentence.to_mut()[wrong.clone()].copy_from_slice(&phrase.right[part.clone()]);
            self.fixed[start..start + phrase.right.len()].fill(true);
            let candidate = CorrectionCandidate { text: phrase.right[part].iter().collect(), probability: 1.0 };
            self.report_finding(base, wrong, &[candidate], FindingKind::WrongCharacter, false);
        }
        sentence
    }

    /// Leaves variants alone, or marks them for those who ask.
    fn report_style_variants(&mut self, base: usize, sentence: &[char]) {
        let checker = self.checker;
        for (start, phrase) in checker.tables.style.find_phrases(sentence) {
            let variant = start..start + phrase.wrong.len();
            if self.fixed[variant.clone()].contains(&true) {
                continue;
            }
            self.fixed[variant.clone()].fill(true);
            if self.options.style {
                let candidate = CorrectionCandidate { text: phrase.right.iter().collect(), probability: 1.0 };
                self.report_finding(base, variant, &[candidate], FindingKind::StyleVariant, false);
            }
        }
    }

    fn report_correction(&mut self, base: usize, mut correction: Correction) {
        let wrong = base + correction.range.start..base + correction.range.end;
        correction.candidates.retain(|candidate| !self.makes_banned_word(&wrong, &candidate.text));
        if correction.candidates.is_empty() {
            return;
        }
        let uncertain = correction.lane == Lane::Hint;
        if !uncertain || self.options.hints {
            self.report_finding(base, correction.range, &correction.candidates, FindingKind::WrongCharacter, uncertain);
        }
    }

    /// Whether a replacement would make one of the words that are never suggested, with its neighbours or without.
    fn makes_banned_word(&self, wrong: &Range<usize>, replacement: &str) -> bool {
        let chars = &self.normal.chars;
        let before = wrong.start.checked_sub(1).map(|at| chars[at]);
        let around: String =
            before.into_iter().chain(replacement.chars()).chain(chars.get(wrong.end).copied()).collect();
        NEVER_SUGGESTED.iter().any(|word| around.contains(word))
    }

    fn report_finding(
        &mut self,
        base: usize,
        wrong: Range<usize>,
        candidates: &[CorrectionCandidate],
        kind: FindingKind,
        hint: bool,
    ) {
        let wrong = base + wrong.start..base + wrong.end;
        let suggestion = |candidate: &CorrectionCandidate| {
            let text = if self.options.traditional {
                self.in_traditional(&wrong, &candidate.text)?
            } else {
                candidate.text.clone()
            };
            Some(Suggestion { text, score: candidate.probability })
        };
        let suggestions = candidates.iter().filter_map(suggestion).take(self.options.max_suggestions).collect();
        let spans = vec![widen_to_graphemes(self.text, self.normal.span(wrong.start, wrong.end))];
        self.report.findings.push(SpellingFinding { spans, kind, hint, suggestions });
    }

    /// A replacement in the writer's script: which character it is may depend on its neighbours (头发 is 頭髮, 发现 is 發現).
    fn in_traditional(&self, wrong: &Range<usize>, replacement: &str) -> Option<String> {
        /// Neighbours on each side that can belong to a word.
        const REACH: usize = 3;
        let NormalisedText { chars, written, .. } = self.normal;
        let first = (wrong.start.saturating_sub(REACH)..wrong.start).rev().take_while(|&at| is_han(chars[at])).last();
        let end = (wrong.end..chars.len().min(wrong.end + REACH)).take_while(|&at| is_han(chars[at])).last();
        let first = first.unwrap_or(wrong.start);
        let (before, after) = (first..wrong.start, wrong.end..end.map_or(wrong.end, |last| last + 1));
        let original: String = written[before.start..after.end].iter().collect();
        let context = |range: &Range<usize>| chars[range.clone()].iter().collect::<String>();
        let simplified = format!("{}{replacement}{}", context(&before), context(&after));
        let whole = self.checker.traditional.restore_traditional(&simplified, &original)?;
        Some(whole.chars().skip(before.len()).take(wrong.len()).collect())
    }
}
