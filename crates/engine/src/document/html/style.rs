//! The few declarations of a `style` attribute that matter for reading text. Knows no other CSS.

/// What a `style` attribute says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct InlineStyle {
    /// Whether the element is not shown.
    pub(super) hidden: bool,
    /// Whether line ends are kept; `None`: not said.
    pub(super) preformatted: Option<bool>,
    /// The attribute in small letters without blanks if it draws a border; empty otherwise.
    pub(super) border: String,
}

/// Reads an attribute. O(length).
pub(super) fn read(style: &str) -> InlineStyle {
    let mut read = InlineStyle::default();
    let mut borders = false;
    for declaration in style.split(';') {
        let Some((property, value)) = declaration.split_once(':') else { continue };
        let (property, value) = (property.trim(), value.trim());
        let value = value.strip_suffix("!important").unwrap_or(value).trim_end();
        if property.eq_ignore_ascii_case("display") {
            read.hidden |= value.eq_ignore_ascii_case("none");
        } else if property.eq_ignore_ascii_case("visibility") {
            read.hidden |= value.eq_ignore_ascii_case("hidden");
        } else if property.eq_ignore_ascii_case("mso-hide") {
            read.hidden |= value.eq_ignore_ascii_case("all");
        } else if property.eq_ignore_ascii_case("white-space") {
            read.preformatted = Some(value.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("pre")));
        } else if property.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("border")) {
            borders = true;
        }
    }
    if borders {
        read.border = style.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect();
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_matters() {
        let hidden = ["display:none", "color: red; DISPLAY : None !important", "mso-hide:all", "visibility:hidden;"];
        assert!(hidden.iter().all(|style| read(style).hidden));
        let shown = ["", "display:block", "display", "content:'display:none", "border:0;;:"];
        assert!(shown.iter().all(|style| !read(style).hidden));
        assert_eq!(read("white-space:pre-wrap").preformatted, Some(true));
        assert_eq!(read("white-space: normal").preformatted, Some(false));
        assert_eq!(read("Border-Top: solid #E1E1E1 1.0pt").border, "border-top:solid#e1e1e11.0pt");
        assert_eq!(read("padding:0").border, "");
    }
}
