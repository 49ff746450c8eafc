//! The attributes of an element that matter for reading its text, and what they switch off and on. Knows no element.

use super::{mail::MailMarkers, style, tag::Tag};
use crate::document::SkipReason;

/// The attributes of an element that matter.
#[derive(Debug, Default)]
pub(super) struct TagAttributes<'s> {
    pub(super) marks: MailMarkers<'s>,
    pub(super) style: style::InlineStyle,
    pub(super) language: Option<&'s str>,
    pub(super) hidden: bool,
    /// Each `false` if the attribute says so, `true` if it says anything else.
    translate: Option<bool>,
    spellcheck: Option<bool>,
    editable: Option<bool>,
}

impl<'s> TagAttributes<'s> {
    pub(super) fn read(tag: Tag<'s>) -> Self {
        let mut read = Self::default();
        tag.each_attribute(|name, value| match name.len() {
            2 if name.eq_ignore_ascii_case("id") => read.marks.id = value,
            4 if name.eq_ignore_ascii_case("lang") => read.language = Some(value),
            4 if name.eq_ignore_ascii_case("name") => read.marks.name = value,
            4 if name.eq_ignore_ascii_case("type") => read.marks.kind = value,
            5 if name.eq_ignore_ascii_case("class") => read.marks.class = value,
            5 if name.eq_ignore_ascii_case("style") => read.style = style::read(value),
            6 if name.eq_ignore_ascii_case("hidden") => read.hidden = true,
            9 if name.eq_ignore_ascii_case("translate") => read.translate = Some(!value.eq_ignore_ascii_case("no")),
            10 if name.eq_ignore_ascii_case("spellcheck") => {
                read.spellcheck = Some(!value.eq_ignore_ascii_case("false"));
            }
            15 if name.eq_ignore_ascii_case("contenteditable") => {
                read.editable = Some(!value.eq_ignore_ascii_case("false"));
            }
            _ => {}
        });
        if read.translate.is_none() && read.marks.class.split_ascii_whitespace().any(|class| class == "notranslate") {
            read.translate = Some(false);
        }
        read
    }

    /// What the element switches off, of what is `around` it.
    pub(super) fn switches(&self, mut around: Switches) -> Switches {
        let off = |on: Option<bool>| on.map(|on| !on);
        around.set(Switches::TINY, self.style.tiny);
        around.set(Switches::TRANSLATE, off(self.translate));
        around.set(Switches::SPELLCHECK, off(self.spellcheck));
        around.set(Switches::EDITABLE, off(self.editable));
        around
    }
}

/// What attributes switch off for an element and, further in, on again: a bit for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Switches(u8);

impl Switches {
    const TINY: u8 = 1;
    const SPELLCHECK: u8 = 1 << 1;
    const EDITABLE: u8 = 1 << 2;
    const TRANSLATE: u8 = 1 << 3;
    const REASONS: [(u8, SkipReason); 4] = [
        (Self::TINY, SkipReason::Hidden),
        (Self::TRANSLATE, SkipReason::NotTranslatable),
        (Self::SPELLCHECK, SkipReason::SpellcheckOff),
        (Self::EDITABLE, SkipReason::NotEditable),
    ];

    /// Switches one off or on again, if anything is said of it.
    const fn set(&mut self, switch: u8, off: Option<bool>) {
        match off {
            Some(true) => self.0 |= switch,
            Some(false) => self.0 &= !switch,
            None => {}
        }
    }

    pub(super) fn reason(self) -> Option<SkipReason> {
        Self::REASONS.iter().find(|(switch, _)| self.0 & switch != 0).map(|&(_, reason)| reason)
    }
}
