//! Numbers that are said twice and meant once: "15 (quinze) dias úteis", "de 12 em 12 horas".

use super::{Placed, Value, units};

/// Makes one fact of each such pair, with the unit that either has.
pub(super) fn merge(text: &str, placed: &mut Vec<Placed>) {
    let mut at = 1;
    while at < placed.len() {
        let (one, other) = (&placed[at - 1], &placed[at]);
        let same = matches!(one.fact.value, Value::Number(_)) && one.fact.value.equals(&other.fact.value);
        let between = &text[one.fact.span.end..other.start.max(one.fact.span.end)];
        let between = between.trim_matches(|c: char| c.is_whitespace() || !c.is_ascii() && !c.is_alphabetic());
        let in_brackets = between == "(" && text[other.fact.span.end..].starts_with(')');
        let in_turns = between == "em" && text[..one.start].trim_end().ends_with("de");
        if !(same && (in_brackets || in_turns && one.fact.unit.is_none())) {
            at += 1;
            continue;
        }
        let again = placed.remove(at).fact;
        let one = &mut placed[at - 1];
        let behind = if in_brackets { units::after(&text[again.span.end + 1..]) } else { None };
        let end = again.span.end + behind.map_or(usize::from(in_brackets), |(_, taken)| taken + 1);
        one.fact.unit = one.fact.unit.or(again.unit).or(behind.map(|(unit, _)| unit));
        one.fact.required |= again.required;
        one.fact.is_bare &= one.fact.unit.is_none();
        one.fact.span.end = end;
        one.end = end;
    }
}
