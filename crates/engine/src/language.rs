//! Which language a text is checked in: BCP 47 tags, their resolution and the fallback to English. Knows no dictionary.

use icu_locale_core::{
    Locale,
    subtags::{Region, Script},
};

pub use crate::text::LanguageCode;

/// A language that Vermilion can be asked to check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// English without a region, and every fallback: American and British spellings are both right.
    English,
    /// American English.
    EnglishUs,
    /// British English, also of Australia, New Zealand, Ireland, India, South Africa, Hong Kong and Singapore.
    EnglishGb,
    /// Brazilian Portuguese.
    PortugueseBr,
    /// European Portuguese, also of Africa and Timor.
    PortuguesePt,
    /// Chinese in Simplified characters.
    ChineseSimplified,
    /// Chinese in Traditional characters.
    ChineseTraditional,
}

impl Language {
    /// Every language, in the order of the table in the documentation.
    pub const ALL: [Self; 7] = [
        Self::English,
        Self::EnglishUs,
        Self::EnglishGb,
        Self::PortugueseBr,
        Self::PortuguesePt,
        Self::ChineseSimplified,
        Self::ChineseTraditional,
    ];

    /// Its BCP 47 tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::EnglishUs => "en-US",
            Self::EnglishGb => "en-GB",
            Self::PortugueseBr => "pt-BR",
            Self::PortuguesePt => "pt-PT",
            Self::ChineseSimplified => "zh-Hans",
            Self::ChineseTraditional => "zh-Hant",
        }
    }
}

/// The outcome of resolving a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResolvedLanguage {
    /// The language to check in.
    pub language: Language,
    /// Whether a well-formed tag of another language was replaced by English.
    pub fallback: bool,
    /// Whether the tag says that the language is not known (`und`): `language` is then what to prefer.
    pub detect: bool,
}

/// A tag that is not well-formed BCP 47.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a well-formed BCP 47 language tag, such as \"en\", \"pt-BR\" or \"zh-Hans\"")]
pub struct InvalidLanguageTag;

/// Resolves the tag of a request; an empty one takes the tenant's language, and failing that English.
///
/// `und` asks to find the language out, and prefers the tenant's. POSIX spellings (`pt_BR`) are read as BCP 47. Letter case does not matter.
///
/// # Errors
/// [`InvalidLanguageTag`] if the tag that applies is not well-formed.
pub fn resolve(requested: &str, tenants: &str) -> Result<ResolvedLanguage, InvalidLanguageTag> {
    let tag = if requested.is_empty() { tenants } else { requested };
    if tag.is_empty() {
        return Ok(ResolvedLanguage { language: Language::English, fallback: false, detect: false });
    }
    // The longest sensible tag has a handful of subtags; do not parse a kilobyte of them.
    if tag.len() > 64 || tag.starts_with(['_', '-']) {
        return Err(InvalidLanguageTag);
    }
    let locale = tag.replace('_', "-").parse::<Locale>().map_err(|_| InvalidLanguageTag)?;
    if locale.id.language.as_str() == "und" && locale.id.script.is_none() {
        let preferred = if requested.is_empty() { "" } else { tenants };
        let preferred = resolve(preferred, "").map_or(Language::English, |resolved| resolved.language);
        return Ok(ResolvedLanguage { language: preferred, fallback: false, detect: true });
    }
    let region = locale.id.region.as_ref().map(Region::as_str);
    let script = locale.id.script.as_ref().map(Script::as_str);
    let known = supported(locale.id.language.as_str(), script, region);
    Ok(ResolvedLanguage { language: known.unwrap_or(Language::English), fallback: known.is_none(), detect: false })
}

/// The ISO 639-1 code that the script of a text tells, by its first letter of a script that one language has; Chinese unless there
/// is kana. O(length).
#[must_use]
pub fn code_of_script(text: &str) -> Option<LanguageCode> {
    let mut han = false;
    for c in text.chars() {
        match c {
            '\u{3040}'..='\u{30FF}' => return LanguageCode::new("ja"),
            '\u{1100}'..='\u{11FF}' | '\u{AC00}'..='\u{D7AF}' => return LanguageCode::new("ko"),
            '\u{370}'..='\u{3FF}' => return LanguageCode::new("el"),
            '\u{590}'..='\u{5FF}' => return LanguageCode::new("he"),
            '\u{E00}'..='\u{E7F}' => return LanguageCode::new("th"),
            '\u{530}'..='\u{58F}' => return LanguageCode::new("hy"),
            '\u{10A0}'..='\u{10FF}' => return LanguageCode::new("ka"),
            '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' => han = true,
            _ => {}
        }
    }
    han.then_some(LanguageCode::CHINESE)
}

/// The one table of supported tags.
fn supported(language: &str, script: Option<&str>, region: Option<&str>) -> Option<Language> {
    Some(match (language, script, region) {
        // The Philippines write American English; Canada accepts both.
        ("en", _, Some("US" | "PH")) => Language::EnglishUs,
        ("en", _, Some("GB" | "AU" | "NZ" | "IE" | "IN" | "ZA" | "HK" | "SG")) => Language::EnglishGb,
        ("en", _, _) => Language::English,
        ("pt", _, Some("PT" | "AO" | "MZ" | "CV" | "GW" | "ST" | "TL")) => Language::PortuguesePt,
        ("pt", _, _) => Language::PortugueseBr,
        ("zh", Some("Hant"), _) | ("zh", None, Some("TW" | "HK" | "MO")) => Language::ChineseTraditional,
        ("zh", _, _) => Language::ChineseSimplified,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(requested: &str, tenants: &str, expected: &str) {
        let answer = match resolve(requested, tenants) {
            Ok(ResolvedLanguage { language, detect: true, .. }) => format!("{} (detect)", language.tag()),
            Ok(ResolvedLanguage { language, fallback: false, .. }) => language.tag().to_owned(),
            Ok(ResolvedLanguage { language, fallback: true, .. }) => format!("{} (fallback)", language.tag()),
            Err(InvalidLanguageTag) => "invalid".to_owned(),
        };
        assert_eq!(answer, expected, "{requested:?} of a tenant with {tenants:?}");
    }

    #[test]
    fn resolves_tags() {
        check("en", "", "en");
        check("en-us", "", "en-US");
        check("en_PH", "", "en-US");
        check("en-AU", "", "en-GB");
        check("en-CA", "", "en");
        check("en-Latn-GB", "", "en-GB");
        check("pt", "", "pt-BR");
        check("PT-br", "", "pt-BR");
        check("pt-AO", "", "pt-PT");
        check("zh", "", "zh-Hans");
        check("zh_CN", "", "zh-Hans");
        check("zh-TW", "", "zh-Hant");
        check("zh-Hans-HK", "", "zh-Hans");
        check("zh-Hant-CN", "", "zh-Hant");
        check("en-US-u-ca-gregory", "", "en-US");
    }

    #[test]
    fn falls_back_and_says_so() {
        check("fr", "", "en (fallback)");
        check("fr-BR", "pt-BR", "en (fallback)");
        check("und-Cyrl", "", "en (fallback)");
        check("", "de-DE", "en (fallback)");
    }

    #[test]
    fn finds_out_what_is_not_known() {
        check("und", "", "en (detect)");
        check("UND", "pt-PT", "pt-PT (detect)");
        check("und", "fr", "en (detect)");
        check("und", "und", "en (detect)");
        check("", "und", "en (detect)");
    }

    #[test]
    fn an_empty_tag_takes_the_tenants() {
        check("", "", "en");
        check("", "pt-PT", "pt-PT");
        check("en-GB", "pt-PT", "en-GB");
    }

    #[test]
    fn refuses_what_is_no_tag() {
        check("english", "", "invalid");
        check("e", "", "invalid");
        check("en-", "", "invalid");
        check("_en", "", "invalid");
        check("pt BR", "", "invalid");
        check("中文", "", "invalid");
        check(&"en-".repeat(40), "", "invalid");
    }
}
