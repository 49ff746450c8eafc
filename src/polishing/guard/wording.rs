//! Words that commit, deny or speak about the answer instead of being it, in English, Portuguese and Chinese. Pure.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    language::{DetectedLanguage, detect_language},
    plain::{compile, fold},
};

/// A family of words of which a reply may have one only if its draft has one, too.
struct Family {
    /// In a reply.
    said: &'static str,
    /// In a draft, besides those: what may be put so in better words.
    meant: &'static str,
}

/// Offers, promises and outcomes. What a draft does not offer or tell, no reply may.
const OFFERS: &[Family] = &[
    // Refund.
    Family {
        said: r"\brefund|\breimburs|\bmoney back|\bdinheiro de volta|\bcredit (?:your|the) (?:account|bill|card)|\breembols|\bestorn|\bdevol\w+ (?:o|do|seu) (?:dinheiro|valor)|退款|退钱|退还|退费|退回原",
        meant: r"\breturn|\bgive (?:it )?back|\bback to (?:your|ur)|\bcredit(?:ed)? (?:it|u|you|back)\b|\bdevol|退",
    },
    // Discount.
    Family {
        said: r"\bdiscount|% off\b|\bdescont|\babatiment|优惠|折扣|打折|减免|立减|\bpromo(?:tion|cao|code)",
        meant: r"\d ?%? off\b|-\d+ ?%|\bpromo|\bcupo|\bcoupon|\bcode \x{FFFC}|折|减|券|优惠",
    },
    // Without a price.
    Family {
        said: r"\bfree of charge|\b(?:for|at|is|are|get|a|with|your|completely|totally|be|the|one) free\b(?: [^t]|[.,!]|$)|\bno (?:extra |additional )?(?:cost|charge)|\bcomplimentary|\bgratis|\bgratuit|\bde graca|\bsem custo|\bsem cobran|\bcortesia|免费|赠送|包邮|免运|不收(?:取)?费",
        meant: r"\bfree\b|\b(?:no|without) (?:fee|cost|charge)|\bwont charge|\bn[ao]o (?:cobra|paga)|\bsem taxa|免|不收|不用(?:给|付|出|交)|[附赠]送|送(?:您|你|的|一)",
    },
    // Guarantee.
    Family {
        said: r"\bguarantee|\bwarrant(?:y|ies)|\bgarantia|\bgarantimos|\bgaranto|\bgarantid|保证|担保|质保|包您满意|包退",
        meant: r"\bensure|\bmake sure|\bcertain|\bgarant|一定|肯定|保",
    },
    // Promise.
    Family {
        said: r"\bpromis(?:e|es|ed)\b|\bcommit (?:to|ourselves)|\bprometemos|\bprometo|\bnos comprometemos|\bcompromisso de|承诺|答应",
        meant: r"\bpromis|\bpromet|保证|一定",
    },
    // Compensation.
    Family {
        said: r"\bcompensat|\bindeniz|\bindemni|\bgoodwill|补偿|赔偿|赔付|\bwe(?: wi|')ll (?:also |then |of course )?pay for\b",
        meant: r"\bwe(?:'ll| will)? pay\b|\bpay (?:u|you) back\b|\brefund|\bcompens|\bindeni|赔|补偿",
    },
    // Vouchers and gifts.
    Family {
        said: r"\bvoucher|\bcoupon|\bgift|\bstore credit|\baccount credit|\bcupom|\bcupons|\bvale[- ](?:presente|compra)|\bbrinde|\b(?:um|de|seu|como) presente\b|\bbonus|\bcashback|\bcredito (?:na|em|de)|优惠券|代金券|红包|礼品|礼物|返现|积分|赠品|优惠码",
        meant: r"\bcode \x{FFFC}|\bcredit(?: (?:of|to|on)|s\b)|\bvale[- ]|\bpromo|券|优惠|赠|礼|送(?:您|你|的|一)|积分",
    },
    // Waiver.
    Family {
        said: r"\bwaive|\bisencao|\bisent|免除|免收|豁免",
        meant: r"\bno fee|\bwont charge|\bfree\b|\bsem (?:taxa|custo|multa)|免|不收",
    },
    // Replacement.
    Family {
        said: r"\breplacement|\bsend (?:you )?a new|\bnew unit|\bunidade nova|\bnovo aparelho|换新|换货|补发|重发",
        meant: r"\breplac|\bnew one|\bswap|\bexchang|\btroc|\bsubstitu|\bnov[oa]\b|换|补|重新",
    },
    // Better service.
    Family {
        said: r"\bupgrade|\bpriority (?:support|handling|service|shipping)|\bexpress shipping|\batendimento prioritario|升级|加急|优先处理",
        meant: r"\bupgrad|\bpriorit|\bexpress|\burgent|\bfaster|急|优先|升",
    },
    // An outcome.
    Family {
        said: r"\b(?:has|have) (?:now |been |fully |already )*(?:approved|granted|resolved|solved)\b|\b(?:is|was|are|were) (?:now |fully |already )+(?:approved|granted|resolved|solved)\b|\bfully resolved|\baprovad|\bresolvid|\bsolucionad|\bprocedente\b|已(?:经)?(?:全部|彻底)?(?:批准|解决|处理完|通过(?:审|了|[。，！,!]|$))|彻底解决|处理完毕",
        meant: r"\bapproved\b|\bgranted\b|\bsolved\b|\bresolved\b|\bfixed\b|\bsorted\b|\bdone\b|\bworks\b|\baprov|\bsolucion|\bconsert|\bpront|\bcert[oa]\b|批了|已批|解决了|已解决|处理好|处理完|修好|好了|通过|同意|完成",
    },
];

/// Denials; `no problem` and similar phrases are none.
const NEGATIONS: &str = r"\bnot\b|n't\b|\b(?:cant|dont|wont|doesnt|didnt|isnt|arent|wasnt|couldnt|shouldnt|wouldnt|havent|hasnt)\b|\bcannot\b|\bnever\b|\bnobody\b|\bnothing\b|\bnoone\b|\bno longer\b|\bno\b|\bnone\b|\bunable\b|\bunavailable\b|\bimpossible\b|\bwithout\b|\bineligible\b|\boutside\b|\bnão\b|\bnao\b|\bninguem\b|\bngm\b|\bnada\b|\bnunca\b|\bnem\b|\bsem\b|\bnenhum|\bimpossível|\bindisponível|\bimpossibilit|\bincapaz|\bdeixou de\b|\bfora d[oae]\b|不|没|未|无|無|沒|别|勿|尚|非|唔|冇";

const NO_NEGATIONS: &str = r"\bno (?:problem|worries|doubt|trouble|hesitation|later than|more than|less than|fewer than)\b|\bno\.? ?[\d\x{FFFC}]|\b(?:order|ref|reference|ticket|account|acct|tracking|serial|phone|tel|invoice|case|policy|flight|booking|id|model) no\b|\bdo(?: not|n't) hesitate\b|\bdo(?: not|n't) worry\b|\bwithout hesitation\b|\bwithout (?:further )?delay\b|\bnot only\b|\bwhy not\b|\bsem problemas?\b|\bnão (?:hesite|se preocupe|deixe de)\w*|\bsem dúvidas?\b|\bnão há de quê\b|不好意思|不客气|不用谢|没问题|没关系|非常|除非|不妨|不过|不然|不仅|不但|差不多|不用担心|请勿担心|不错|要不|不管|无论|不论|无忧|毫不犹豫|别人|特别|分别|区别|类别|性别|级别|未来";

/// What limits and excludes: a denial may be put so.
const RESTRICTIONS: &str = r"\bexclu|\bexcept|\bonly\b|\brather than\b|\binstead of\b|\bother than\b|\bout of stock|\bsold out|\bexpired?\b|\bprohibit|\bforbid|\bavoid|\botherwise\b|\bstill\b|\byet to\b|\bnil\b|\bpending\b|\bwithout\b|\bincomplete\b|\bmissing\b|\black|\bsomente\b|\bapenas\b|\bexceto\b|\bso\b|\besgotad|\bproibid|\bvedad|\bindevid|\bevite|\bcaso contrario|\bsalvo\b|\bpendente|有误|错误|不符|休息|仅|只|除|禁|恕|停|缺|另|否则|避免|免";

/// Refusals: a reply has one only if its draft denies something.
const REFUSALS: &str = r"\bcannot\b|\bcan't\b|\bcan not\b|\bwon't\b|\bwill not\b|\bunable to\b|\bnot (?:possible|able|eligible|allowed|available)\b|\bis not\b|\bisn't\b|\bare not\b|\baren't\b|\bdid not\b|\bhas not\b|\bhasn't\b|\bnão (?:podemos|posso|é|será|foi|está|conseguimos|temos|pode)\b|\bimpossível\b|无法|不能|不可以|不会|没有|不支持|無法|未能";

/// Asking for something, in a draft and in a reply.
const REQUESTS: &str = r"\b(?:please|pls|plz|kindly|could you|can you|can u|would you|por favor|pfv|poderia|poderiam|gentileza|queira)\b|请|請|麻烦|劳烦";

/// Asking for it without ceremony.
const DEMANDS: &str = r"\bneed|\brequire|\bmust\b|\bmake sure\b|\blet (?:us|me) know\b|(?:^|[.!?;:\n]\s*|\b(?:and|then|or|to|you can|you may) )(?:send|bring|provide|share|submit|confirm|reply|call|contact|visit|keep|take|use|check|try|restart|click|open|go|come|do not|don't|avoid|give|tell|write|ask|pay|drop|return|wait|update|enter)\b|\bpedimos\b|\bsolicitamos\b|\bprecis|\benvi|\binform|\btrag|\brespond|\baguard|\bconfirm|\bverifi|\bdeve|\bevite|\bnao (?:se )?(?:esqueca|atrase)|需要|需[您请]|务必|麻烦|烦请|可以|记得|请勿|不要";

/// Speaking about the answer, at its beginning.
const PREAMBLES: &str = r"\A\W*(?:(?:sure|certainly|of course|absolutely|okay|ok|great|no problem|understood|claro|com certeza|certo|perfeito|好的|当然|没问题|当然可以)[\s,.!:，。！：-]+)?(?:(?:here(?:'s| is| are)|below is|this is|i(?:'ve| have) (?:rewritten|revised|polished|improved|edited|corrected|rephrased))\b[^\n.!?]{0,80}\b(?:version|reply|draft|rewrite|message|response|text|revision|rephrase|polished|email|way to (?:say|put|write))\b|(?:polished|revised|improved|rewritten|updated|final|corrected|professional|friendly) (?:version|reply|draft|message|response|text|email)\b|(?:reply|response|answer|output|draft)\s*:|(?:aqui está|aqui vai|segue|eis|abaixo)\b[^\n.!?]{0,60}\b(?:versão|resposta|texto|mensagem|rascunho|revis\w+|reescrit\w+|melhorad\w+)\b[^\n.!?]{0,30}:|(?:versão|resposta|texto|mensagem) (?:polid|revisad|melhorad|reescrit|corrigid|final|profissional|amigável)\w*|(?:resposta|texto)\s*:|(?:以下是|这是|下面是|如下是)[^\n。！？]{0,20}(?:版本|回复|文本|文案|内容|润色|修改|草稿)[^\n。！？]{0,10}|(?:润色|修改|优化|改写|修订|改进)(?:后|版|版本|结果)[^\n。！？]{0,8}[:：]|(?:回复|答复|版本)\s*[:：])";

/// Speaking about the answer, anywhere.
const REMARKS: &str = r"\bas an ai\b|\bas a language model\b|\blanguage model\b|\bi(?:'ve| have) (?:made|kept|changed|adjusted|improved|rewritten|revised|polished)\b|\blet me know if you(?:'d| would) like (?:any|me|further|more|another|changes|adjust)[^.\n]{0,40}(?:change|adjust|revis|tone|version|edit)|\bthis version\b|\bnote: (?:i|the)\b|\bi kept the\b|\b(?:made|kept) the tone\b|\bchanges made\b|\bthe (?:draft|original (?:message|text|draft))\b|\bcomo (?:uma )?(?:ia|modelo de linguagem)\b|\bmodelo de linguagem\b|\besta versão\b|\bmantive\b|\bmelhorei\b|\breescrevi\b|\bo rascunho\b|作为(?:一个)?(?:ai|人工智能|语言模型)|语言模型|我(?:已经?|对)?(?:进行了?)?(?:润色|改写|优化了)|(?:这|该)(?:个)?版本(?:更|保留|采用|使用|的语气|的回复)|草稿|如需(?:进一步)?(?:修改|调整)(?:语气|内容|措辞)|希望这(?:个)?(?:版本|回复)";

/// Everyday phrases that hold a word of [`Family::meant`].
const EVERYDAY: &str = r"\bfeel free\b|\bfree to\b|\bcredit card|\bdebit card|\bturn(?:ed)? (?:it )?off\b|\bswitch(?:ed)? (?:it )?off\b|发送|送达|送到|送货|配送|派送";

static EVERYDAY_PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| compile(EVERYDAY));

/// Said, meant.
static OFFER_PATTERNS: LazyLock<Vec<(Regex, Regex)>> =
    LazyLock::new(|| OFFERS.iter().filter_map(|family| compile(family.said).zip(compile(family.meant))).collect());
static NEGATION: LazyLock<Option<Regex>> = LazyLock::new(|| compile(NEGATIONS));
static NO_NEGATION: LazyLock<Option<Regex>> = LazyLock::new(|| compile(NO_NEGATIONS));
/// Portuguese and Spanish for "in the": a denial in English only.
static CONTRACTION: LazyLock<Option<Regex>> = LazyLock::new(|| compile(r"\bn[oa]s?\b"));
/// The same where the language is not told: not what a sentence begins with.
static CONTRACTION_WITHIN: LazyLock<Option<Regex>> = LazyLock::new(|| compile(r"\b\w+ n[oa]s?\b"));
static RESTRICTION: LazyLock<Option<Regex>> = LazyLock::new(|| compile(RESTRICTIONS));
static REFUSAL: LazyLock<Option<Regex>> = LazyLock::new(|| compile(REFUSALS));
static DEMAND: LazyLock<Option<Regex>> = LazyLock::new(|| compile(DEMANDS));
static REQUEST: LazyLock<Option<Regex>> = LazyLock::new(|| compile(REQUESTS));
static PREAMBLE: LazyLock<Option<Regex>> = LazyLock::new(|| compile(PREAMBLES));
static REMARK: LazyLock<Option<Regex>> = LazyLock::new(|| compile(REMARKS));

/// A text as the patterns read it: folded.
pub(super) struct Plain {
    pub(super) text: String,
    /// Of which language.
    pub(super) tongue: Option<DetectedLanguage>,
}

impl Plain {
    /// Of prose. O(length).
    pub(super) fn new(prose: &str) -> Self {
        Self { text: fold(prose), tongue: detect_language(prose) }
    }
}

fn is_in(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_none_or(|pattern| pattern.is_match(text))
}

/// How many families of offers and promises the reply has that the draft lacks.
pub(super) fn added_offers(draft: &Plain, reply: &Plain) -> usize {
    let Some(everyday) = EVERYDAY_PATTERN.as_ref() else { return 0 };
    let plainly = everyday.replace_all(&draft.text, " ");
    let added = |(said, meant): &&(Regex, Regex)| {
        said.is_match(&reply.text) && !said.is_match(&draft.text) && !meant.is_match(&plainly)
    };
    OFFER_PATTERNS.iter().filter(added).count()
}

/// The text without phrases that only look like denials.
pub(super) fn without_phrases(Plain { text, tongue }: &Plain) -> String {
    let without = |pattern: &LazyLock<Option<Regex>>, text: &str| {
        pattern.as_ref().map_or_else(|| text.to_owned(), |pattern| pattern.replace_all(text, " ").into_owned())
    };
    let rest = without(&NO_NEGATION, text);
    match tongue {
        Some(DetectedLanguage::English) => rest,
        // As it is typed in chats.
        Some(DetectedLanguage::Portuguese) => without(&CONTRACTION, &rest).replace(" n ", " nao "),
        None => without(&CONTRACTION_WITHIN, &rest),
        Some(_) => without(&CONTRACTION, &rest),
    }
}

/// Where a text that [`without_phrases`] made denies something.
pub(super) fn denials(text: &str) -> impl Iterator<Item = Range<usize>> {
    NEGATION.iter().flat_map(|pattern| pattern.find_iter(text)).map(|found| found.range())
}

/// Whether such a text denies anything.
pub(super) fn is_denial(text: &str) -> bool {
    is_in(&NEGATION, text)
}

/// Whether it limits or excludes anything.
pub(super) fn is_restriction(text: &str) -> bool {
    is_in(&RESTRICTION, text)
}

/// Whether it refuses anything.
pub(super) fn is_refusal(text: &str) -> bool {
    is_in(&REFUSAL, text)
}

/// Whether the draft asks for something and the reply for nothing: then it is no message to the customer any more.
pub(super) fn request_dropped(draft: &Plain, reply: &Plain) -> bool {
    let asks = |Plain { text, .. }: &Plain| text.contains(['?', '？']);
    asks(draft) && !asks(reply) && !(is_in(&REQUEST, &reply.text) && is_in(&DEMAND, &draft.text))
        || is_in(&REQUEST, &draft.text) && !is_in(&REQUEST, &reply.text) && !asks(reply) && !is_in(&DEMAND, &reply.text)
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
        for pattern in [&CONTRACTION_WITHIN, &RESTRICTION, &DEMAND, &EVERYDAY_PATTERN] {
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
}
