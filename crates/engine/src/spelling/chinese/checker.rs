//! The checker of Chinese: around the corrector, which knows one sentence of Simplified characters, all that a text is
//! more than that: Traditional and variant characters, quotations, names, reviewed phrases, offsets.

use std::{
    borrow::Cow,
    ops::Range,
    sync::{Mutex, PoisonError, atomic::AtomicBool},
};

use super::{
    blocked::BlockedWords,
    cantonese::is_cantonese,
    characters::is_han,
    corrector::{Correction, CorrectionCandidate, Corrector, Workspace},
    forms::{FormRule, WrittenWord},
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
        asked::AskedParts,
        finding::{FindingKind, SpellingFinding, SpellingReport, Suggestion},
        marks::{drop_overlapping, merge_skipped, widen_to_graphemes},
        meter::StepMeter,
    },
    text::Span,
};

/// Characters on each side of a mark that may belong to its word.
const WORD_REACH: usize = 4;

/// What a look at the word around a mark takes of the meter.
const WORD_STEPS: u32 = 30;

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
    /// What is asked about: other sentences are not looked at.
    pub asked: &'o AskedParts,
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
    /// Which forms Traditional words have.
    pub(in crate::spelling) forms: FormRule,
    /// What is never suggested.
    pub(in crate::spelling) blocked: BlockedWords,
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
            let asked = |sentence: &Range<usize>| options.asked.touch(normal.span(sentence.start, sentence.end));
            for sentence in normal.sentences().filter(asked).take_while(|_| options.meter.goes_on()) {
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

    /// Whether the writer uses Traditional characters: where such text is `expected`, unless more of them are what only Simplified
    /// text has; elsewhere, where a single character tells little, if there are two and more than of the others.
    fn is_traditional(&self, normal: &NormalisedText, expected: bool) -> bool {
        let (traditional, simplified) = self.count_scripts(&normal.chars, &normal.written);
        if expected { traditional >= simplified } else { traditional > simplified && traditional >= 2 }
    }

    /// How many characters only Traditional text has, and how many only Simplified text. Variants that both have (妳, 著) tell
    /// nothing.
    fn count_scripts(&self, read: &[char], written: &[char]) -> (usize, usize) {
        let (mut traditional, mut simplified) = (0, 0);
        for (&read, &written) in read.iter().zip(written).filter(|(_, written)| is_han(**written)) {
            traditional += usize::from(read != written && self.tables.variants.rewrite_character(written) == written);
            simplified += usize::from(self.traditional.is_simplified(written));
        }
        (traditional, simplified)
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

    /// Whether a text has more characters that only Traditional text has than such of Simplified text. O(length).
    #[must_use]
    pub(crate) fn looks_traditional(&self, text: &str) -> bool {
        let usual = self.traditional.simplify(text);
        let traditional = text.chars().zip(usual.chars()).filter(|(written, usual)| written != usual).count();
        let simplified = text.chars().filter(|&c| self.traditional.is_simplified(c)).count();
        traditional > simplified
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
        let asked = &AskedParts::everything();
        let options = ChineseCheckOptions { max_suggestions, hints: true, style: false, traditional, asked, meter };
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
        let written = &normal.written[base..sentence_end];
        if is_cantonese(written, self.options.traditional) {
            self.report_other_language(base, sentence_end);
            return;
        }
        if self.traditional {
            self.report_wrong_forms(base, sentence);
        } else if self.options.style {
            self.report_stray_traditional(base, sentence);
        }
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

    /// Reports a sentence that is left alone, but for what is masked in it and what is quoted: that has been reported.
    fn report_other_language(&mut self, start: usize, end: usize) {
        let silent = |at: usize| self.normal.chars[at] == OBJECT_REPLACEMENT;
        let quoted = |at: usize| self.quotations.iter().any(|quotation| quotation.contains(&at));
        let mut at = start;
        while at < end {
            let length = (at..end).take_while(|&at| !silent(at) && !quoted(at)).count();
            if length > 0 {
                let span = self.normal.span(at, at + length);
                self.report.skipped.push(SkippedRegion { span, reason: SkipReason::OtherLanguage(None) });
            }
            at += length + 1;
        }
    }

    /// Marks characters that only a Traditional text has wrong: to the method, which reads Simplified, they are right.
    fn report_wrong_forms(&mut self, base: usize, sentence: &[char]) {
        let checker = self.checker;
        let written = &self.normal.written[base..base + sentence.len()];
        if !written.iter().any(|&c| is_han(c)) {
            return;
        }
        // A sentence of Simplified text among others is no slip.
        let (traditional, simplified) = checker.count_scripts(sentence, written);
        let is_quoted_simplified = simplified > traditional;
        let mut found: Vec<(usize, Vec<char>)> = Vec::new();
        checker.corrector.for_each_word(&mut self.workspace, sentence, &mut self.work, |word| {
            let shown = WrittenWord { simplified: &sentence[word.clone()], sentence: written, start: word.start };
            checker.tables.forms.for_each_wrong_form(&checker.traditional, shown, |at, right| {
                found.push((word.start + at, right.to_vec()));
            });
        });
        for (at, right) in found {
            let stray = checker.traditional.is_simplified(written[at]) && is_quoted_simplified;
            if self.fixed[at] || stray {
                continue;
            }
            self.fixed[at] = true;
            self.report_form(base + at, &right, FindingKind::WrongCharacter);
        }
    }

    /// Marks characters of Traditional text that strayed into Simplified text: a matter of style, as they are read alike.
    fn report_stray_traditional(&mut self, base: usize, sentence: &[char]) {
        for (at, &simplified) in sentence.iter().enumerate() {
            let written = self.normal.written[base + at];
            let usual = self.checker.tables.variants.rewrite_character(written) == written;
            if is_han(written) && written != simplified && usual && !self.fixed[at] {
                self.report_form(base + at, &[simplified], FindingKind::StyleVariant);
            }
        }
    }

    /// Reports one character that is written in another form than it should be; `right` are the forms that it may have.
    fn report_form(&mut self, at: usize, right: &[char], kind: FindingKind) {
        let span = widen_to_graphemes(self.text, self.normal.span(at, at + 1));
        let likeliest_first = right.iter().zip(1_u8..);
        let suggestion =
            |(form, rank): (&char, u8)| Suggestion { text: form.to_string(), score: 1.0 / f32::from(rank) };
        let suggestions = likeliest_first.map(suggestion).take(self.options.max_suggestions).collect();
        // As the method reads it, the word is right.
        let word = self.word_around(&(at..at + 1), None);
        self.report.findings.push(SpellingFinding { word, ..SpellingFinding::new(span, kind, suggestions) });
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
        let blocked = &self.checker.tables.blocked;
        let chars = &self.normal.chars;
        correction.candidates.retain(|found| !blocked.makes_blocked_word(chars, wrong.clone(), &found.text));
        let Some(likeliest) = correction.candidates.first() else { return };
        if is_same_but_for_accounts(&chars[wrong.clone()], &likeliest.text) {
            return;
        }
        // 精采 is right beside 精彩.
        if self.traditional && self.checker.tables.forms.has_listed_word(&self.normal.written, wrong) {
            return;
        }
        let probability = likeliest.probability;
        let lane = if self.traditional { correction.lane.in_traditional(probability) } else { Some(correction.lane) };
        let Some(lane) = lane else { return };
        let uncertain = lane == Lane::Hint;
        if !uncertain || self.options.hints {
            self.report_finding(base, correction.range, &correction.candidates, FindingKind::WrongCharacter, uncertain);
        }
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
        let written: String = self.normal.written[wrong.clone()].iter().collect();
        let mut suggested: Vec<Suggestion> = candidates.iter().filter_map(suggestion).collect();
        let in_words = suggested.len();
        suggested.retain(|suggestion| suggestion.text != written);
        if in_words > 0 && suggested.is_empty() {
            // In the writer's script it is what stands there.
            return;
        }
        let suggestions = suggested.into_iter().take(self.options.max_suggestions).collect();
        let span = widen_to_graphemes(self.text, self.normal.span(wrong.start, wrong.end));
        let word = self.word_around(&wrong, candidates.first().map(|best| best.text.as_str()));
        self.report.findings.push(SpellingFinding { hint, word, ..SpellingFinding::new(span, kind, suggestions) });
    }

    /// Where the word stands around wrong characters, which is told by what is right in their place; empty if they are the word.
    fn word_around(&mut self, wrong: &Range<usize>, right: Option<&str>) -> Vec<Span> {
        self.options.meter.spend(WORD_STEPS);
        let chars = &self.normal.chars;
        let is_word = |c: &&char| is_han(**c);
        let before = chars[..wrong.start].iter().rev().take(WORD_REACH).take_while(is_word).count();
        let after = chars[wrong.end..].iter().take(WORD_REACH).take_while(is_word).count();
        let first = wrong.start - before;
        let mut around = chars[first..wrong.end + after].to_vec();
        for (place, c) in around[before..].iter_mut().zip(right.unwrap_or_default().chars()).take(wrong.len()) {
            *place = c;
        }
        let word = self.checker.corrector.words_around(&mut self.workspace, &around, before..before + wrong.len());
        let word = first + word.start..first + word.end;
        if word == *wrong {
            return Vec::new();
        }
        vec![widen_to_graphemes(self.text, self.normal.span(word.start, word.end))]
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

/// Whether a proposal only writes 账 for 帐 or the reverse: either is right, which one is a matter of region and style (`style.txt`).
fn is_same_but_for_accounts(written: &[char], proposed: &str) -> bool {
    let either = |c: char| if c == '帐' { '账' } else { c };
    written.iter().copied().map(either).eq(proposed.chars().map(either))
}
