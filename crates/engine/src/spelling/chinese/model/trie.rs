//! The words, as a tree of characters: the path to a node spells a word or the beginning of one.
//!
//! Nodes are numbered level by level, so the children of a node stand together, those of a later node later: one array of first
//! children describes the tree. Its inverse, the parent of a node, is a search in the same array, which every 64th parent,
//! stored, keeps short. A word's number is that of its node, so neither words nor their numbers are stored.

use std::{fmt, ops::Deref};

use super::{
    ModelWordId,
    bits::{self, ArrayLayout},
};

/// Characters of the longest word that a model holds.
pub(crate) const MAX_WORD_LEN: usize = 16;

/// Bits of a node's number: three make a key of 63.
pub(super) const NODE_BITS: u32 = 21;

/// As many nodes as a tree may have.
pub(super) const MAX_NODES: usize = 1 << NODE_BITS;

/// Bits of a character that do not count in [`Trie::root_index`].
const ROOT_SHIFT: u32 = 3;

/// Nodes from one stored parent to the next.
const PARENT_STRIDE: usize = 64;

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct WordCharacters {
    /// Filled from the end.
    letters: [char; MAX_WORD_LEN],
    start: usize,
}

impl Deref for WordCharacters {
    type Target = [char];

    fn deref(&self) -> &[char] {
        &self.letters[self.start..]
    }
}

impl fmt::Display for WordCharacters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().try_for_each(|letter| fmt::Write::write_char(f, *letter))
    }
}

impl fmt::Debug for WordCharacters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Where the tree lies in the bytes of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trie {
    /// By node, the character that leads to it; none leads to the root, node 0.
    pub(super) letters: ArrayLayout,
    /// By node, its first child, or where it would stand; one more number at the end.
    pub(super) children: ArrayLayout,
    /// By every 64th node, its parent.
    pub(super) parents: ArrayLayout,
}

impl Trie {
    /// Nodes, the root included.
    pub(super) fn node_count(&self) -> usize {
        self.letters.len
    }

    /// Whether the arrays are as long as one another asks for.
    pub(super) fn is_consistent(&self) -> bool {
        self.node_count() > 0
            && self.children.len == self.node_count() + 1
            && self.parents.len == self.node_count().div_ceil(PARENT_STRIDE)
    }

    /// The first children of the root, to begin a search among them with: by the characters above their lowest [`ROOT_SHIFT`]
    /// bits, the first child from those on, and the root's last child plus one at the end.
    pub(super) fn root_index(&self, bytes: &[u8]) -> Box<[u32]> {
        let (letters, children) = (self.letters.view(bytes), self.children.view(bytes));
        let (first, end) = (children.get(0), children.get(1).min(self.node_count() as u32));
        let mut roots = Vec::new();
        for child in first..end {
            let group = (letters.get(child as usize) >> ROOT_SHIFT) as usize;
            if group >= roots.len() && group <= char::MAX as usize >> ROOT_SHIFT {
                roots.resize(group + 1, child);
            }
        }
        roots.push(end);
        roots.into()
    }

    /// The node that a character leads to from the root, with the help of [`Trie::root_index`].
    #[inline]
    pub(super) fn root_child(&self, bytes: &[u8], roots: &[u32], letter: char) -> Option<u32> {
        let group = (u32::from(letter) >> ROOT_SHIFT) as usize;
        let (first, end) = (*roots.get(group)?, *roots.get(group + 1)?);
        let found = self.letters.view(bytes).find(first as usize, end as usize, letter.into());
        found.map(|child| child as u32)
    }

    /// The node that a character leads to from a node. O(log siblings).
    #[inline]
    pub(super) fn child(&self, bytes: &[u8], node: u32, letter: char) -> Option<u32> {
        let children = self.children.view(bytes);
        let node = node as usize;
        let (first, end) = (children.get(node) as usize, children.get(node + 1) as usize);
        if first >= end || end > self.node_count() {
            return None;
        }
        self.letters.view(bytes).find(first, end, u32::from(letter)).map(|child| child as u32)
    }

    /// The characters that lead to a node: none for the root and for numbers beyond the last node.
    pub(super) fn spell(&self, bytes: &[u8], word: ModelWordId) -> WordCharacters {
        let letters = self.letters.view(bytes);
        let (mut node, mut start) = (word.index(), MAX_WORD_LEN);
        let mut spelled = ['\0'; MAX_WORD_LEN];
        if node < self.node_count() {
            while node > 0 && start > 0 {
                start -= 1;
                spelled[start] = char::from_u32(letters.get(node)).unwrap_or(char::REPLACEMENT_CHARACTER);
                node = self.parent(bytes, node);
            }
        }
        WordCharacters { letters: spelled, start }
    }

    /// The last node whose first child is not after this one.
    fn parent(&self, bytes: &[u8], node: usize) -> usize {
        let (children, parents) = (self.children.view(bytes), self.parents.view(bytes));
        let sample = node / PARENT_STRIDE;
        let from = parents.get(sample) as usize;
        let to = if sample + 1 < self.parents.len { parents.get(sample + 1) as usize + 1 } else { self.node_count() };
        children.lower_bound(from, to.min(self.node_count()), node as u32 + 1).saturating_sub(1)
    }
}

/// A tree on its way into a file.
#[derive(Debug)]
pub(super) struct TrieBuilder {
    letters: Vec<u32>,
    parents: Vec<u32>,
    /// By word, in the order given, its node.
    nodes: Vec<u32>,
}

impl TrieBuilder {
    /// The tree of words that are not empty, not longer than [`MAX_WORD_LEN`], and ascend.
    pub(super) fn new(words: &[&str]) -> Self {
        let words: Vec<Vec<char>> = words.iter().map(|word| word.chars().collect()).collect();
        let mut tree = Self { letters: vec![0], parents: vec![0], nodes: vec![0; words.len()] };
        for level in 0..MAX_WORD_LEN {
            // Words that begin alike are neighbours, and so share the node that the first of them made.
            let (mut last, first) = (None, tree.letters.len());
            for (word, node) in words.iter().zip(&mut tree.nodes) {
                let Some(&letter) = word.get(level) else { continue };
                if last != Some((*node, letter)) {
                    last = Some((*node, letter));
                    tree.letters.push(letter.into());
                    tree.parents.push(*node);
                }
                *node = tree.letters.len() as u32 - 1;
            }
            if tree.letters.len() == first {
                break;
            }
        }
        tree
    }

    /// By node, whether it is a word.
    pub(super) fn word_marks(&self) -> Vec<u32> {
        let mut words = vec![0; self.len()];
        self.nodes.iter().for_each(|&node| words[node as usize] = 1);
        words
    }

    /// By word, in the order given to [`TrieBuilder::new`], its number.
    pub(super) fn word_nodes(&self) -> &[u32] {
        &self.nodes
    }

    /// Nodes, the root included.
    pub(super) fn len(&self) -> usize {
        self.letters.len()
    }

    /// The sections `letters`, `children` and `parents`.
    pub(super) fn sections(&self) -> [Vec<u8>; 3] {
        let parents = &self.parents[1..];
        let first_child = |node: usize| 1 + parents.partition_point(|&parent| (parent as usize) < node) as u32;
        let children: Vec<u32> = (0..=self.letters.len()).map(first_child).collect();
        let sampled: Vec<u32> = self.parents.iter().copied().step_by(PARENT_STRIDE).collect();
        [bits::encode_array(&self.letters), bits::encode_array(&children), bits::encode_array(&sampled)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(words: &[&str]) {
        let builder = TrieBuilder::new(words);
        let mut bytes = Vec::new();
        let [letters, children, parents] = builder.sections().map(|section| {
            let place = bits::array_layout(&section, bytes.len()).expect("an array");
            bytes.extend(section);
            place
        });
        bytes.extend([0; bits::PADDING]);
        let trie = Trie { letters, children, parents };
        assert!(trie.is_consistent());
        let roots = trie.root_index(&bytes);
        for other in ['\0', 'a', '㐀', '〇', '\u{10FFFF}'] {
            assert_eq!(trie.root_child(&bytes, &roots, other), None);
        }
        for (word, &node) in words.iter().zip(builder.word_nodes()) {
            assert_eq!(trie.spell(&bytes, ModelWordId(node)).to_string(), **word);
            let found = word.chars().try_fold(0, |node, letter| trie.child(&bytes, node, letter));
            assert_eq!(found, Some(node), "{word}");
            let first = word.chars().next().expect("not empty");
            assert_eq!(trie.root_child(&bytes, &roots, first), trie.child(&bytes, 0, first), "{word}");
        }
        for node in 0..trie.node_count() as u32 {
            let spelled = trie.spell(&bytes, ModelWordId(node)).to_string();
            assert!(node == 0 || words.iter().any(|word| word.starts_with(&spelled)), "{spelled:?} begins no word");
            assert_eq!(trie.child(&bytes, node, '\u{10FFFF}'), None);
        }
        assert_eq!(&*trie.spell(&bytes, ModelWordId(trie.node_count() as u32)), &[] as &[char]);
    }

    #[test]
    fn words_are_spelled_and_found() {
        check(&[]);
        check(&["我"]);
        check(&["iPad", "中", "中国", "中国人", "中心", "国", "国家", "𠮷野家"]);
        check(&["一二三四五六七八九十一二三四五六"]);
        let many: Vec<String> =
            (0x4E00..0x5200).map(|c| char::from_u32(c).into_iter().chain(['的']).collect()).collect();
        check(&many.iter().map(String::as_str).collect::<Vec<_>>());
    }
}
