//! Words of which one excludes the other: before and after, at least and at most, a month and a year. A reply that lost one
//! and gained another says something else. Pure.

use std::sync::LazyLock;

use regex::Regex;

use super::plain;

/// Phrases in which the words of [`FAMILIES`] mean something else; greetings above all.
const OTHER: &str = r"\bgood (?:morning|afternoon|evening|night)\b|\bbom dia\b|\bboa (?:tarde|noite)\b|早上好|上午好|下午好|晚上好|早安|晚安|目前|当前|之前的|前台|前往|前来|前期|前后|面前|最后|然后|售后|后台|后续|稍后|随后|今后|背后|后果|往后|之后会|后会|前天|后天|\bin the (?:mean|first)|\bafter[- ]sales?\b|\bafter all\b|\bbefore long\b|\bup to date\b|\bfrom time to time\b|\bmore than happy\b|\bpos[- ]venda|\bde antemao\b|\bantes de mais nada\b|\bantes de tudo\b|\bcom certeza\b|\bmail merge\b|\bcall cent(?:er|re)\b|\bday and night\b|\bvideo call\b|\bphone case\b|马上|上述|以上信息|以下(?:是|为|信息|内容|方式|步骤|链接|资料|[:：])";

/// Each a choice of one.
const FAMILIES: &[&[&str]] = &[
    &[
        r"\bbefore\b|\bprior to\b|\bin advance\b|\bantes\b|\bprevi(?:o|a|amente)\b|\bantecedencia\b|[天日号月年点时期程货款用票房出达发起费]\S{0,2}前|之前|以前|提前|事先",
        r"\bafter\b|\bonce\b|\bfollowing\b|\bdepois\b|\bapos\b|\bassim que\b|[天日号月年点时期程货款用票房达发起费]后|之后|以后|过后",
    ],
    &[
        r"\bat least\b|\bminimum\b|\bmin\.? \d|\bno (?:less|fewer)\b|\bor more\b|\bmore than\b|\bover\b|\babove\b|\bexceed|\bpelo menos\b|\bao menos\b|\bminim[oa]\b|\bmais de\b|\bacima\b|\bsuperior|至少|最少|最低|不少于|不低于|超过|以上|高于|多于|超出",
        r"\bat most\b|\bmax(?:imum)?\b|\bup to\b|\bno more\b|\bnot more\b|\bor less\b|\bless than\b|\bunder\b|\bbelow\b|\bfewer than\b|\bmaxim[oa]\b|\bate\b|\bmenos de\b|\babaixo\b|\binferior|最多|至多|最高|不超过|不多于|以内|上限|不足|不到|低于|少于|以下",
    ],
    &[
        r"\bincreas|\brais(?:e|ed|es)\b|\bgo(?:es)? up\b|\baument|\bsub(?:ir|iu|ira)\b|增加|上涨|涨|上调|提高",
        r"\bdecreas|\breduc|\blower|\bgo(?:es)? down\b|\bdiminu|\breduz|\bbaix(?:ar|ou|ara)\b|减少|下降|降|下调",
    ],
    &[
        r"\b(?:is|are) included\b|\bincludes?\b|\bincluding\b|\bincluid|\binclus[oa]|\bincl\b|[^不未]含|[^不未]包括|[^不未]包含",
        r"\bexclud|\bnot includ|\bextra\b|\bseparate|\bexclu|\bn[ao]o inclu|\ba parte\b|不含|未含|不包括|不包含|未包|另计|另收|另付",
    ],
    &[
        r"\bstarting\b|\bstarts?\b|\bas of\b|\beffective\b|\bbegin|\bfrom \d|\ba partir\b|\bdesde\b|\bcomec|\binici|开始|[日号月年天元块件]起|起(?:存|售|租|步|生效)",
        r"\buntil\b|\btil\b|\btill\b|\bby\b|\bends?\b|\bexpires?\b|\bate\b|\btermin|\bencerra|截止|截至|为止|结束|到期",
    ],
    &[r"\bnoon\b|\bmidday\b|\bmeio[- ]dia\b|中午|正午", r"\bmidnight\b|\bmeia[- ]noite\b|半夜|午夜|零点"],
    &[
        r"\bmorning|\d ?am\b|\ba\.m\.|\bmanha\b|\bmanhas\b|早上|上午|清晨|早晨|凌晨",
        r"\bafternoon|\bevening|\bnight|\d ?pm\b|\bp\.m\.|\btarde\b|\bnoite|下午|晚上|傍晚|夜",
    ],
    &[
        r"\b(?:per|an?|each|every) hour\b|\bhourly\b|/ ?h\b|\bpor hora\b|每小时|每个小时",
        r"\b(?:per|a|each|every) (?:day|night)\b|\bdaily\b|\bnightly\b|\b(?:por|ao) dia\b|\b(?:por|a) noite\b|\bdiari[oa]\b|每天|每日|每晚|一天|一晚",
        r"\b(?:per|a|each|every) week\b|\bweekly\b|\b(?:por|a) semana\b|\bsemanal|每周|每星期",
        r"\b(?:per|a|each|every) month\b|\bmonthly\b|/ ?mo\b|\b(?:por|ao) mes\b|\bmensal|\bmensais|每月|每个月|月租|月费|一个月",
        r"\b(?:per|a|each|every) year\b|\byearly\b|\bannual|\b(?:por|ao) ano\b|\banual|\banuais|每年|年费",
    ],
    &[
        r"\b(?:per|each) (?:person|guest|passenger|head)\b|\bpor (?:pessoa|hospede|passageiro)\b|每人|每位",
        r"\bper couple\b|\bpor casal\b|每对",
        r"\bper (?:room|booking|order)\b|\bpor (?:quarto|pedido|reserva)\b|每间|每单",
        r"\bin total\b|\baltogether\b|\bno total\b|\bao todo\b|总共|一共|合计|共计",
    ],
    &[
        r"\bthis (?:week|month|year)\b|\b(?:esta|nesta) semana\b|\beste mes\b|本周|这周|本月|这个月|今年",
        r"\bnext (?:week|month|year)\b|\b(?:proxima semana|semana que vem|proximo mes|mes que vem)\b|下周|下个?星期|下个?礼拜|下个?月|明年",
        r"\blast (?:week|month|year)\b|\b(?:semana|mes) passad[oa]\b|上周|上个?星期|上个?月|去年",
    ],
    &[
        r"\bships?\b|\bshipp|\bdispatch|\bsent out\b|\bdespachad|\benviad|寄出|发货|发出|寄送",
        r"\bdeliver|\barriv|\bentreg|\bcheg(?:ar|a|ou|ue)\b|送达|送到|到达",
    ],
    &[r"\bcloses?\b|\bfecha|关门|打烊|闭馆", r"\bopens?\b|\babre|\babrir|开门|营业|开馆"],
    &[
        r"\bmandatory\b|\brequired\b|\bmust\b|\bobrigatori|\bpreciso\b|\bprecisa\b|必须|务必|必需",
        r"\brecommended\b|\boptional\b|\brecomendad|\bopcional|建议|可选|推荐",
    ],
    &[r"\bfirst\b|\bprimeir[oa]\b|首次|首单|首年|首月", r"\bevery\b|\btodos? [oa]s?\b|\btodas? as\b|\bqualquer\b|每"],
    &[r"\bcheck-?in\b|\bentrada\b|入住", r"\bcheck-?out\b|\bsaida\b|退房"],
    &[
        r"\bbank transfer|\bwire\b|\btransferencia|\bted\b|\bpix\b|转账|汇款",
        r"\bcredit card|\bdebit card|\bcartao\b|信用卡|银行卡",
        r"\bin cash\b|\bem dinheiro\b|\bem especie\b|现金",
        r"\bby check\b|\ba check\b|\bcheque\b|支票",
        r"\bstore credit\b|\bcredito da loja\b|\bsaldo (?:da|na) loja\b|店铺余额|账户余额",
        r"\boriginal (?:payment|card)\b|\bmesm[oa] (?:cartao|forma de pagamento)\b|原路",
    ],
    &[
        r"\be-?mail|邮件|邮箱|寄信",
        r"\bcall\b|\bcalling\b|\bphone\b|\btelephone\b|\btel\b|\btelefon|\blig(?:ar|ue|amos)\b|电话|致电|拨",
        r"\bby post\b|\bregistered mail\b|\bcorreio|\bcorreios\b|\bcarta\b|邮寄|挂号信",
        r"\bsms\b|\btext message|短信|简讯",
        r"\bwhatsapp\b|\bzap\b|\bwechat\b|微信",
        r"\bin person\b|\bpessoalmente\b|\bpresencial|当面|到店",
    ],
    &[
        r"\bblack\b|\bpret[oa]\b|黑色",
        r"\bwhite\b|\bbranc[oa]\b|白色",
        r"\bred\b|\bvermelh[oa]\b|红色",
        r"\bblue\b|\bazul\b|蓝色",
        r"\bnavy\b|\bazul[- ]marinho\b|藏青",
        r"\bgreen\b|\bverdes?\b|绿色",
        r"\byellow\b|\bamarel[oa]\b|黄色",
        r"\bgr[ea]y\b|\bcinza\b|灰色",
        r"\bpink\b|\bcor-de-rosa\b|粉色",
    ],
    &[
        r"\benglish\b|\bingles|英文|英语",
        r"\bportuguese\b|\bportugues|葡文|葡语",
        r"\bspanish\b|\bespanhol|西班牙语",
        r"\bchinese\b|\bchines|\bmandarim\b|中文|汉语",
        r"\bfrench\b|\bfrances|法语",
        r"\bgerman\b|\balem[ao]|德语",
    ],
    &[
        r"\bleft[- ]hand|\bon the left\b|\besquerd[oa]\b|左",
        r"\bright[- ]hand|\bon the right\b|\bdireit[oa]\b|右侧|右边|右手",
    ],
    &[
        r"\baccepted\b|\bapproved\b|\baprovad|\baceit[oa]\b|批准|(?:审核|审批)通过",
        r"\brejected\b|\bdeclined\b|\bdenied\b|\brecusad|\bnegad|\breprovad|拒绝|驳回|不通过",
    ],
    &[r"\bconfirm\b|\bconfirmar\b|确认", r"\bcancel\b|\bcancelar\b|取消"],
    &[
        r"\bpermanent|\bdefinitiv|\bpara sempre\b|永久",
        r"\btemporar|\bprovisori|\bfor (?:one|an|a few) (?:hour|day)|临时|暂时",
    ],
    &[r"\bcop(?:y|ies)\b|\bcopias?\b|复印件|副本", r"\boriginals?\b|\boriginais\b|原件|正本"],
];

static OTHER_PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| plain::compile(OTHER));

static PATTERNS: LazyLock<Vec<Vec<Regex>>> = LazyLock::new(|| {
    let family = |words: &&[&str]| words.iter().filter_map(|words| plain::compile(words)).collect();
    FAMILIES.iter().map(family).collect()
});

/// Of how many families the reply lost one member and gained another. Both folded.
pub(super) fn changed(draft: &str, reply: &str) -> usize {
    let Some(other) = OTHER_PATTERN.as_ref() else { return 0 };
    let [draft, reply] = [draft, reply].map(|text| other.replace_all(text, " "));
    let swapped = |family: &&Vec<Regex>| {
        let (mut lost, mut gained) = (false, false);
        for words in *family {
            match (words.is_match(&draft), words.is_match(&reply)) {
                (true, false) => lost = true,
                (false, true) => gained = true,
                _ => {}
            }
        }
        lost && gained
    };
    PATTERNS.iter().filter(swapped).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(draft: &str, reply: &str, expected: usize) {
        assert_eq!(changed(&plain::fold(draft), &plain::fold(reply)), expected, "{draft} / {reply}");
    }

    #[test]
    fn all_patterns_compile() {
        assert!(OTHER_PATTERN.is_some());
        assert!(PATTERNS.iter().zip(FAMILIES).all(|(patterns, words)| patterns.len() == words.len()));
    }

    #[test]
    fn one_for_another() {
        check("cancel before the 5th", "cancel after the 5th", 1);
        check("mínimo de 3 dias", "no máximo 3 dias", 1);
        check("500元以上免运费", "500元以下免运费", 1);
        check("¥30 每月", "每年30元", 1);
        check("退房前付清", "退房后付清", 1);
        check("pay by bank transfer", "please pay by credit card", 1);
    }

    #[test]
    fn the_same_in_other_words() {
        check("good morning, it leaves at 9 am", "Good afternoon! It leaves at 9 in the morning.", 0);
        check("before or after lunch", "after lunch or before it", 0);
        check("max 3 people", "up to three people", 0);
        check("18 a month", "$18 monthly", 0);
        check("目前没有货，到货后通知您", "目前暂时缺货，到货之后会通知您", 0);
    }
}
