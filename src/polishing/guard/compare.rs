//! Which facts of a reply are those of its draft. Pure.

use super::{
    GuardCode,
    facts::{Fact, Home, Value},
    language::DetectedLanguage,
    units,
};

/// The most facts that are compared: a text with more is compared as far as this, and then by their number.
const MAX_FACTS: usize = 400;

/// What became of the facts of a draft. Indices are those of the facts of each text.
#[derive(Debug, Default)]
pub(super) struct FactMatch {
    /// Of the draft and of the reply, where they say the same.
    pub(super) pairs: Vec<(usize, usize)>,
    /// What changed: of the draft, of the reply, or one for the other.
    pub(super) changes: Vec<FactChange>,
    /// Whether there are too many to compare and their numbers differ.
    pub(super) differs_in_number: bool,
}

/// A fact that was left out, added, or stated otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FactChange {
    pub(super) code: GuardCode,
    pub(super) draft: Option<usize>,
    pub(super) reply: Option<usize>,
}

/// Compares them. O(draft * reply), of which there are at most [`MAX_FACTS`] each.
pub(super) fn compare(draft: &[Fact], reply: &[Fact], language: Option<DetectedLanguage>) -> FactMatch {
    let home = Home::of(draft, units::home(language));
    let differs_in_number = draft.len().max(reply.len()) > MAX_FACTS && draft.len() != reply.len();
    let (draft, reply) = (&draft[..draft.len().min(MAX_FACTS)], &reply[..reply.len().min(MAX_FACTS)]);
    let mut pairs = Vec::new();
    let mut used = vec![false; reply.len()];
    // What must be there first, so that it is not taken by what need not.
    let mut open: Vec<usize> = (0..draft.len()).filter(|at| draft[*at].required).collect();
    open.extend((0..draft.len()).filter(|at| !draft[*at].required));
    let same: &dyn Fn(&Fact, &Fact) -> bool = &|fact, other| fact.equals(other);
    let alike: &dyn Fn(&Fact, &Fact) -> bool = &|fact, other| fact.matches(other, &home);
    // What is written alike first, so that nothing is taken by what is only like it.
    for matches in [same, alike] {
        open.retain(|&fact| {
            let like = |required: bool| {
                (0..reply.len())
                    .find(|&at| !used[at] && reply[at].required == required && matches(&draft[fact], &reply[at]))
            };
            let found = like(true).or_else(|| like(false));
            if let Some(at) = found {
                used[at] = true;
                pairs.push((fact, at));
            }
            found.is_none()
        });
    }
    // Sums and days of the draft may be stated again; and things may be counted: "there are two ways".
    let again = |fact: &Fact| fact.code() != GuardCode::NumberChanged && draft.iter().any(|other| other.equals(fact));
    let is_new = |at: &usize| {
        let fact = &reply[*at];
        fact.required && !used[*at] && !fact.is_small_count && !again(fact)
    };
    let mut added: Vec<usize> = (0..reply.len()).filter(is_new).collect();
    let mut changes = Vec::new();
    open.sort_unstable();
    for fact in open.iter().copied().filter(|at| draft[*at].required) {
        // What has the same number and another unit, or is of the same kind.
        let same_number = |at: &usize| reply[*at].value.equals(&draft[fact].value);
        let same_kind = |at: &usize| reply[*at].code() == draft[fact].code();
        let other = added.iter().position(same_number).or_else(|| added.iter().position(same_kind));
        let other = other.map(|at| added.remove(at));
        let code = match (draft[fact].code(), other) {
            (GuardCode::NumberChanged, Some(other)) => reply[other].code(),
            (code, _) => code,
        };
        changes.push(FactChange { code, draft: Some(fact), reply: other });
    }
    // Words that may come and go, but not one for another: "this week" is not "next week".
    let mut rivals = open.iter().copied().filter(|at| !draft[*at].required);
    let unused = |at: &usize| !used[*at] && !again(&reply[*at]);
    for other in (0..reply.len()).filter(unused).filter(|at| matches!(reply[*at].value, Value::Relative(..))) {
        let is_rival = |fact: &usize| match (&draft[*fact].value, &reply[other].value) {
            (Value::Relative(one, _), Value::Relative(another, _)) => one == another,
            _ => false,
        };
        if let Some(fact) = rivals.find(is_rival) {
            added.retain(|at| *at != other);
            changes.push(FactChange { code: GuardCode::DateChanged, draft: Some(fact), reply: Some(other) });
        }
    }
    changes.extend(added.into_iter().map(|at| FactChange { code: reply[at].code(), draft: None, reply: Some(at) }));
    pairs.sort_unstable();
    FactMatch { pairs, changes, differs_in_number }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{facts, fold::fold, language::detect_language, numerals::to_digits},
        *,
    };

    #[track_caller]
    fn check(draft: &str, reply: &str, expected: &[GuardCode]) {
        let read = |text: &str| facts::read(to_digits(fold(text).as_str()).as_str());
        let found = compare(&read(draft), &read(reply), detect_language(draft)).changes;
        let codes: Vec<GuardCode> = found.iter().map(|change| change.code).collect();
        assert_eq!(codes, expected, "{draft} / {reply}");
    }

    use GuardCode::{AmountChanged, DateChanged, NumberChanged, TimeChanged};

    #[test]
    fn a_value_keeps_its_currency() {
        check("合計NT$23,500，請付款", "合計HK$23,500，請付款", &[AmountChanged]);
        check("共NT$500，请付款", "共500元，请付款", &[]);
        check("pay $15 or 82.40 by the 18th", "Please pay $15 or $82.40 by the 18th.", &[]);
        check("its 46.30 w/ shipping", "It is $46.30 with shipping.", &[]);
        check("its 46.30 w/ shipping, €5 off", "It is $46.30 with shipping and €5 off.", &[AmountChanged]);
        check("u hv 12 photos, $5 each", "You have $12 photos, $5 each.", &[AmountChanged]);
        check("custa 129,90 no site", "Custa R$ 129,90 no site.", &[]);
    }

    #[test]
    fn a_number_keeps_what_it_counts() {
        check("prazo de 15 (quinze) dias úteis", "O prazo é de 15 dias úteis.", &[]);
        check("prazo de 15 (quinze) dias úteis", "O prazo é de 15 (quinze) dias.", &[NumberChanged]);
        check("prazo de 15 (quinze) dias", "O prazo é de 15 (quinze) meses.", &[NumberChanged]);
        check("fifteen (15) days", "15 days", &[]);
        check("tome de 12 em 12 horas", "Tome a cada 12 horas.", &[]);
        check("tome de 12 em 12 horas", "Tome a cada 8 horas.", &[NumberChanged]);
        check("stay 3 nights", "Stay for 3 days.", &[NumberChanged]);
        check("一共两样东西", "一共两项东西。", &[]);
        check("一共三样东西", "一共两项东西。", &[NumberChanged]);
    }

    #[test]
    fn days_and_weeks_from_now() {
        check("sai hoje", "Sai amanhã.", &[DateChanged]);
        check("chega amanhã", "Chega hoje.", &[DateChanged]);
        check("今天发货", "明天发货", &[DateChanged]);
        check("后天到", "大后天到", &[DateChanged]);
        check("this week we ship it", "We will ship it next week.", &[DateChanged]);
        check("下周二到", "下周二送到。", &[]);
        check("下周二到", "本周二送到。", &[DateChanged]);
        check("we call u 2moro", "We will call you tomorrow.", &[]);
        check("appt on weds 10.45", "Your appointment is on Wednesday at 10.45.", &[]);
        check("hi, thx for writing", "Hi, thank you for writing to us today.", &[]);
        check("the day after tomorrow at 5pm", "The day after tomorrow at 6 pm.", &[TimeChanged]);
        check("its 4 ur car", "It is for your car.", &[]);
    }
}
