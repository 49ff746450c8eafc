//! The elements of HTML: which divide text, which hold none, which hold code. Knows no document.

/// Divides the text before it from the text after it, as a block.
pub(super) const BLOCK: u16 = 1;
/// Has no end tag.
pub(super) const VOID: u16 = 1 << 1;
/// Of the WHATWG's "special" category: the end tag of an ordinary element does not reach over it.
pub(super) const SPECIAL: u16 = 1 << 2;
/// Ends the scope in which an open element is looked for.
pub(super) const SCOPE: u16 = 1 << 3;
/// Its start tag ends an open paragraph.
pub(super) const ENDS_P: u16 = 1 << 4;
/// Holds program code, or what is typed into a computer.
pub(super) const CODE: u16 = 1 << 5;
/// Holds nothing that is read as text.
pub(super) const UNSEEN: u16 = 1 << 6;
/// Stands in the line as an object: an image, a button.
pub(super) const OBJECT: u16 = 1 << 7;
/// Begins content of another language of markup, in which `/>` closes a tag.
pub(super) const FOREIGN: u16 = 1 << 8;
/// Keeps its line ends.
pub(super) const PREFORMATTED: u16 = 1 << 9;

/// Its text is struck out.
pub(super) const STRUCK_OUT: u16 = 1 << 10;

const PLAIN_BLOCK: u16 = BLOCK | SPECIAL | ENDS_P;
const CELL: u16 = BLOCK | SPECIAL | SCOPE;

/// All elements that are more than a name, sorted.
const ELEMENTS: &[(&str, u16)] = &[
    ("address", PLAIN_BLOCK),
    ("applet", SPECIAL | SCOPE | OBJECT),
    ("area", VOID | SPECIAL),
    ("article", PLAIN_BLOCK),
    ("aside", PLAIN_BLOCK),
    ("audio", UNSEEN | OBJECT),
    ("base", VOID | SPECIAL),
    ("basefont", VOID | SPECIAL),
    ("bgsound", VOID | SPECIAL),
    ("blockquote", PLAIN_BLOCK),
    ("body", BLOCK | SPECIAL),
    ("br", VOID | SPECIAL),
    ("button", SPECIAL | OBJECT),
    ("canvas", UNSEEN | OBJECT),
    ("caption", CELL),
    ("center", PLAIN_BLOCK),
    ("code", CODE),
    ("col", VOID | SPECIAL),
    ("colgroup", BLOCK | SPECIAL),
    ("datalist", UNSEEN),
    ("dd", PLAIN_BLOCK),
    ("del", STRUCK_OUT),
    ("details", PLAIN_BLOCK),
    ("dialog", BLOCK | ENDS_P),
    ("dir", PLAIN_BLOCK),
    ("div", PLAIN_BLOCK),
    ("dl", PLAIN_BLOCK),
    ("dt", PLAIN_BLOCK),
    ("embed", VOID | SPECIAL | OBJECT),
    ("fieldset", PLAIN_BLOCK),
    ("figcaption", PLAIN_BLOCK),
    ("figure", PLAIN_BLOCK),
    ("footer", PLAIN_BLOCK),
    ("form", PLAIN_BLOCK),
    ("frame", VOID | SPECIAL),
    ("frameset", BLOCK | SPECIAL),
    ("h1", PLAIN_BLOCK),
    ("h2", PLAIN_BLOCK),
    ("h3", PLAIN_BLOCK),
    ("h4", PLAIN_BLOCK),
    ("h5", PLAIN_BLOCK),
    ("h6", PLAIN_BLOCK),
    ("head", BLOCK | SPECIAL),
    ("header", PLAIN_BLOCK),
    ("hgroup", PLAIN_BLOCK),
    ("hr", PLAIN_BLOCK | VOID),
    ("html", BLOCK | SPECIAL | SCOPE),
    ("iframe", SPECIAL | UNSEEN | OBJECT),
    ("img", VOID | SPECIAL | OBJECT),
    ("input", VOID | SPECIAL | OBJECT),
    ("kbd", CODE),
    ("keygen", VOID | SPECIAL | OBJECT),
    ("legend", BLOCK),
    ("li", PLAIN_BLOCK),
    ("link", VOID | SPECIAL),
    ("listing", PLAIN_BLOCK | CODE),
    ("main", PLAIN_BLOCK),
    ("marquee", SPECIAL | SCOPE | BLOCK),
    ("math", UNSEEN | OBJECT | FOREIGN),
    ("menu", PLAIN_BLOCK),
    ("meta", VOID | SPECIAL),
    ("nav", PLAIN_BLOCK),
    ("noembed", SPECIAL | UNSEEN),
    ("noframes", SPECIAL | UNSEEN),
    ("noscript", SPECIAL | UNSEEN),
    ("object", SPECIAL | SCOPE | OBJECT),
    ("ol", PLAIN_BLOCK),
    ("optgroup", BLOCK),
    ("option", BLOCK),
    ("p", PLAIN_BLOCK),
    ("param", VOID | SPECIAL),
    ("plaintext", PLAIN_BLOCK | CODE),
    ("pre", PLAIN_BLOCK | CODE),
    ("rp", UNSEEN),
    ("rt", UNSEEN | OBJECT),
    ("s", STRUCK_OUT),
    ("samp", CODE),
    ("script", SPECIAL | UNSEEN),
    ("search", PLAIN_BLOCK),
    ("section", PLAIN_BLOCK),
    ("select", SPECIAL | OBJECT),
    ("source", VOID | SPECIAL),
    ("strike", STRUCK_OUT),
    ("style", SPECIAL | UNSEEN),
    ("summary", PLAIN_BLOCK),
    ("svg", UNSEEN | OBJECT | FOREIGN),
    ("table", BLOCK | SPECIAL | SCOPE | ENDS_P),
    ("tbody", BLOCK | SPECIAL),
    ("td", CELL),
    ("template", SPECIAL | SCOPE | UNSEEN),
    ("textarea", BLOCK | SPECIAL | PREFORMATTED),
    ("tfoot", BLOCK | SPECIAL),
    ("th", CELL),
    ("thead", BLOCK | SPECIAL),
    ("title", BLOCK | SPECIAL | UNSEEN),
    ("tr", BLOCK | SPECIAL),
    ("track", VOID | SPECIAL),
    ("ul", PLAIN_BLOCK),
    ("video", UNSEEN | OBJECT),
    ("wbr", VOID | SPECIAL),
    ("xmp", PLAIN_BLOCK | CODE),
];

/// How many elements there are to [`Element`]: the known ones, and as many classes of unknown names.
pub(super) const ELEMENT_COUNT: usize = 256 + 256;

const _: () = assert!(ELEMENTS.len() <= 256);

/// An element by its name. Unknown names share 256 classes: two that share one are taken for each other, which at worst
/// ends an element early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Element(u16);

impl Element {
    /// By name, in any case of letters.
    pub(super) fn named(name: &str) -> Self {
        let mut lower = [0; 16];
        let known = lower.get_mut(..name.len()).and_then(|lower| {
            lower.copy_from_slice(name.as_bytes());
            lower.make_ascii_lowercase();
            ELEMENTS.binary_search_by(|(known, _)| known.as_bytes().cmp(lower)).ok()
        });
        #[expect(clippy::cast_possible_truncation, reason = "both are below 256")]
        match known {
            Some(index) => Self(index as u16),
            None => {
                let hash = name
                    .bytes()
                    .fold(7_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(u32::from(byte.to_ascii_lowercase())));
                Self(256 + ((hash ^ (hash >> 11)) & 0xFF) as u16)
            }
        }
    }

    /// Its number, below [`ELEMENT_COUNT`].
    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }

    /// What it is: a set of the constants of this module.
    pub(super) fn flags(self) -> u16 {
        ELEMENTS.get(self.index()).map_or(0, |(_, flags)| *flags)
    }

    /// Whether it has any of these flags.
    pub(super) fn is(self, flags: u16) -> bool {
        self.flags() & flags != 0
    }
}

/// The number of a name of the table, found when the program is compiled.
const fn known(name: &str) -> Element {
    let mut index = 0;
    while index < ELEMENTS.len() {
        if same(ELEMENTS[index].0.as_bytes(), name.as_bytes()) {
            #[expect(clippy::cast_possible_truncation, reason = "the table is shorter than 256")]
            return Element(index as u16);
        }
        index += 1;
    }
    panic!("not in the table")
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

pub(super) const ADDRESS: Element = known("address");
pub(super) const BLOCKQUOTE: Element = known("blockquote");
pub(super) const BODY: Element = known("body");
pub(super) const BR: Element = known("br");
pub(super) const BUTTON: Element = known("button");
pub(super) const DD: Element = known("dd");
pub(super) const DIV: Element = known("div");
pub(super) const DT: Element = known("dt");
pub(super) const HTML: Element = known("html");
pub(super) const LI: Element = known("li");
pub(super) const OPTGROUP: Element = known("optgroup");
pub(super) const OPTION: Element = known("option");
pub(super) const P: Element = known("p");
pub(super) const TABLE: Element = known("table");
pub(super) const TBODY: Element = known("tbody");
pub(super) const TD: Element = known("td");
pub(super) const TFOOT: Element = known("tfoot");
pub(super) const TH: Element = known("th");
pub(super) const THEAD: Element = known("thead");
pub(super) const TR: Element = known("tr");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_small_letters_do_not_matter() {
        assert!(ELEMENTS.is_sorted_by(|(a, _), (b, _)| a < b));
        for (name, flags) in ELEMENTS {
            assert_eq!(Element::named(&name.to_uppercase()).flags(), *flags, "{name}");
        }
        assert_eq!(Element::named("o:p"), Element::named("O:P"));
        assert_eq!(Element::named("a-very-long-name-of-an-element").flags(), 0);
        assert_ne!(Element::named("b"), Element::named("i"));
        assert_ne!(Element::named("span"), Element::named("font"));
    }
}
