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
    ranges: FxHashMap<char, ShapeRange>,
}

/// The characters that look like one, in [`SimilarShapes::similar`].
#[derive(Clone, Copy, Debug)]
struct ShapeRange {
    start: u32,
    /// Where the notorious ones end.
    notorious: u32,
    end: u32,
}

impl SimilarShapes {
    /// Parses lines of `character TAB similar characters`, and sets, divided by blanks, of characters that are often written for each
    /// other by mistake (`#` for comments): these come first in each other's rows, whether the lines have them or not.
    ///
    /// # Errors
    /// A line of the first kind that is neither empty, a comment (`#`) nor of this form.
    pub fn parse(text: &str, notorious: &str) -> Result<Self, ShapesError> {
        let mut often: FxHashMap<char, Vec<char>> = FxHashMap::default();
        let sets = notorious.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace);
        for set in sets {
            for c in set.chars() {
                let others = often.entry(c).or_default();
                let new: Vec<char> = set.chars().filter(|other| *other != c && !others.contains(other)).collect();
                others.extend(new);
            }
        }
        let mut shapes = Self { similar: Vec::new(), ranges: FxHashMap::default() };
        for row in parse_rows("shapes", text, "a character, a tab and the characters that look like it") {
            let (line, character, similar) = row.map_err(|error| ShapesError { line: error.line })?;
            let mut characters = character.chars();
            let (Some(c), None) = (characters.next(), characters.next()) else { return Err(ShapesError { line }) };
            shapes.push(c, &often.remove(&c).unwrap_or_default(), similar);
        }
        let mut rest: Vec<(char, Vec<char>)> = often.into_iter().collect();
        rest.sort_unstable();
        rest.into_iter().for_each(|(c, notorious)| shapes.push(c, &notorious, ""));
        Ok(shapes)
    }

    fn push(&mut self, c: char, notorious: &[char], similar: &str) {
        let start = self.similar.len() as u32;
        self.similar.extend(notorious);
        let end_of_notorious = self.similar.len() as u32;
        self.similar.extend(similar.chars().filter(|other| !notorious.contains(other)));
        self.ranges.insert(c, ShapeRange { start, notorious: end_of_notorious, end: self.similar.len() as u32 });
    }

    /// The characters that look like `c`, the most similar first.
    #[must_use]
    pub(crate) fn similar_to(&self, c: char) -> &[char] {
        let Some(&ShapeRange { start, end, .. }) = self.ranges.get(&c) else { return &[] };
        &self.similar[start as usize..end as usize]
    }

    /// Those of them that are often written for `c` by mistake; the first ones.
    #[must_use]
    pub(crate) fn notorious_for(&self, c: char) -> &[char] {
        let Some(&ShapeRange { start, notorious, .. }) = self.ranges.get(&c) else { return &[] };
        &self.similar[start as usize..notorious as usize]
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
    fn notorious_characters_come_first_whether_the_table_has_them_or_not() {
        let shapes = SimilarShapes::parse("未\t来木末\n天\t无\n", "# sets\n末未 天夫\n拨拔 泼拨\n").unwrap();
        assert_eq!(shapes.similar_to('未'), ['末', '来', '木']);
        assert_eq!(shapes.notorious_for('未'), ['末']);
        assert_eq!(shapes.similar_to('天'), ['夫', '无']);
        assert_eq!(shapes.notorious_for('拨'), ['拔', '泼']);
        assert!(shapes.notorious_for('木').is_empty());
    }

    #[test]
    fn looks_up_similar_characters() {
        let shapes = SimilarShapes::parse("己\t已巳\n未\t末\n", "").unwrap();
        assert_eq!(shapes.similar_to('己'), ['已', '巳']);
        assert!(shapes.are_similar('未', '末'));
        assert!(!shapes.are_similar('未', '己'));
        assert!(shapes.similar_to('天').is_empty());
    }

    #[test]
    fn a_malformed_line_is_named() {
        assert_eq!(SimilarShapes::parse("己\t已\n未末\n", "").unwrap_err(), ShapesError { line: 2 });
    }
}
