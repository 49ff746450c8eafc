//! The numbers of the ranking, fitted together. What each one means is all that is known here.
//!
//! Fitted by coordinate search on lists of English and Portuguese misspellings and on simulated slips of the keyboard, first
//! on half of each list (the other half gained nearly as much), then on all of them, and rounded.

/// Costs are hundredths of an edit; frequencies and scores are hundredths of the Zipf scale (see
/// [`super::super::common`]).
#[derive(Clone, Debug)]
pub(super) struct RankingWeights {
    /// `a` for `ã`: so cheap that a word may lack all of its accents.
    pub(super) accent_dropped: u16,
    /// `ã` for `a`.
    pub(super) accent_added: u16,
    /// `á` for `ã`.
    pub(super) accent_wrong: u16,
    /// `c` for `ç`.
    pub(super) cedilla_dropped: u16,
    /// One vowel for another.
    pub(super) vowels: u16,
    /// A letter for one that sounds alike.
    pub(super) alike: u16,
    /// A letter for one beside it on the keyboard.
    pub(super) neighbours: u16,
    /// Any letter for any other.
    pub(super) others: u16,
    /// A vowel left out.
    pub(super) missing_vowel: u16,
    /// A consonant left out.
    pub(super) missing_consonant: u16,
    /// One of two equal letters left out.
    pub(super) missing_double: u16,
    /// A hyphen, an apostrophe or a full stop left out.
    pub(super) missing_mark: u16,
    /// An `h`, mute in Portuguese, left out.
    pub(super) missing_h: u16,
    /// A letter too many.
    pub(super) extra: u16,
    /// The letter before it once more.
    pub(super) extra_double: u16,
    /// A letter beside the one before or after it on the keyboard.
    pub(super) extra_neighbour: u16,
    /// A hyphen or an apostrophe too many.
    pub(super) extra_mark: u16,
    /// A letter held: the rest of three or more.
    pub(super) elongation: u16,
    /// Two letters in each other's place.
    pub(super) swap: u16,
    /// Added to an edit of the first letter, which writers get right more often.
    pub(super) first: u16,
    /// Respellings of several letters, by how readily they are confused.
    pub(super) sounds: [u16; 5],
    /// What a whole edit takes off the frequency.
    pub(super) edit: u16,
    /// Frequencies above it count as this: `the` is no likelier to be meant than `this`.
    pub(super) most_frequent: u16,
    /// By so much less each letter past the fifth lets a search expect of the most frequent word still to be found, since long
    /// words are rarer. Down to a limit.
    pub(super) rarer_letter: u16,
    /// See `rarer_letter`.
    pub(super) rarer_limit: u16,
    /// Frequency of a form that only the full lexicon has: below all of the common tier.
    pub(super) rare: u16,
    /// Frequency of a word of a supplement that the common tier lacks.
    pub(super) supplement: u16,
    /// Taken off a name for a word typed in small letters.
    pub(super) name: u16,
    /// Taken off a spelling that the preferred variety does not have.
    pub(super) variety: u16,
    /// The highest cost: this, and for each letter typed that, up to a limit.
    pub(super) max_cost: u16,
    /// See `max_cost`.
    pub(super) max_cost_letter: u16,
    /// See `max_cost`.
    pub(super) max_cost_limit: u16,
    /// The highest cost for a word of a supplement.
    pub(super) max_cost_supplement: u16,
    /// The highest cost for a form of the full lexicons, which are too large to search further.
    pub(super) max_cost_rare: u16,
    /// The same, if the first word is an article, a pronoun or a preposition, which stand before any word.
    pub(super) split_of_function_word: u16,
    /// What a missing space takes off: less than a cost would, since words in a row attract each other.
    pub(super) split: u16,
    /// Taken off a word of which only one part between hyphens was corrected.
    pub(super) part: u16,
    /// Candidates this far below the best are not worth a search: one is 250 times as likely as the other.
    pub(super) margin: u16,
}

/// See the module.
pub(super) const WEIGHTS: RankingWeights = RankingWeights {
    accent_dropped: 10,
    accent_added: 35,
    accent_wrong: 15,
    cedilla_dropped: 15,
    vowels: 95,
    alike: 75,
    neighbours: 105,
    others: 135,
    missing_vowel: 60,
    missing_consonant: 75,
    missing_double: 35,
    missing_mark: 30,
    missing_h: 45,
    extra: 130,
    extra_double: 75,
    extra_neighbour: 105,
    extra_mark: 50,
    elongation: 5,
    swap: 65,
    first: 20,
    sounds: [40, 60, 85, 100, 20],
    edit: 375,
    most_frequent: 600,
    rarer_letter: 25,
    rarer_limit: 450,
    rare: 80,
    supplement: 300,
    name: 85,
    variety: 10,
    max_cost: 120,
    max_cost_letter: 20,
    max_cost_limit: 300,
    max_cost_supplement: 200,
    max_cost_rare: 130,
    split_of_function_word: 280,
    split: 380,
    part: 100,
    margin: 240,
};
