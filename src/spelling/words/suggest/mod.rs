//! stub
use super::vocabulary::Vocabulary;
use crate::spelling::finding::Suggestion;
#[derive(Debug)]
pub struct Budget(u32);
impl Budget {
    pub const fn new(s: u32) -> Self {
        Self(s)
    }
    pub fn is_spent(&self) -> bool {
        self.0 == 0
    }
    pub fn was_cut(&self) -> bool {
        false
    }
}
pub fn suggest(_v: &Vocabulary, _w: &str, _l: usize, _b: &mut Budget) -> Vec<Suggestion> {
    Vec::new()
}
