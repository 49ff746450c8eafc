//! Which characters look alike: pairs that strokes and components make easy to take for each other.

use rustc_hash::FxHashMap;

use super::rewriting::parse_rows;

/// A line of a table of shapes that cannot be understood.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("shapes, line {line}: expected a character, a tab and the characters that look like it")]
pub struct ShapesError {
    /// Counted from 1.
    pub line: usize,
}

/// For each character those that look like it, in one string of characters.
#[derive(Debug)]
pub struct SimilarShapes {
    similar: Vec<char>,
    ranges: FxHashMap<char, (u32, u32)>,
}

impl SimilarShapes {
    /// Parses lines of `character TAB similar characters`.
    ///
    /// # Errors
    /// A line that is neither empty, a comment (`#`) nor of this form.
    pub fn parse(text: &str) -> Result<Self, ShapesError> {
        let mut shapes = Self { similar: Vec::new(), ranges: FxHashMap::default() };
        for row in parse_rows("shapes", text, "a character, a tab and the characters that look like it") {
            let (line, character, similar) = row.map_err(|error| ShapesError { line: error.line })?;
            let mut characters = character.chars();
            let (Some(c), None) = (characters.next(), characters.next()) else { return Err(ShapesError { line }) };
            let start = shapes.similar.len() as u32;
            shapes.similar.extend(similar.chars());
            shapes.ranges.insert(c, (start, shapes.similar.len() as u32));
        }
        Ok(shapes)
    }

    /// The characters that look like `c`, the most similar first.
    #[must_use]
    pub(crate) fn similar_to(&self, c: char) -> &[char] {
        let Some(&(start, end)) = self.ranges.get(&c) else { return &[] };
        &self.similar[start as usize..end as usize]
    }

    /// Whether the table has one for the other.
    #[must_use]
    pub(crate) fn are_similar(&self, a: char, b: char) -> bool {
        self.similar_to(a).contains(&b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_up_similar_characters() {
        let shapes = SimilarShapes::parse("己\t已巳\n未\t末\n").unwrap();
        assert_eq!(shapes.similar_to('己'), ['已', '巳']);
        assert!(shapes.are_similar('未', '末'));
        assert!(!shapes.are_similar('未', '己'));
        assert!(shapes.similar_to('天').is_empty());
    }

    #[test]
    fn a_malformed_line_is_named() {
        assert_eq!(SimilarShapes::parse("己\t已\n未末\n").unwrap_err(), ShapesError { line: 2 });
    }
}
