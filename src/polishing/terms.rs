//! The words of a tenant's dictionary that a draft holds: they must stand in the reply as they are. Pure; knows no tenant and no store.

use vermilion_engine::{glossary::Glossary, text::Span};

/// So many different words are kept: a draft that has more is kept in the first ones.
const MAX_TERMS: usize = 100;

/// The words of the dictionary in a text, each once and as it is written there, with where it stands first. O(length).
#[must_use]
pub(crate) fn find(text: &str, glossary: &Glossary) -> Vec<(String, Span)> {
    let mut terms: Vec<(String, Span)> = Vec::new();
    for span in glossary.find(text) {
        let term = span.slice(text);
        if terms.len() < MAX_TERMS && !terms.iter().any(|(known, _)| known == term) {
            terms.push((term.to_owned(), span));
        }
    }
    terms
}

/// Those that stand in the reply neither letter for letter nor in another form that the dictionary allows (a word in small letters at the
/// beginning of a sentence). O(terms x length).
pub(crate) fn missing<'t>(
    terms: &'t [(String, Span)],
    reply: &str,
    glossary: &Glossary,
) -> impl Iterator<Item = &'t (String, Span)> {
    let found = if terms.is_empty() { Vec::new() } else { glossary.find(reply) };
    let forms: Vec<String> = found.into_iter().map(|span| span.slice(reply).to_lowercase()).collect();
    terms.iter().filter(move |(term, _)| !forms.contains(&term.to_lowercase()) && !stands_in(reply, term))
}

fn stands_in(text: &str, term: &str) -> bool {
    let runs_on = |a: Option<char>, b: Option<char>| {
        let in_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && c < '\u{2E80}');
        in_word(a) && in_word(b)
    };
    text.match_indices(term).any(|(at, found)| {
        let end = at + found.len();
        !runs_on(text[..at].chars().next_back(), found.chars().next())
            && !runs_on(found.chars().next_back(), text[end..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(draft: &str, reply: &str, expected: &[&str]) {
        let glossary = Glossary::new(["FreteBox", "fio dourado", "nuvem", "飞连"]);
        let terms = find(draft, &glossary);
        let lost: Vec<&str> = missing(&terms, reply, &glossary).map(|(term, _)| term.as_str()).collect();
        assert_eq!(lost, expected, "{draft} > {reply}");
    }

    #[test]
    fn words_of_the_dictionary_stay_as_they_are() {
        check("your FreteBox is here", "Your FreteBox has arrived.", &[]);
        check("your FreteBox is here", "Your Fretebox has arrived.", &["FreteBox"]);
        check("your FreteBox is here", "Your freight box has arrived.", &["FreteBox"]);
        check("your FreteBox, FreteBox!", "Your FreteBoxes are here.", &["FreteBox"]);
        check("o fio dourado da nuvem", "O fio dourado da nossa nuvem", &[]);
        check("o fio dourado da nuvem", "O fio de ouro", &["fio dourado", "nuvem"]);
        check("Nuvem", "nuvem", &[]);
        check("a nuvem caiu", "Nuvem fora do ar: a nuvens caiu", &[]);
        check("FRETEBOX!", "FreteBox.", &[]);
        check("FRETEBOX!", "Fretebox.", &["FRETEBOX"]);
        check("请打开飞连客户端", "请您打开飞连客户端。", &[]);
        check("请打开飞连客户端", "请您打开飞联客户端。", &["飞连"]);
        check("nothing of it", "Nothing", &[]);
    }
}
