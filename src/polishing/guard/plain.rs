//! How the guard reads prose: folded, so that its tables need each word once. Pure.

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

use regex::Regex;
use unicode_normalization::UnicodeNormalization as _;

/// Traditional characters of the guard's tables and of what is near them, and their simplified forms. To compare words with
/// words, not to write them.
const TRADITIONAL: &str = "號週鐘時間個塊幣禮後兩萬億條張臺層樓請謝無沒別優贈費證補償賠諾領環購訂單發貨運員換壞還給為從會來對點開關問題應該實現見進\
    動種經樣長麼認處聯繫續辦電話傳簡訊轉帳賬碼網連結際寫聽說讀親許願謹誠過這們標準確錄驗檢測試數據庫頁圖書館門業務專區術報銷\
    稅額價錢貴賣買賺減漲雙獨總計劃歷權責擔險護係戶冊繳納滿備註預約記變製產質異議達遞輸車飛機場鐵陸廠檔夾閱覽訓練習級師導遊園\
    縣鄉鎮國內緊隨刪設維損傷雖則爭執離職體獎勵卻繼當獲飲廳廚衛遲歡觀顧鬧貳鈔佔佈併齊齣檯颱餘隻衹祇乾妳裡裏喫幾誰兒嗎啟閉鎖統\
    資軟螢視線鏈滯僅須並於與將憑復複盡儘暫臨廣紅藍綠銀輕蓋舊邊側負較歸斷遠違滾團夠夢寶審屬帶幫廢彈徵恆戲擇擴攜斬晝暢欄歲殘氣\
    決湯災狀畫稱積穩窮競筆節糧紀紙細終組絕編緩績罰義聲腦舉衝規討託訪訴評詢詳誤論諮識譯財貼賀跡踐輪辭邏郵釋鈕鉤鍵鏡闆陽階隊雜\
    難靈靜韓順頭頻類顯飯驚魚鮮齡";
const SIMPLIFIED: &str = "号周钟时间个块币礼后两万亿条张台层楼请谢无没别优赠费证补偿赔诺领环购订单发货运员换坏还给为从会来对点开关问题应该实现见进\
    动种经样长么认处联系续办电话传简讯转账账码网连结际写听说读亲许愿谨诚过这们标准确录验检测试数据库页图书馆门业务专区术报销\
    税额价钱贵卖买赚减涨双独总计划历权责担险护系户册缴纳满备注预约记变制产质异议达递输车飞机场铁陆厂档夹阅览训练习级师导游园\
    县乡镇国内紧随删设维损伤虽则争执离职体奖励却继当获饮厅厨卫迟欢观顾闹贰钞占布并齐出台台余只只只干你里里吃几谁儿吗启闭锁统\
    资软荧视线链滞仅须并于与将凭复复尽尽暂临广红蓝绿银轻盖旧边侧负较归断远违滚团够梦宝审属带帮废弹征恒戏择扩携斩昼畅栏岁残气\
    决汤灾状画称积稳穷竞笔节粮纪纸细终组绝编缓绩罚义声脑举冲规讨托访诉评询详误论咨识译财贴贺迹践轮辞逻邮释钮钩键镜板阳阶队杂\
    难灵静韩顺头频类显饭惊鱼鲜龄";

static TO_SIMPLIFIED: LazyLock<HashMap<char, char>> =
    LazyLock::new(|| TRADITIONAL.chars().zip(SIMPLIFIED.chars()).collect());

/// Small letters without accents, full-width forms as ASCII, typographic marks and spaces as plain ones, simplified characters.
/// O(length).
pub(super) fn fold(text: &str) -> String {
    let chars: Vec<char> = in_full(text).chars().collect();
    let wide = |at: usize| chars.get(at).is_some_and(|c| ('０'..='９').contains(c));
    let mut folded = String::with_capacity(text.len());
    for (at, &c) in chars.iter().enumerate() {
        match c {
            _ if c.is_ascii() => folded.push(c.to_ascii_lowercase()),
            // A comma of Chinese prose divides clauses; only among full-width digits does it divide a number.
            '，' => folded.push(if at > 0 && wide(at - 1) && wide(at + 1) { ',' } else { '，' }),
            '。' | '！' | '？' => folded.push(c),
            '\u{FF01}'..='\u{FF5E}' => {
                folded.extend(char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c).to_lowercase());
            }
            '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{3000}' => folded.push(' '),
            '’' => folded.push('\''),
            '–' | '—' | '‑' | '−' => folded.push('-'),
            '\u{2E80}'.. => folded.push(TO_SIMPLIFIED.get(&c).copied().unwrap_or(c)),
            _ => c.to_lowercase().for_each(|c| folded.extend(without_accent(c))),
        }
    }
    folded
}

/// Words of chats that hold a digit or a stroke, in small letters: "B4" is a gate.
const CHAT: &[(&str, &str)] =
    &[("b4", "before"), ("w/o", "without"), ("w/", "with "), ("gr8", "great"), ("any1", "anyone")];

/// The text with words of chats in full.
fn in_full(text: &str) -> Cow<'_, str> {
    let mut full = Cow::Borrowed(text);
    for (short, long) in CHAT {
        if full.contains(short) {
            full = Cow::Owned(replaced(&full, short, long));
        }
    }
    full
}

/// With each `short` that is a whole word replaced.
fn replaced(text: &str, short: &str, long: &str) -> String {
    let mut replaced = String::with_capacity(text.len() + 16);
    let mut done = 0;
    for (at, _) in text.match_indices(short) {
        let joined = text[..at].ends_with(char::is_alphanumeric)
            || !short.ends_with('/') && text[at + short.len()..].starts_with(char::is_alphanumeric);
        if !joined {
            replaced.push_str(&text[done..at]);
            replaced.push_str(long);
            done = at + short.len();
        }
    }
    replaced + &text[done..]
}

/// A Latin letter without what is above and below it, nothing for a combining mark, anything else as it is.
fn without_accent(c: char) -> Option<char> {
    match c {
        '\u{300}'..='\u{36F}' => None,
        // Latin-1 to Latin Extended-B.
        '\u{C0}'..='\u{24F}' => c.nfd().next(),
        _ => Some(c),
    }
}

/// A pattern that finds folded text; written with accents or not. Ends of words are those of ASCII letters: the engine finds these
/// in one pass over any text, those of all the world's letters it would try one place after the other.
pub(super) fn compile(written: &str) -> Option<Regex> {
    let simple = |c: char| TO_SIMPLIFIED.get(&c).copied().or_else(|| without_accent(c));
    Regex::new(&written.chars().filter_map(simple).collect::<String>().replace(r"\b", r"(?-u:\b)")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds() {
        for (text, expected) in [
            ("São Paulo: 1.234,50 €", "sao paulo: 1.234,50 €"),
            ("Sa\u{303}o — já", "sao - ja"),
            ("８月２２號，１，０００元！", "8月22号，1,000元！"),
            ("週一開始", "周一开始"),
            ("don’t", "don't"),
            ("call b4 5, w/o a fee, w/ ID", "call before 5, without a fee, with  id"),
            ("gate B4, in 2days", "gate b4, in 2days"),
        ] {
            assert_eq!(fold(text), expected);
        }
    }

    #[test]
    fn the_tables_are_of_one_length() {
        assert_eq!(TRADITIONAL.chars().count(), SIMPLIFIED.chars().count());
        assert!(TRADITIONAL.chars().all(|c| !SIMPLIFIED.contains(c)));
    }
}
