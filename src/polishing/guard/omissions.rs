//! What a reply leaves out: a whole statement of the draft, or the condition under which something is so. Pure.

use std::{collections::HashSet, sync::LazyLock};

use regex::Regex;

use super::{
    is_han,
    plain::compile,
    polarity::{clauses, stems},
};

/// What makes something depend on something else.
const CONDITIONS: &str = r"\bif\b|\bunless\b|\bprovided\b|\bas long as\b|\bcaso\b|\ba menos que\b|\ba nao ser que\b|\bdesde que\b|\bse (?:o|a|os|as|voce|vc|nao|n|estiver|houver|quiser|for|ja)\b|如果|要是|假如|倘若|除非|的话|[，。 ]若|^若|才能|才可以";

/// How a condition may be put in a reply.
const PUT: &str = r"\bif\b|\bunless\b|\bprovided\b|\bas long as\b|\bshould you\b|\bin case\b|\bin the event\b|\bneed|\brequire|\bwhen\b|\bonce\b|\bwhether\b|\botherwise\b|\bonly\b|\bsubject to\b|\bdepend|\bwith\b|\bwithout\b|\buntil\b|\bafter\b|\bthen\b|\bwho\b|\bfailing\b|\beven\b|[?？]|\bcaso\b|\bse\b|\bquando\b|\bassim que\b|\bdesde\b|\ba menos\b|\ba nao ser\b|\bexceto\b|\bsalvo\b|\bmediante\b|\bpara\b|\bem caso\b|\bcom\b|\bsem\b|\ba partir\b|\bdepois\b|\bapos\b|\bquem\b|\bdepend|如|若|要是|假|倘|除非|的话|时|才|只要|有需要|欢迎|请";

/// What says that nothing else is so.
const LIMITS: &str = r"\bonly\b|\bsomente\b|\bapenas\b|\bso\b (?:a|o|os|as|ate|com|em|no|na|para|pra|depois|apos|quando|se)\b|仅|只(?:能|有|限|支持|接受|收|在|可)";

/// How that may be put.
const LIMITED: &str = r"\bonly\b|\bjust\b|\bsolely\b|\bexclusive|\blimited\b|\bexcept|\bnot\b|\bno\b|n't\b|\bcannot\b|\bunable\b|\bmust\b|\bneeds?\b|\bhave to\b|\brequire|\bprovided\b|\bsubject to\b|\bonce\b|\bunless\b|\buntil\b|\bsomente\b|\bapenas\b|\bso\b|\bunic|\brestrit|\bexceto\b|\bnao\b|\bnem\b|\bdesde\b|仅|只|限|不|无法|除|才|唯";

static PATTERNS: LazyLock<Option<[Regex; 4]>> = LazyLock::new(|| {
    let [conditions, put, limits, limited] = [CONDITIONS, PUT, LIMITS, LIMITED].map(compile);
    Some([conditions?, put?, limits?, limited?])
});

/// Whether the draft has a condition or a limit and the reply none. Both folded.
pub(super) fn condition(draft: &str, reply: &str) -> bool {
    let Some([conditions, put, limits, limited]) = PATTERNS.as_ref() else { return false };
    conditions.is_match(draft) && !put.is_match(reply) || limits.is_match(draft) && !limited.is_match(reply)
}

/// How many clauses of the draft have no word in the reply. Both folded.
pub(super) fn statements(draft: &str, reply: &str) -> usize {
    let kept: HashSet<&str> = stems(reply).collect();
    let dropped = |clause: &&str| {
        // Numbers are looked for elsewhere, and bring what they count along.
        if clause.contains(|c: char| c.is_ascii_digit()) {
            return false;
        }
        let said: HashSet<&str> = stems(clause).collect();
        let found = said.intersection(&kept).count();
        if clause.contains(is_han) {
            said.len() >= 6 && found * 4 < said.len()
        } else {
            said.len() >= 3 && found == 0 || said.len() >= 6 && found * 5 < said.len()
        }
    };
    clauses(draft).filter(dropped).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_out() {
        let draft =
            "thanks for waiting, ur teapot is on its way. we will write to you again as soon as it leaves our house";
        assert_eq!(statements(draft, "thank you for waiting, your teapot is on its way."), 1);
        assert_eq!(
            statements(draft, "your teapot is on its way; we will write again when it leaves. thank you for waiting"),
            0
        );
        assert_eq!(statements("您的订单已发货。麻烦您拍一张电表照片发给我们", "您好，您的订单已经发货了。"), 1);
    }

    #[test]
    fn a_condition_stays() {
        for (draft, reply, expected) in [
            ("u can exchange it if the label is on", "you can exchange it.", true),
            ("u can exchange it if the label is on", "you can exchange it as long as the label is on.", false),
            ("only on weekdays", "we are there on weekdays.", true),
            ("如果不喜欢可以退", "您可以退货。", true),
            ("atendemos so com hora marcada", "atendemos com hora marcada", true),
        ] {
            assert_eq!(condition(draft, reply), expected, "{draft} / {reply}");
        }
    }
}
