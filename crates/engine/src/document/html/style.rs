//! The few declarations of a `style` attribute that matter for reading text. Knows no other CSS.

/// What a `style` attribute says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct InlineStyle {
    /// Whether the element is not shown.
    pub(super) hidden: bool,
    /// Whether line ends are kept; `None`: not said.
    pub(super) preformatted: Option<bool>,
    /// Whether letters are too small to be seen; `None`: not said, or a part of the size around it.
    pub(super) tiny: Option<bool>,
    /// Whether it is a block of its own.
    pub(super) block: bool,
    /// Whether its text is struck out.
    pub(super) struck_out: bool,
    /// The attribute in small letters without blanks if it draws a border; empty otherwise.
    pub(super) border: String,
}

/// Reads an attribute. O(length).
pub(super) fn read(style: &str) -> InlineStyle {
    let mut read = InlineStyle::default();
    let (mut borders, mut clips, mut has_no_size) = (false, false, false);
    for declaration in style.split(';') {
        let Some((property, value)) = declaration.split_once(':') else { continue };
        let (property, value) = (property.trim(), value.trim());
        let value = value.strip_suffix("!important").unwrap_or(value).trim_end();
        let is = |name: &str| property.eq_ignore_ascii_case(name);
        match property.len() {
            // `font: 0/0 a`: the size is the first number.
            4 if is("font") => {
                let size = value.split([' ', '/']).find(|part| part.starts_with(|c: char| c.is_ascii_digit()));
                read.tiny = size.and_then(is_tiny).or(read.tiny);
            }
            5 if is("width") => has_no_size |= is_zero(value),
            6 if is("height") => has_no_size |= is_zero(value),
            7 if is("display") => {
                read.hidden |= value.eq_ignore_ascii_case("none");
                read.block |= is_block(value);
            }
            7 if is("opacity") => read.hidden |= is_zero(value),
            8 if is("mso-hide") => read.hidden |= value.eq_ignore_ascii_case("all"),
            8 if is("overflow") => clips |= value.eq_ignore_ascii_case("hidden"),
            9 if is("font-size") => read.tiny = is_tiny(value),
            9 if is("max-width") => has_no_size |= is_zero(value),
            10 if is("max-height") => has_no_size |= is_zero(value),
            10 if is("visibility") => read.hidden |= is_unseen(value),
            11 if is("white-space") => {
                read.preformatted = Some(value.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("pre")));
            }
            15 | 20 if is("text-decoration") || is("text-decoration-line") => {
                read.struck_out |= value.to_ascii_lowercase().contains("line-through");
            }
            _ => borders |= property.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("border")),
        }
    }
    read.hidden |= clips && has_no_size;
    if borders {
        read.border = style.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect();
    }
    read
}

/// Whether a value of `visibility` hides.
fn is_unseen(value: &str) -> bool {
    ["hidden", "collapse"].iter().any(|hidden| value.eq_ignore_ascii_case(hidden))
}

/// Whether a value of `display` makes a block, or the cell of a table.
fn is_block(value: &str) -> bool {
    const BLOCKS: [&str; 6] = ["block", "flex", "grid", "list-item", "table", "flow-root"];
    let begins = |start: &str| value.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start));
    BLOCKS.iter().any(|block| value.eq_ignore_ascii_case(block)) || begins("table-")
}

/// The number of a value, and its unit.
fn number(value: &str) -> Option<(f32, &str)> {
    let length = value.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    Some((value[..length].parse().ok()?, value[length..].trim()))
}

fn is_zero(value: &str) -> bool {
    number(value).is_some_and(|(number, _)| number == 0.0)
}

/// Whether a size of letters is none, or the single pixel that senders use to hide the first line of a message.
fn is_tiny(value: &str) -> Option<bool> {
    match number(value) {
        Some((0.0, _)) => Some(true),
        // A part of the size around it, which may be none.
        Some((_, "em" | "%")) => None,
        Some((size, unit)) => Some(size <= 1.0 && (unit.is_empty() || unit.eq_ignore_ascii_case("px"))),
        None if value.eq_ignore_ascii_case("inherit") => None,
        None => Some(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_matters() {
        let hidden = [
            "display:none",
            "color: red; DISPLAY : None !important",
            "mso-hide:all",
            "visibility:hidden;",
            "visibility: Collapse",
        ];
        assert!(hidden.iter().all(|style| read(style).hidden));
        let shown = ["", "display:block", "display", "content:'display:none", "border:0;;:"];
        assert!(shown.iter().all(|style| !read(style).hidden));
        let hidden = ["opacity:0", "opacity: 0.0", "max-height:0px;overflow:hidden", "overflow: hidden; width:0"];
        assert!(hidden.iter().all(|style| read(style).hidden));
        let shown = ["opacity:0.5", "max-height:0", "height:0px;overflow:visible", "overflow:hidden;max-width:600px"];
        assert!(shown.iter().all(|style| !read(style).hidden));
        let sizes = ["0", "0px", "1px", "0.0em", "14px", "1pt", "1em", "50%", "small", "inherit"];
        let tiny =
            [Some(true), Some(true), Some(true), Some(true), Some(false), Some(false), None, None, Some(false), None];
        assert_eq!(sizes.map(|size| read(&format!("font-size:{size}")).tiny), tiny);
        let sizes = ["0/0 a", "bold 14px/20px Arial", "italic 0px/1 serif", "inherit", "700 12px Arial"];
        let tiny = [Some(true), Some(false), Some(true), None, Some(false)];
        assert_eq!(sizes.map(|size| read(&format!("font:{size}")).tiny), tiny);
        let blocks = ["block", "FLEX", "inline-block", "inline", "table-cell", "none", "grid"];
        assert_eq!(
            blocks.map(|value| read(&format!("display:{value}")).block),
            [true, true, false, false, true, false, true]
        );
        assert!(
            read("text-decoration: underline line-through red").struck_out && !read("text-decoration:none").struck_out
        );
        assert_eq!(read("white-space:pre-wrap").preformatted, Some(true));
        assert_eq!(read("white-space: normal").preformatted, Some(false));
        assert_eq!(read("Border-Top: solid #E1E1E1 1.0pt").border, "border-top:solid#e1e1e11.0pt");
        assert_eq!(read("padding:0").border, "");
    }
}
