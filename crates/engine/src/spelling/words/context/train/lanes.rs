//! Puts the bars of the two lanes: from which log-odds on a member is said to be another. Knows no features.
//!
//! A bar is where most wrong words are found for the fewest right words marked, each pair of members at the same price of a false
//! mark; the price is such that all pairs together stay within a lane's budget. What is found is counted on the written examples, which
//! are as agents write, where a member has enough of them.

use super::super::model::{LaneBars, LogOdds, MemberScores};

/// Marks in a million words of right text that all pairs together may cause, in text that the weights were not learnt from. Its writers'
/// slips count, too, where they are not known: of what is marked of Portuguese text they are two in five, so that it may have more than
/// the 100 and 500 false ones that the lanes promise, patterns and accents included.
#[derive(Clone, Copy, Debug)]
pub struct LaneBudget {
    /// For everyone.
    pub error: f64,
    /// With hints.
    pub hint: f64,
}

/// That of words that lost an accent, without the slips that are known.
pub(super) const ACCENT_BUDGET: LaneBudget = LaneBudget { error: 55.0, hint: 185.0 };

/// No bar is lower, however well the text behaves, where a word is rare; where it is frequent, right places themselves say where the
/// bar has to be, and it may be lower by so much for each factor of ten that there are more than [`FEW_PLACES`].
const LEAST_ERROR: LogOdds = 2.0;
const LEAST_HINT: LogOdds = 0.0;
const FEW_PLACES: f32 = 300.0;
const LOWER_BY_TENFOLD: LogOdds = 1.0;

/// By so much a bar is raised for each factor of ten that there are fewer right places than [`ENOUGH_RIGHT_PLACES`]: of a word that
/// manuals hardly have, replies have uses that nobody has seen.
const RAISED_BY_TENFOLD: LogOdds = 1.5;
const ENOUGH_RIGHT_PLACES: f32 = 1_000.0;

/// Wrong places by which a bar can be judged.
const ENOUGH_PLACES: u32 = 12;

/// Where a bar lies that cannot be: so much above the least, and above all right places.
const UNJUDGED_MARGIN: LogOdds = 1.5;

/// What was found at one place by weights that were not learnt from it.
#[derive(Clone, Copy, Debug)]
pub(super) struct JudgedPlace {
    /// What stands there, rightly.
    pub member: usize,
    /// Whether it was written as an example.
    pub is_example: bool,
    /// How many such places there are.
    pub count: u32,
    /// Of all members.
    pub scores: MemberScores,
    /// Its number among the set's places.
    pub number: usize,
}

/// A set, judged.
#[derive(Clone, Debug)]
pub(super) struct JudgedSet {
    /// Its number in the corpus.
    pub number: usize,
    /// Its members.
    pub members: Vec<String>,
    /// Its places.
    pub places: Vec<JudgedPlace>,
}

/// How a pair did on text that the weights were not learnt from.
#[derive(Clone, Debug, PartialEq)]
pub struct PairFigures {
    /// As written.
    pub written: String,
    /// What was meant.
    pub meant: String,
    /// The bars.
    pub error_bar: LogOdds,
    /// The bars.
    pub hint_bar: LogOdds,
    /// Places where `written` is right.
    pub right_places: u64,
    /// Places where `meant` is right: each a place to write the other.
    pub wrong_places: u64,
    /// Right places that the lanes mark.
    pub false_marks: [u64; 2],
    /// Wrong places that the lanes find.
    pub found: [u64; 2],
}

/// One pair: log-odds of the other member where this one is right, and where the other is, highest first.
struct Pair {
    right: Vec<(LogOdds, u32)>,
    wrong: Vec<(LogOdds, u32)>,
    /// What a found place of the other member is worth: words that agents write often are confused often. The rarer of the two tells how
    /// often: `a` is in every second sentence and `à` is rare, so that few write `à` for `a`.
    importance: f64,
}

impl Pair {
    fn new(set: &JudgedSet, written: usize, meant: usize) -> Self {
        let odds = |gold: usize, only: bool| {
            let of_gold = set.places.iter().filter(|place| place.member == gold && (place.is_example || !only));
            let mut odds: Vec<(LogOdds, u32)> =
                of_gold.map(|place| (place.scores[meant] - place.scores[written], place.count)).collect();
            odds.sort_by(|(one, _), (other, _)| other.total_cmp(one));
            odds
        };
        let examples = |member: usize| -> u32 {
            let of_member = set.places.iter().filter(|place| place.member == member && place.is_example);
            of_member.map(|place| place.count).sum()
        };
        let (of_meant, of_written) = (examples(meant), examples(written));
        let only = of_meant >= ENOUGH_PLACES;
        let importance = f64::from(of_meant.min(of_written).max(ENOUGH_PLACES)).sqrt();
        Self { right: odds(written, false), wrong: odds(meant, only), importance }
    }

    /// The bar at a price: wrong places, as a share of all, that one right place in a million words is worth.
    fn bar(&self, price: f64, words: u64, least: LogOdds) -> LogOdds {
        let right_places: u32 = self.right.iter().map(|(_, count)| count).sum();
        let least = least - LOWER_BY_TENFOLD * (right_places as f32 / FEW_PLACES).max(1.0).log10();
        let raise = RAISED_BY_TENFOLD * (ENOUGH_RIGHT_PLACES / right_places.max(1) as f32).max(1.0).log10();
        let wrong_places: u32 = self.wrong.iter().map(|(_, count)| count).sum();
        let highest = self.right.first().map_or(least, |(odds, _)| *odds);
        if wrong_places < ENOUGH_PLACES {
            return (highest + 0.5).max(least + UNJUDGED_MARGIN) + raise;
        }
        let per_million = 1e6 / words as f64;
        let (mut best, mut best_value) = (highest.max(least) + 1.0, 0.0_f64);
        let (mut found, mut marked, mut next) = (0_u64, 0_u64, 0);
        let mut at = 0;
        while at < self.wrong.len() {
            let bar = self.wrong[at].0;
            if bar < least {
                break;
            }
            while at < self.wrong.len() && self.wrong[at].0 >= bar {
                found += u64::from(self.wrong[at].1);
                at += 1;
            }
            while next < self.right.len() && self.right[next].0 >= bar {
                marked += u64::from(self.right[next].1);
                next += 1;
            }
            let value = self.importance * found as f64 / f64::from(wrong_places) - price * marked as f64 * per_million;
            if value > best_value {
                (best, best_value) = (bar, value);
            }
        }
        best + raise
    }

    fn marked(&self, bar: LogOdds) -> u64 {
        above(&self.right, bar)
    }

    fn found(&self, bar: LogOdds) -> u64 {
        above(&self.wrong, bar)
    }
}

fn above(odds: &[(LogOdds, u32)], bar: LogOdds) -> u64 {
    odds.iter().take_while(|(odds, _)| *odds >= bar).map(|(_, count)| u64::from(*count)).sum()
}

/// The bars of each set by member as written and member that was meant, and how they do.
pub(super) fn set_bars(sets: &[JudgedSet], words: u64, budget: LaneBudget) -> (Vec<Vec<LaneBars>>, Vec<PairFigures>) {
    let pairs: Vec<Vec<Option<Pair>>> = sets
        .iter()
        .map(|set| {
            let members = set.members.len();
            let both = (0..members).flat_map(|written| (0..members).map(move |meant| (written, meant)));
            both.map(|(written, meant)| (written != meant).then(|| Pair::new(set, written, meant))).collect()
        })
        .collect();
    let all: Vec<&Pair> = pairs.iter().flatten().flatten().collect();
    let error_price = price(&all, words, budget.error, LEAST_ERROR);
    let hint_price = price(&all, words, budget.hint, LEAST_HINT);
    let (mut bars, mut figures) = (Vec::new(), Vec::new());
    for (JudgedSet { members, .. }, pairs) in sets.iter().zip(&pairs) {
        let mut own = Vec::new();
        for (index, pair) in pairs.iter().enumerate() {
            let Some(pair) = pair else {
                own.push(LaneBars::NEVER);
                continue;
            };
            let error = pair.bar(error_price, words, LEAST_ERROR);
            let hint = pair.bar(hint_price, words, LEAST_HINT).min(error);
            own.push(LaneBars { error, hint });
            figures.push(PairFigures {
                written: members[index / members.len()].clone(),
                meant: members[index % members.len()].clone(),
                error_bar: error,
                hint_bar: hint,
                right_places: pair.marked(LogOdds::NEG_INFINITY),
                wrong_places: pair.found(LogOdds::NEG_INFINITY),
                false_marks: [pair.marked(error), pair.marked(hint)],
                found: [pair.found(error), pair.found(hint)],
            });
        }
        bars.push(own);
    }
    (bars, figures)
}

/// The lowest price at which all pairs together keep to a budget of false marks in a million words.
fn price(pairs: &[&Pair], words: u64, budget: f64, least: LogOdds) -> f64 {
    let (mut low, mut high) = (1e-4_f64, 1e4_f64);
    for _ in 0..30 {
        let middle = (low * high).sqrt();
        let marks: u64 = pairs.iter().map(|pair| pair.marked(pair.bar(middle, words, least))).sum();
        if marks as f64 * 1e6 / words as f64 > budget {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_keep_to_the_budget_and_find_what_they_can() {
        let place = |member, score, count| JudgedPlace {
            member,
            is_example: false,
            count,
            scores: [0.0, score, 0.0, 0.0],
            number: 0,
        };
        let mut places = vec![place(0, -5.0, 900_000), place(0, 4.0, 100), place(0, 9.0, 1)];
        places.extend([place(1, 8.0, 60), place(1, 3.0, 40)]);
        let sets = [JudgedSet { number: 0, members: vec!["of".to_owned(), "off".to_owned()], places }];
        let (bars, figures) = set_bars(&sets, 1_000_000, LaneBudget { error: 65.0, hint: 200.0 });
        let pair = &figures[0];
        assert_eq!((pair.written.as_str(), pair.meant.as_str()), ("of", "off"));
        assert!(pair.error_bar > 4.0 && pair.error_bar <= 8.0, "{pair:?}");
        assert_eq!((pair.false_marks[0], pair.found[0]), (1, 60));
        assert_eq!((pair.false_marks[1], pair.found[1]), (101, 100));
        assert_eq!(bars[0][0], LaneBars::NEVER);
    }
}
