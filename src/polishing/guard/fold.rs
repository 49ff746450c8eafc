//! Folding: small letters without accents, plain marks, full-width forms as ASCII, simplified characters, the words of chats in full,
//! so that the lexicons need each word once. Pure.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization as _;

use super::{chats::chats, mapped::MappedText};

/// Traditional characters of the guard's tables and of what is near them, and their simplified forms. To compare words with
/// words, not to write them.
const TRADITIONAL: &str = "號週鐘時間個塊幣禮後兩萬億條張臺層樓請謝無沒別優贈費證補償賠諾領環購訂單發貨運員換壞還給為從會來對點開關問題應該\
    實現見進動種經樣長麼認處聯繫續辦電話傳簡訊轉帳賬碼網連結際寫聽說讀親許願謹誠過這們標準確錄驗檢測試數據庫頁圖書館\
    門業務專區術報銷稅額價錢貴賣買賺減漲雙獨總計劃歷權責擔險護係戶冊繳納滿備註預約記變製產質異議達遞輸車飛機場鐵陸廠\
    檔夾閱覽訓練習級師導遊園縣鄉鎮國內緊隨刪設維損傷雖則爭執離職體獎勵卻繼當獲飲廳廚衛遲歡觀顧鬧貳鈔佔佈併齊齣檯颱餘\
    隻衹祇乾妳裡裏喫幾誰兒嗎啟閉鎖統資軟螢視線鏈滯僅須並於與將憑復複盡儘暫臨廣紅藍綠銀輕蓋舊邊側負較歸斷遠違滾團夠夢\
    寶審屬帶幫廢彈徵恆戲擇擴攜斬晝暢欄歲殘氣決湯災狀畫稱積穩窮競筆節糧紀紙細終組絕編緩績罰義聲腦舉衝規討託訪訴評詢詳\
    誤論諮識譯財貼賀跡踐輪辭邏郵釋鈕鉤鍵鏡闆陽階隊雜難靈靜韓順頭頻類顯飯驚魚鮮齡錯擬拋掃攔敗曬橋歐濕溫燈爐牆獻瑪畢療\
    盤羅腳膠臉艙莊蘇虧蟲覺觸診課調談販趕軌載農鄧鄭醫針鉛鋪鍋鑰鑽閃閥陳雞頂項風馬騙騎鬆鳥麗黃齒劉楊趙吳孫葉蕭賴龍頓豬\
    貓彎慮憂懷戀擁擠擺擾攝曉殺毀淚淨湊滲滅潔濟烏煙爛牽狹礎祕禍籃籌緣縮繞罷聰膚藥誘諒謙豐贊贏躍軍遺鄰釐鈴鎊鑑顆饋驅髒\
    鹽麥剛劑勞協嚴塵奪婦學寧島幹彙徑態慣懇揮搶摺撥撿櫃毆溝灣營爺獄癒監穫竊簽紛絡綜緻織繡纔聞肅脫舖蘭螞覓詐詞誌語謊譽\
    讚賦賽贓趨躉輔輛輩轎迴逕適選釘銅銘鋼闊陰雲霧頒頗頸顏飽飾養馳駐駕騷鴨";
const SIMPLIFIED: &str = "号周钟时间个块币礼后两万亿条张台层楼请谢无没别优赠费证补偿赔诺领环购订单发货运员换坏还给为从会来对点开关问题应该\
    实现见进动种经样长么认处联系续办电话传简讯转账账码网连结际写听说读亲许愿谨诚过这们标准确录验检测试数据库页图书馆\
    门业务专区术报销税额价钱贵卖买赚减涨双独总计划历权责担险护系户册缴纳满备注预约记变制产质异议达递输车飞机场铁陆厂\
    档夹阅览训练习级师导游园县乡镇国内紧随删设维损伤虽则争执离职体奖励却继当获饮厅厨卫迟欢观顾闹贰钞占布并齐出台台余\
    只只只干你里里吃几谁儿吗启闭锁统资软荧视线链滞仅须并于与将凭复复尽尽暂临广红蓝绿银轻盖旧边侧负较归断远违滚团够梦\
    宝审属带帮废弹征恒戏择扩携斩昼畅栏岁残气决汤灾状画称积稳穷竞笔节粮纪纸细终组绝编缓绩罚义声脑举冲规讨托访诉评询详\
    误论咨识译财贴贺迹践轮辞逻邮释钮钩键镜板阳阶队杂难灵静韩顺头频类显饭惊鱼鲜龄错拟抛扫拦败晒桥欧湿温灯炉墙献玛毕疗\
    盘罗脚胶脸舱庄苏亏虫觉触诊课调谈贩赶轨载农邓郑医针铅铺锅钥钻闪阀陈鸡顶项风马骗骑松鸟丽黄齿刘杨赵吴孙叶萧赖龙顿猪\
    猫弯虑忧怀恋拥挤摆扰摄晓杀毁泪净凑渗灭洁济乌烟烂牵狭础秘祸篮筹缘缩绕罢聪肤药诱谅谦丰赞赢跃军遗邻厘铃镑鉴颗馈驱脏\
    盐麦刚剂劳协严尘夺妇学宁岛干汇径态惯恳挥抢折拨捡柜殴沟湾营爷狱愈监获窃签纷络综致织绣才闻肃脱铺兰蚂觅诈词志语谎誉\
    赞赋赛赃趋趸辅辆辈轿回径适选钉铜铭钢阔阴云雾颁颇颈颜饱饰养驰驻驾骚鸭";

static TO_SIMPLIFIED: LazyLock<FxHashMap<char, char>> =
    LazyLock::new(|| TRADITIONAL.chars().zip(SIMPLIFIED.chars()).collect());

/// A Han character in its simplified form, where the guard's tables have it.
pub(super) fn simplified(c: char) -> char {
    TO_SIMPLIFIED.get(&c).copied().unwrap_or(c)
}

/// The text, folded. O(length).
pub(super) fn fold(text: &str) -> MappedText {
    let mut folded = MappedText::of_source(text.len());
    let mut letters = String::new();
    let mut chats = chats(text).into_iter().peekable();
    let mut chars = text.char_indices().peekable();
    let mut before = ' ';
    while let Some((at, c)) = chars.next() {
        if let Some((_, end, full)) = chats.next_if(|(start, ..)| *start == at) {
            folded.push_replaced(full, at);
            while chars.next_if(|(at, _)| *at < end).is_some() {}
            continue;
        }
        let next = chars.peek().map(|(_, c)| *c);
        let among = |is_digit: fn(char) -> bool| is_digit(before) && next.is_some_and(is_digit);
        let (in_number, in_time) = (among(is_wide_digit), among(is_digit));
        before = c;
        match c {
            _ if c.is_ascii() => folded.push(c.to_ascii_lowercase(), at),
            // Among digits they are the marks of numbers and times; elsewhere they end clauses.
            '，' if in_number => folded.push_replaced(",", at),
            '：' if in_time => folded.push_replaced(":", at),
            '，' | '。' | '！' | '？' | '：' | '；' | '、' => folded.push(c, at),
            '（' => folded.push_replaced("(", at),
            '）' => folded.push_replaced(")", at),
            '\u{FF01}'..='\u{FF5E}' => {
                letters.clear();
                letters.extend(char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c).to_lowercase());
                folded.push_replaced(&letters, at);
            }
            '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{3000}' => folded.push_replaced(" ", at),
            '’' | '‘' | '`' | '´' => folded.push_replaced("'", at),
            '–' | '—' | '‑' | '−' => folded.push_replaced("-", at),
            '\u{2E80}'.. => folded.push(simplified(c), at),
            _ => {
                letters.clear();
                c.to_lowercase().for_each(|c| letters.extend(without_accent(c)));
                if letters.len() == c.len_utf8() {
                    folded.push_run(&letters, at);
                } else {
                    folded.push_replaced(&letters, at);
                }
            }
        }
    }
    folded
}

/// A phrase of a lexicon, folded.
pub(super) fn fold_phrase(phrase: &str) -> String {
    let mut folded = String::with_capacity(phrase.len());
    for c in phrase.chars() {
        match c {
            '’' => folded.push('\''),
            '\u{2E80}'.. => folded.push(simplified(c)),
            _ => c.to_lowercase().for_each(|c| folded.extend(without_accent(c))),
        }
    }
    folded
}

const fn is_wide_digit(c: char) -> bool {
    matches!(c, '０'..='９')
}

const fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || is_wide_digit(c)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds() {
        for (text, expected) in [
            ("São Paulo: 1.234,50 €", "sao paulo: 1.234,50 €"),
            ("Sa\u{303}o — já", "sao - ja"),
            ("８月２２號，１，０００元！", "8月22号，1,000元！"),
            ("８：３０開門；9：15關", "8:30开门；9:15关"),
            ("週一開始", "周一开始"),
            ("don’t", "don't"),
            ("call b4 5, w/o a fee, w/ ID", "call before 5, without a fee, with  id"),
            ("gate B4, in 2days", "gate b4, in 2days"),
            ("its 4 ur car 2moro", "its for your car tomorrow"),
        ] {
            assert_eq!(fold(text).as_str(), expected);
        }
    }

    #[test]
    fn the_way_back() {
        let text = "Ligue já b4 ２：３０ — São";
        let folded = fold(text);
        for (part, expected) in [("ja", "já"), ("before", "b4"), ("2:30", "２：３０"), ("sao", "São")] {
            let at = folded.as_str().find(part).unwrap();
            assert_eq!(folded.source_span(at..at + part.len()).slice(text), expected);
        }
    }

    #[test]
    fn the_tables_are_of_one_length() {
        assert_eq!(TRADITIONAL.chars().count(), SIMPLIFIED.chars().count());
        assert!(TRADITIONAL.chars().all(|c| !SIMPLIFIED.contains(c)));
    }
}
