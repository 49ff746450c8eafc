//! What numbers count: money, per cent, time, data. Reads folded text around a number.

use super::language::DetectedLanguage;

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// By its ISO 4217 code.
    Money(&'static str),
    /// Hundredths.
    Percent,
    /// 八折: tenths of a price.
    Zhe,
    /// Days on which offices are open.
    BusinessDay,
    /// Anything else, by its English name.
    Other(&'static str),
}

impl Unit {
    /// Whether a number with it can never mean the same as one without.
    pub(super) const fn is_essential(self) -> bool {
        matches!(self, Self::Money(_) | Self::Percent | Self::Zhe | Self::BusinessDay)
    }
}

/// Before a number, longest first.
const BEFORE: &[(&str, Unit)] = &[
    ("百分之", Unit::Percent),
    ("us$", Unit::Money("USD")),
    ("nt$", Unit::Money("TWD")),
    ("ca$", Unit::Money("CAD")),
    ("a$", Unit::Money("AUD")),
    ("s$", Unit::Money("SGD")),
    ("cad", Unit::Money("CAD")),
    ("aud", Unit::Money("AUD")),
    ("sgd", Unit::Money("SGD")),
    ("inr", Unit::Money("INR")),
    ("rs.", Unit::Money("INR")),
    ("rs", Unit::Money("INR")),
    ("₹", Unit::Money("INR")),
    ("jpy", Unit::Money("JPY")),
    ("hkd", Unit::Money("HKD")),
    ("新台币", Unit::Money("TWD")),
    ("台币", Unit::Money("TWD")),
    ("港币", Unit::Money("HKD")),
    ("hk$", Unit::Money("HKD")),
    ("r$", Unit::Money("BRL")),
    ("usd", Unit::Money("USD")),
    ("brl", Unit::Money("BRL")),
    ("eur", Unit::Money("EUR")),
    ("gbp", Unit::Money("GBP")),
    ("cny", Unit::Money("CNY")),
    ("rmb", Unit::Money("CNY")),
    ("人民币", Unit::Money("CNY")),
    ("$", Unit::Money("USD")),
    ("€", Unit::Money("EUR")),
    ("£", Unit::Money("GBP")),
    ("¥", Unit::Money("CNY")),
    ("￥", Unit::Money("CNY")),
];

/// Behind a number; words of Latin letters must end there. The first that fits counts.
const AFTER: &[(&str, Unit)] = &[
    ("%", Unit::Percent),
    ("percent", Unit::Percent),
    ("per cent", Unit::Percent),
    ("por cento", Unit::Percent),
    ("us$", Unit::Money("USD")),
    ("dollars", Unit::Money("USD")),
    ("dollar", Unit::Money("USD")),
    ("dolares", Unit::Money("USD")),
    ("usd", Unit::Money("USD")),
    ("us dollars", Unit::Money("USD")),
    ("bucks", Unit::Money("USD")),
    ("hk$", Unit::Money("HKD")),
    ("hkd", Unit::Money("HKD")),
    ("cad", Unit::Money("CAD")),
    ("aud", Unit::Money("AUD")),
    ("inr", Unit::Money("INR")),
    ("rupees", Unit::Money("INR")),
    ("quid", Unit::Money("GBP")),
    ("日元", Unit::Money("JPY")),
    ("yen", Unit::Money("JPY")),
    ("美元", Unit::Money("USD")),
    ("美金", Unit::Money("USD")),
    ("reais", Unit::Money("BRL")),
    ("real", Unit::Money("BRL")),
    ("brl", Unit::Money("BRL")),
    ("€", Unit::Money("EUR")),
    ("euros", Unit::Money("EUR")),
    ("euro", Unit::Money("EUR")),
    ("eur", Unit::Money("EUR")),
    ("欧元", Unit::Money("EUR")),
    ("£", Unit::Money("GBP")),
    ("pounds", Unit::Money("GBP")),
    ("gbp", Unit::Money("GBP")),
    ("libras", Unit::Money("GBP")),
    ("英镑", Unit::Money("GBP")),
    ("港元", Unit::Money("HKD")),
    ("港币", Unit::Money("HKD")),
    ("元", Unit::Money("CNY")),
    ("块", Unit::Money("CNY")),
    ("人民币", Unit::Money("CNY")),
    ("rmb", Unit::Money("CNY")),
    ("cny", Unit::Money("CNY")),
    ("yuan", Unit::Money("CNY")),
    ("折", Unit::Zhe),
    ("biz days", Unit::BusinessDay),
    ("biz day", Unit::BusinessDay),
    ("bus days", Unit::BusinessDay),
    ("bd", Unit::BusinessDay),
    ("business days", Unit::BusinessDay),
    ("business day", Unit::BusinessDay),
    ("working days", Unit::BusinessDay),
    ("working day", Unit::BusinessDay),
    ("dias uteis", Unit::BusinessDay),
    ("dias uteis", Unit::BusinessDay),
    ("dia util", Unit::BusinessDay),
    ("个工作日", Unit::BusinessDay),
    ("工作日", Unit::BusinessDay),
    ("calendar days", Unit::Other("day")),
    ("dias corridos", Unit::Other("day")),
    ("个自然日", Unit::Other("day")),
    ("days", Unit::Other("day")),
    ("day", Unit::Other("day")),
    ("dias", Unit::Other("day")),
    ("dia", Unit::Other("day")),
    ("天", Unit::Other("day")),
    ("weeks", Unit::Other("week")),
    ("week", Unit::Other("week")),
    ("semanas", Unit::Other("week")),
    ("semana", Unit::Other("week")),
    ("周", Unit::Other("week")),
    ("个星期", Unit::Other("week")),
    ("个礼拜", Unit::Other("week")),
    ("months", Unit::Other("month")),
    ("month", Unit::Other("month")),
    ("meses", Unit::Other("month")),
    ("mes", Unit::Other("month")),
    ("个月", Unit::Other("month")),
    ("years", Unit::Other("year")),
    ("year", Unit::Other("year")),
    ("anos", Unit::Other("year")),
    ("ano", Unit::Other("year")),
    ("年", Unit::Other("year")),
    ("hours", Unit::Other("hour")),
    ("hour", Unit::Other("hour")),
    ("hrs", Unit::Other("hour")),
    ("horas", Unit::Other("hour")),
    ("hora", Unit::Other("hour")),
    ("h", Unit::Other("hour")),
    ("个小时", Unit::Other("hour")),
    ("小时", Unit::Other("hour")),
    ("minutes", Unit::Other("minute")),
    ("minute", Unit::Other("minute")),
    ("minutos", Unit::Other("minute")),
    ("minuto", Unit::Other("minute")),
    ("mins", Unit::Other("minute")),
    ("min", Unit::Other("minute")),
    ("分钟", Unit::Other("minute")),
    ("seconds", Unit::Other("second")),
    ("segundos", Unit::Other("second")),
    ("秒", Unit::Other("second")),
    ("gb", Unit::Other("gigabyte")),
    ("mb", Unit::Other("megabyte")),
    ("tb", Unit::Other("terabyte")),
    ("mbps", Unit::Other("megabit per second")),
    ("mega", Unit::Other("megabit per second")),
    ("kg", Unit::Other("kilogram")),
    ("公斤", Unit::Other("kilogram")),
    ("km", Unit::Other("kilometre")),
    ("公里", Unit::Other("kilometre")),
    ("cm", Unit::Other("centimetre")),
    ("yrs", Unit::Other("year")),
    ("yr", Unit::Other("year")),
    ("mos", Unit::Other("month")),
    ("mo", Unit::Other("month")),
    ("wks", Unit::Other("week")),
    ("wk", Unit::Other("week")),
    ("hr", Unit::Other("hour")),
    ("hs", Unit::Other("hour")),
    ("d", Unit::Other("day")),
    ("secs", Unit::Other("second")),
    ("sec", Unit::Other("second")),
    ("gigs", Unit::Other("gigabyte")),
    ("gig", Unit::Other("gigabyte")),
    ("kb", Unit::Other("kilobyte")),
    ("kbps", Unit::Other("kilobit per second")),
    ("gbps", Unit::Other("gigabit per second")),
    ("kgs", Unit::Other("kilogram")),
    ("kilos", Unit::Other("kilogram")),
    ("quilos", Unit::Other("kilogram")),
    ("g", Unit::Other("gram")),
    ("oz", Unit::Other("ounce")),
    ("l", Unit::Other("litre")),
    ("mm", Unit::Other("millimetre")),
    ("ft", Unit::Other("foot")),
    ("mi", Unit::Other("mile")),
    ("mah", Unit::Other("milliampere hour")),
    ("kwh", Unit::Other("kilowatt hour")),
    ("mwh", Unit::Other("megawatt hour")),
    ("mg", Unit::Other("milligram")),
    ("ml", Unit::Other("millilitre")),
    ("lb", Unit::Other("pound")),
    ("lbs", Unit::Other("pound")),
];

/// The currencies that go without saying in a language.
pub(super) const fn home(tongue: Option<DetectedLanguage>) -> &'static [Unit] {
    match tongue {
        Some(DetectedLanguage::Chinese) => &[Unit::Money("CNY")],
        Some(DetectedLanguage::Portuguese) => &[Unit::Money("BRL"), Unit::Money("EUR")],
        _ => &[],
    }
}

/// Whether a number counts tenths: 两成 is 20 %.
pub(super) fn is_tenths(after: &str) -> bool {
    let other = ["成人", "成功", "成员", "成都", "成品", "成本", "成交", "成立", "成为", "成年", "成份", "成分"];
    after.starts_with('成') && !other.iter().any(|word| after.starts_with(word))
}

/// The unit that stands before a number.
pub(super) fn before(text: &str) -> Option<Unit> {
    let text = text.trim_end_matches(' ');
    let found = BEFORE.iter().find(|(name, _)| {
        let joined =
            |rest: &str| name.starts_with(|c: char| c.is_ascii_lowercase()) && rest.ends_with(char::is_alphabetic);
        text.strip_suffix(name).is_some_and(|rest| !joined(rest))
    })?;
    Some(found.1)
}

/// The unit that stands behind a number, perhaps after a space or a hyphen.
pub(super) fn after(text: &str) -> Option<Unit> {
    let text = text.strip_prefix([' ', '-']).unwrap_or(text);
    let found = AFTER.iter().find(|(name, _)| {
        text.strip_prefix(name).is_some_and(|rest| {
            let ends_in_letter = name.ends_with(|c: char| c.is_alphabetic() && (c as u32) < 0x2E80);
            !(ends_in_letter && rest.starts_with(|c: char| c.is_alphanumeric() && (c as u32) < 0x2E80))
        })
    })?;
    Some(found.1)
}
