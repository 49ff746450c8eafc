//! Words that commit, deny or speak about the answer instead of being it, in English, Portuguese and Chinese. Pure.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization as _;

use super::{
    language::{Tongue, tongue},
    numerals::fold,
};

/// Word families of offers and promises. What a draft does not offer, no reply may.
const OFFERS: &[(&str, &str)] = &[
    (
        "refund",
        r"\brefund|\breimburs|\bmoney back|\breembols|\bestorn|\bdevol\w+ (?:o|do|seu) (?:dinheiro|valor)|退款|退钱|退还|退費|退钱",
    ),
    ("discount", r"\bdiscount|% off\b|\bdescont|\babatiment|优惠|折扣|打折|减免|立减|優惠|\bpromo(?:tion|ção|code)"),
    (
        "free",
        r"\bfree of charge|\b(?:for|at|is|are|get|a|with|your|completely|totally|be|the|one) free\b(?: [^t]|[.,!]|$)|\bno (?:extra |additional )?(?:cost|charge)|\bcomplimentary|\bgrátis|\bgratuit|\bde graça|\bsem custo|\bsem cobran|\bcortesia|免费|赠送|免運|包邮|不收(?:取)?费|免費",
    ),
    (
        "guarantee",
        r"\bguarantee|\bwarrant(?:y|ies)|\bgarantia|\bgarantimos|\bgaranto|\bgarantid|保证|担保|质保|保證|包您满意|包退",
    ),
    (
        "promise",
        r"\bpromis(?:e|es|ed)\b|\bcommit (?:to|ourselves)|\bprometemos|\bprometo|\bnos comprometemos|\bcompromisso de|承诺|答应|承諾",
    ),
    ("compensation", r"\bcompensat|\bindeniz|\bindemni|\bgoodwill|补偿|赔偿|賠償|補償"),
    (
        "voucher",
        r"\bvoucher|\bcoupon|\bgift|\bstore credit|\baccount credit|\bcupom|\bcupons|\bvale[- ](?:presente|compra)|\bbrinde|\bpresente|\bbônus|\bbonus|\bcashback|\bcrédito (?:na|em|de)|优惠券|代金券|红包|礼品|礼物|返现|积分|赠品",
    ),
    ("waiver", r"\bwaive|\bisenção|\bisent|免除|免收|豁免"),
    (
        "replacement",
        r"\breplacement|\bsend (?:you )?a new|\bnew unit|\bunidade nova|\bnovo aparelho|换新|换货|補發|补发|重发",
    ),
    (
        "upgrade",
        r"\bupgrade|\bpriority (?:support|handling|service|shipping)|\bexpress shipping|\batendimento prioritário|升级|加急|优先处理",
    ),
];

/// Denials; `no problem` and the like are none.
const NEGATIONS: &str = r"\bnot\b|n't\b|\b(?:cant|dont|wont|doesnt|didnt|isnt|arent|wasnt|couldnt|shouldnt|wouldnt|havent|hasnt)\b|\bcannot\b|\bnever\b|\bno longer\b|\bno\b|\bnone\b|\bunable\b|\bunavailable\b|\bimpossible\b|\bwithout\b|\bunfortunately\b|\bineligible\b|\boutside\b|\bnão\b|\bnao\b|\bnunca\b|\bnem\b|\bsem\b|\bnenhum|\bimpossível|\bindisponível|\binfelizmente\b|\bimpossibilit|\bincapaz|\bdeixou de\b|\bfora d[oae]\b|不|没|未|无|無|沒|别|勿|尚";

const NO_NEGATIONS: &str = r"\bno (?:problem|worries|doubt|trouble|hesitation|later than)\b|\bdo(?: not|n't) hesitate\b|\bdo(?: not|n't) worry\b|\bwithout hesitation\b|\bwithout (?:further )?delay\b|\bnot only\b|\bwhy not\b|\bsem problemas?\b|\bnão (?:hesite|se preocupe|deixe de)\w*|\bsem dúvidas?\b|\bnão há de quê\b|不好意思|不客气|不用谢|没问题|没关系|不妨|不仅|不但|差不多|不用担心|请勿担心|不错|要不|不管|无论|不论|无忧|毫不犹豫|别人|特别|分别|区别|类别|性别|级别|未来";

/// Refusals: a reply has one only if its draft denies something.
const REFUSALS: &str = r"\bcannot\b|\bcan't\b|\bcan not\b|\bwon't\b|\bwill not\b|\bunable to\b|\bnot (?:possible|able|eligible|allowed|available)\b|\bis not\b|\bisn't\b|\bare not\b|\baren't\b|\bdid not\b|\bhas not\b|\bhasn't\b|\bnão (?:podemos|posso|é|será|foi|está|conseguimos|temos|pode)\b|\bimpossível\b|无法|不能|不可以|不会|没有|不支持|無法|未能";

/// Asking for something, in a draft and in a reply.
const REQUESTS: &str = r"\b(?:please|pls|plz|kindly|could you|can you|can u|would you|por favor|pfv|poderia|poderiam|pode|gentileza)\b|请|請|麻烦|劳烦";

/// Speaking about the answer, at its beginning.
const PREAMBLES: &str = r"\A\W*(?:(?:sure|certainly|of course|absolutely|okay|ok|great|no problem|understood|claro|com certeza|certo|perfeito|好的|当然|没问题|当然可以)[\s,.!:，。！：-]+)?(?:(?:here(?:'s| is| are)|below is|this is|i(?:'ve| have) (?:rewritten|revised|polished|improved|edited|corrected|rephrased))\b[^\n.!?]{0,80}\b(?:version|reply|draft|rewrite|message|response|text|revision|rephrase|polished|email)\b|(?:polished|revised|improved|rewritten|updated|final|corrected|professional|friendly) (?:version|reply|draft|message|response|text|email)\b|(?:reply|response|answer|output|draft)\s*:|(?:aqui está|aqui vai|segue|eis|abaixo)\b[^\n.!?]{0,60}\b(?:versão|resposta|texto|mensagem|rascunho|revis\w+|reescrit\w+|melhorad\w+)\b[^\n.!?]{0,30}:|(?:versão|resposta|texto|mensagem) (?:polid|revisad|melhorad|reescrit|corrigid|final|profissional|amigável)\w*|(?:resposta|texto)\s*:|(?:以下是|这是|下面是|如下是)[^\n。！？]{0,20}(?:版本|回复|文本|文案|内容|润色|修改|草稿)[^\n。！？]{0,10}|(?:润色|修改|优化|改写|修订|改进)(?:后|版|版本|结果)[^\n。！？]{0,8}[:：]|(?:回复|答复|版本)\s*[:：])";

/// Speaking about the answer, anywhere.
const REMARKS: &str = r"\bas an ai\b|\bas a language model\b|\blanguage model\b|\bi(?:'ve| have) (?:made|kept|changed|adjusted|improved|rewritten|revised|polished)\b|\blet me know if you(?:'d| would) like (?:any|me|further|more|another|changes|adjust)[^.\n]{0,40}(?:change|adjust|revis|tone|version|edit)|\bthis version\b|\bnote: (?:i|the)\b|\bchanges made\b|\bthe (?:draft|original (?:message|text|draft))\b|\bcomo (?:uma )?(?:ia|modelo de linguagem)\b|\bmodelo de linguagem\b|\besta versão\b|\bmantive\b|\bmelhorei\b|\breescrevi\b|\bo rascunho\b|作为(?:一个)?(?:ai|人工智能|语言模型)|语言模型|我(?:已经?|对)?(?:进行了?)?(?:润色|改写|优化了)|(?:这|该)(?:个)?版本|草稿|如需(?:进一步)?(?:修改|调整)(?:语气|内容|措辞)|希望这(?:个)?(?:版本|回复)";

static OFFER_PATTERNS: LazyLock<Vec<Regex>> =
    LazyLock::new(|| OFFERS.iter().filter_map(|(_, pattern)| compile(pattern)).collect());
static NEGATION: LazyLock<Option<Regex>> = LazyLock::new(|| compile(NEGATIONS));
static NO_NEGATION: LazyLock<Option<Regex>> = LazyLock::new(|| compile(NO_NEGATIONS));
/// Portuguese and Spanish for "in the": a denial in English only.
static CONTRACTION: LazyLock<Option<Regex>> = LazyLock::new(|| compile(r"\bn[oa]s?\b"));
static REFUSAL: LazyLock<Option<Regex>> = LazyLock::new(|| compile(REFUSALS));
static REQUEST: LazyLock<Option<Regex>> = LazyLock::new(|| compile(REQUESTS));
static PREAMBLE: LazyLock<Option<Regex>> = LazyLock::new(|| compile(PREAMBLES));
static REMARK: LazyLock<Option<Regex>> = LazyLock::new(|| compile(REMARKS));

/// A text as the patterns read it: folded, and without accents. The ends of its words are those of ASCII letters, which the
/// engine finds in one pass over any text; those of all the world's letters it would try one place after the other.
pub(super) struct Plain {
    text: String,
    is_english: bool,
}

impl Plain {
    /// Of prose. O(length).
    pub(super) fn new(prose: &str) -> Self {
        Self { text: without_accents(&fold(prose)), is_english: tongue(prose) == Some(Tongue::English) }
    }
}

/// Latin letters without what is above and below them; everything else as it is.
fn without_accents(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            // Combining marks.
            '\u{300}'..='\u{36F}' => {}
            // Latin-1 to Latin Extended-B.
            '\u{C0}'..='\u{24F}' => plain.extend(c.nfd().next()),
            _ => plain.push(c),
        }
    }
    plain
}

fn compile(pattern: &str) -> Option<Regex> {
    Regex::new(&without_accents(pattern).replace(r"\b", r"(?-u:\b)")).ok()
}

fn is_in(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_none_or(|pattern| pattern.is_match(text))
}

/// How many families of offers and promises the reply has that the draft lacks.
pub(super) fn added_offers(draft: &Plain, reply: &Plain) -> usize {
    OFFER_PATTERNS.iter().filter(|pattern| pattern.is_match(&reply.text) && !pattern.is_match(&draft.text)).count()
}

/// Whether a text denies anything.
fn denies(Plain { text, is_english }: &Plain) -> bool {
    let without = |pattern: &LazyLock<Option<Regex>>, text: &str| {
        pattern.as_ref().map_or_else(|| text.to_owned(), |pattern| pattern.replace_all(text, " ").into_owned())
    };
    let mut rest = without(&NO_NEGATION, text);
    if !is_english {
        rest = without(&CONTRACTION, &rest);
    }
    is_in(&NEGATION, &rest)
}

/// Whether the draft denies something and the reply nothing, or the reply refuses and the draft denies nothing.
pub(super) fn negation_changed(draft: &Plain, reply: &Plain) -> bool {
    match (denies(draft), denies(reply)) {
        (true, false) => true,
        (false, true) => is_in(&REFUSAL, &reply.text),
        _ => false,
    }
}

/// Whether the draft asks for something and the reply for nothing: then it is no message to the customer any more.
pub(super) fn request_dropped(draft: &Plain, reply: &Plain) -> bool {
    let asks = |Plain { text, .. }: &Plain| text.contains(['?', '？']);
    asks(draft) && !asks(reply) || is_in(&REQUEST, &draft.text) && !is_in(&REQUEST, &reply.text) && !asks(reply)
}

/// Whether the reply begins by speaking about itself, and the draft does not begin like that.
pub(super) fn has_preamble(draft: &Plain, reply: &Plain) -> bool {
    is_in(&PREAMBLE, &reply.text) && !is_in(&PREAMBLE, &draft.text)
}

/// Whether the reply speaks about itself or its writer, and the draft does not.
pub(super) fn has_remark(draft: &Plain, reply: &Plain) -> bool {
    is_in(&REMARK, &reply.text) && !is_in(&REMARK, &draft.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_patterns_compile() {
        assert_eq!(OFFER_PATTERNS.len(), OFFERS.len());
        for pattern in [&NEGATION, &NO_NEGATION, &REFUSAL, &REQUEST, &PREAMBLE, &REMARK, &CONTRACTION] {
            assert!(pattern.is_some());
        }
    }

    #[test]
    fn finds_preambles_and_not_beginnings_of_replies() {
        for reply in [
            "Here is the polished version:\nHi",
            "Sure! Here's a friendlier reply: Hi",
            "Polished reply: Hi",
            "Claro! Aqui está a versão revisada: Olá",
            "Resposta: Olá",
            "以下是润色后的回复：您好",
            "润色后：您好",
        ] {
            assert!(has_preamble(&Plain::new("x"), &Plain::new(reply)), "{reply}");
        }
        for reply in [
            "Here is your tracking link.",
            "Sure, I will check your order.",
            "Aqui está o link do seu boleto:",
            "以下是您的订单信息：",
            "好的，我马上为您查询。",
            "This is Ana from support.",
        ] {
            assert!(!has_preamble(&Plain::new("x"), &Plain::new(reply)), "{reply}");
        }
    }

    #[test]
    fn a_denial_must_stay() {
        assert!(negation_changed(&Plain::new("We cannot change the date."), &Plain::new("We can change the date.")));
        assert!(negation_changed(
            &Plain::new("There are no refunds for this item."),
            &Plain::new("There are refunds for this item.")
        ));
        assert!(!negation_changed(&Plain::new("toque no app"), &Plain::new("toque em Ajustes")));
        assert!(negation_changed(&Plain::new("我们不能修改地址"), &Plain::new("我们可以修改地址")));
        assert!(negation_changed(&Plain::new("Podemos trocar o item"), &Plain::new("Não podemos trocar o item")));
        assert!(!negation_changed(&Plain::new("We can't do it"), &Plain::new("Unfortunately we are unable to do it")));
        assert!(!negation_changed(&Plain::new("call us"), &Plain::new("Please do not hesitate to call us")));
        assert!(!negation_changed(&Plain::new("no problem"), &Plain::new("You are welcome")));
        assert!(!negation_changed(&Plain::new("não se preocupe"), &Plain::new("fique tranquilo")));
    }
}
