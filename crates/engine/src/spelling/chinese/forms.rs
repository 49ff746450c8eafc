//! Wrong forms in Traditional text: a character that stands where its word has another with the same Simplified form (我們后天
//! for 後天), and one that only Simplified text has (订單 for 訂單). To the method, which reads Simplified, both are right.
//!
//! A word decides what is right, and which words a text is made of its best reading says: 產生發票 is no 產|生髮|票. Where a word
//! has two accepted forms, and where regions differ (裡 and 裏, 臺 and 台), nothing is wrong; nor is what the model would correct in a word
//! of two spellings (精采 and 精彩). Knows no text but the words that it is shown.

use std::{cell::LazyCell, ops::Range};

use rustc_hash::FxHashSet;

use super::{characters::is_han, traditional::TraditionalConverter};

/// Traditional characters that share a Simplified one and are taken for each other by who converts character by character, or
/// picks the wrong one. Regional forms and free choices (周末, 週末; 發布, 發佈; 了解, 瞭解) are not among them.
const CONFUSED_FORMS: [&str; 41] = [
    "后後",
    "發髮",
    "准準",
    "余餘",
    "面麵",
    "系係繫",
    "松鬆",
    "干乾幹",
    "歷曆",
    "匯彙",
    "里裡裏",
    "只隻",
    "制製",
    "谷穀",
    "范範",
    "斗鬥",
    "卷捲",
    "几幾",
    "舍捨",
    "征徵",
    "咸鹹",
    "云雲",
    "丑醜",
    "沖衝",
    "復複",
    "鐘鍾",
    "采採",
    "台颱",
    "志誌",
    "吁籲",
    "姜薑",
    "仆僕",
    "須鬚",
    "胡鬍",
    "郁鬱",
    "贊讚",
    "御禦",
    "獲穫",
    "臟髒",
    "淀澱",
    "游遊",
];
/// As written and as right, where the other way round is a free choice: 註意 for 注意, but 注冊 is 註冊, too.
const CONFUSED_ONE_WAY: [(char, char); 7] =
    [('註', '注'), ('佈', '布'), ('緻', '致'), ('錶', '表'), ('闆', '板'), ('籤', '簽'), ('瞭', '了')];
/// Forms of a character as a word of its own, where it has others in words.
const SINGLE_FORMS: [(char, char); 2] = [('瞭', '了'), ('并', '並')];
/// Regional forms of one character.
const REGIONAL_FORMS: [(char, char); 1] = [('裏', '裡')];
/// Characters that Simplified text has and regions write as well: Hong Kong 着, 晒, 揾 and the forms of its own standard (OpenCC's
/// HKVariants: 户, 税, 温 ...), all 雇, 污 and 霉, and forms that input methods give beside the usual ones (内, 强, 却, 脚, 踪).
const SHARED_CHARACTERS: &str =
    "着晒揾雇污霉棱杠泄群峰床裙秘峯线閑闲痹唇酰啰户悦兑税脱温恒卧葱蜕愠氲媪叁内强却脚踪迹够";

/// The rule, with the words that are right as they stand.
#[derive(Debug, Default)]
pub(in crate::spelling) struct FormRule {
    /// `both-forms.txt`.
    both: FxHashSet<Box<str>>,
    /// Characters of the longest of them.
    longest: usize,
    /// The characters that can be a wrong form.
    confused: FxHashSet<char>,
}

/// A word of a sentence, as it is read, and the sentence as it is written: each character stands for one.
#[derive(Clone, Copy, Debug)]
pub(super) struct WrittenWord<'w> {
    pub(super) simplified: &'w [char],
    pub(super) sentence: &'w [char],
    /// Where in the sentence it begins.
    pub(super) start: usize,
}

impl FormRule {
    /// Reads words divided by blanks, `#` for comments.
    pub(in crate::spelling) fn parse(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let both: FxHashSet<Box<str>> = lines.flat_map(str::split_whitespace).map(Into::into).collect();
        let longest = both.iter().map(|word| word.chars().count()).max().unwrap_or(0);
        let confused =
            CONFUSED_FORMS.iter().flat_map(|set| set.chars()).chain(CONFUSED_ONE_WAY.map(|(wrong, _)| wrong));
        Self { both, longest, confused: confused.collect() }
    }

    /// Calls `found` with the place of each wrong form in a word, and with what may be right, the likeliest first. Linear.
    pub(super) fn for_each_wrong_form(
        &self,
        converter: &TraditionalConverter,
        word: WrittenWord<'_>,
        mut found: impl FnMut(usize, &[char]),
    ) {
        let WrittenWord { simplified, sentence, start } = word;
        let written = &sentence[start..start + simplified.len()];
        // Most words have no character to doubt.
        if !written.iter().any(|c| self.confused.contains(c) || converter.is_simplified(*c)) {
            return;
        }
        let text: String = simplified.iter().collect();
        let mut forms = Vec::with_capacity(simplified.len());
        converter.word_forms(&text, &mut forms);
        if let ([single], [written]) = (&mut forms[..], written) {
            let usual = SINGLE_FORMS.iter().find(|(wrong, _)| wrong == written);
            *single = usual.map(|&(_, right)| right).or(*single);
        }
        let is_listed = LazyCell::new(|| self.has_listed_word(sentence, start..start + simplified.len()));
        let continues = start > 0 && is_han(sentence[start - 1]);
        for (at, (&wrong, right)) in written.iter().zip(forms).enumerate() {
            if is_stray(converter, wrong) && right != Some(wrong) {
                // A surname, as names have no word before them: 于小姐.
                let is_name = !continues && written.len() == 1 && converter.forms_of(wrong) == ['於'];
                if !is_name && !*is_listed {
                    found(at, right.as_ref().map_or(converter.forms_of(wrong), std::slice::from_ref));
                }
            } else if let Some(right) = right
                && is_confused(wrong, right)
                && !*is_listed
            {
                found(at, &[right]);
            }
        }
    }

    /// Whether a word that is right as it stands has all of the characters: 封後 has 後 in 開封|後. Of a word no less than the whole may be in
    /// one that is listed, else 系上 would excuse 關系|上.
    pub(super) fn has_listed_word(&self, written: &[char], characters: Range<usize>) -> bool {
        let starts = characters.end.saturating_sub(self.longest)..=characters.start;
        let mut words = starts.flat_map(|start| {
            let ends = (start + 2).max(characters.end)..=written.len().min(start + self.longest);
            ends.map(move |end| start..end)
        });
        words.any(|word| self.both.contains(&*written[word].iter().collect::<String>()))
    }
}

/// Whether only Simplified text has the character.
fn is_stray(converter: &TraditionalConverter, written: char) -> bool {
    converter.is_simplified(written) && !SHARED_CHARACTERS.contains(written)
}

fn is_confused(wrong: char, right: char) -> bool {
    wrong != right
        && !REGIONAL_FORMS.iter().any(|&(a, b)| (wrong, right) == (a, b) || (wrong, right) == (b, a))
        && (CONFUSED_FORMS.iter().any(|set| set.contains(wrong) && set.contains(right))
            || CONFUSED_ONE_WAY.contains(&(wrong, right)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spelling::chinese::traditional::tests::tables;

    /// The words of a text are divided by `|`.
    #[track_caller]
    fn check(text: &str, expected: &[(usize, &str)]) {
        let (tables, rule) =
            (tables(), FormRule::parse(include_str!("../../../../../dictionaries/zh-Hant/both-forms.txt")));
        let (mut found, mut start) = (Vec::new(), 0);
        let sentence: Vec<char> = text.chars().filter(|c| *c != '|').collect();
        for written in text.split('|') {
            let simplified: Vec<char> = tables.simplify(written).chars().collect();
            let word = WrittenWord { simplified: &simplified, sentence: &sentence, start };
            rule.for_each_wrong_form(&tables, word, |at, right| {
                found.push((start + at, right.iter().collect::<String>()));
            });
            start += simplified.len();
        }
        let expected: Vec<(usize, String)> = expected.iter().map(|&(at, right)| (at, right.to_owned())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn the_word_decides_which_form_is_right() {
        check("我們|后天|才|會|出貨", &[(2, "後")]);
        check("理發|券|與|餘額", &[(1, "髮")]);
        check("訂單|曆史|關系|牛肉|面", &[(2, "歷"), (5, "係")]);
        check("皇后|系統|批准|公里|面試|歷史|後天", &[]);
        check("在|這裏|那裡|台灣|臺灣|周末|週末|了解|瞭解|發佈|發布", &[]);
        check("比較|復雜|恢複|正常|復製|影印", &[(2, "複"), (5, "復"), (8, "複")]);
        check("三十|分鍾|鬧鍾|鍾愛", &[(3, "鐘"), (5, "鐘")]);
        check("台風|天|採用|采用|風采", &[(0, "颱"), (5, "採")]);
        check("呼吁|公仆|必鬚|憂鬱|防御|嚐試", &[(1, "籲"), (3, "僕"), (5, "須"), (9, "禦")]);
        check("註意|註冊|關註|瀑佈", &[(0, "注"), (5, "注"), (7, "布")]);
    }

    #[test]
    fn words_with_two_forms_are_right_in_both() {
        check("匯總|彙總|匯報|編製|編制|自製|天後|沖銷|沖回|發卡|不准|不準|捲軸|卷軸|捲入", &[]);
        check("回復|回覆|答覆|答復|覆核|複核|覆診|複診|反覆", &[]);
        check("手表|手錶|電錶|電表|代錶", &[(9, "表")]);
        check("產生|發票|最多|只|能|會|干擾|這|只是", &[]);
        // Over the border of two, but not where it has a part of one only.
        check("開封|後|邊|几|茶几|太後", &[(8, "后")]);
        check("關系|上|可能|乾擾|標准|用", &[(1, "係"), (5, "干"), (8, "準")]);
    }

    #[test]
    fn stray_simplified_characters_are_wrong_whatever_their_word() {
        check("您的|订單|谢謝|這|个|商品", &[(2, "訂"), (4, "謝"), (7, "個")]);
        check("適用|于|郵局", &[(2, "於")]);
        check("于|小姐", &[]);
        check("着|雇主|污染|晒", &[]);
        check("愠怒|氤氲|叁|户口|税務|脱下|温泉|恒生|卧室|葱花|兑換|悦耳|跟踪|室内|加强", &[]);
        check("头發|发現", &[(0, "頭"), (1, "髮"), (2, "發")]);
        check("皇后|太后|影后", &[]);
    }
}
