//! Which characters are Chinese.

/// Whether it is a Chinese character, of any plane, but for radicals and compatibility forms.
#[must_use]
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '〇' | '\u{20000}'..='\u{3FFFD}')
}

/// Whether it writes a number.
pub(super) fn is_numeral(c: char) -> bool {
    matches!(
        c,
        '〇' | '零'
            | '壹'
            | '贰'
            | '叁'
            | '肆'
            | '伍'
            | '陆'
            | '柒'
            | '捌'
            | '玖'
            | '拾'
            | '佰'
            | '仟'
            | '一'
            | '二'
            | '三'
            | '四'
            | '五'
            | '六'
            | '七'
            | '八'
            | '九'
            | '十'
            | '百'
            | '千'
            | '万'
            | '亿'
            | '两'
    )
}
