//! Characters that no one types: a replacement character, or text that was read in the wrong encoding. What can be taken out without a
//! doubt is taken out before (`answer/characters.rs`).

use std::sync::LazyLock;

use regex::Regex;
use vermilion_engine::text::Span;

use super::{GuardCode, Pair, Place};
use crate::polishing::guard::pattern;

/// A replacement character; UTF-8 that was read as Latin-1 or as Windows-1252; the pieces of tokenizers.
static DAMAGE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\u{FFFD}|â€[\u{99}\u{9C}\u{9D}™œ\u{201C}\u{201D}¦“”]|Ã[\u{A0}-\u{BF}]|Â[\u{A0}-\u{BF}]|ï»¿|<0x[0-9A-F]{2}>|\x{2581}|Ġ|锟斤拷|烫烫烫",
    )
});

/// Compiles its pattern.
pub(in crate::polishing::guard) fn compile_patterns() {
    LazyLock::force(&DAMAGE);
}

pub(super) fn find(pair: &Pair<'_>, _: GuardCode) -> Vec<Place> {
    let (draft, reply) = (pair.case.draft, pair.case.reply);
    let fresh = DAMAGE.find_iter(reply).filter(|found| !draft.contains(found.as_str()));
    fresh.map(|found| Place::of_reply(Span::new(found.start(), found.end()))).collect()
}
