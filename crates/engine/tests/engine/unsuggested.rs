//! No suggestion is obscene or insulting, whatever is typed: short strings, slips and codes, and each language's words of the
//! trade in the other languages. The words below were written apart from the lists that the program has.

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

use crate::SPELLER;
use vermilion_engine::language::{Language, resolve};

const NEVER_ENGLISH: &str = "arse ass asses asshole bastard bitch bitches bollocks boob boobs butt cock cocks coon crap cum cunt damn dick \
    dicks dildo dumb dyke fag fags fart fuck fucked fucker fucking goddamn hell hoe homo horny idiot idiots jap jerk moron negro \
    nigger paki penis piss pissed poop porn prick pubic pubis pussy queer rape raped rapist retard retarded scum semen sex sexy \
    shit shits shitty slut sluts spic stupid suck sucks tit tits turd twat vagina vulva wank whore whores wog";

const NEVER_PORTUGUESE: &str = "anal ânus arrombado babaca bicha bichas boceta boiola bosta buceta bucetas bucetos bunda burro cagar caralho caralhos cona \
    corno cornos cretino cu cus estuprar estupro estúpido fodam foda fode foder fodido idiota idiotas imbecil masturbar merda \
    merdas mijar otário otária peido peidar pênis pénis pentelho pica piroca porra púbis puta putas puto putos putaria punheta \
    retardado sapatão sexo tarado teta tetas tesão vadia vagabunda vagina veado viado viados xana xereca xota xoxota";

const ENGLISH: &[Language] = &[Language::EnglishUs, Language::EnglishGb];
const PORTUGUESE: &[Language] = &[Language::PortugueseBr, Language::PortuguesePt];

/// What is never suggested in a language: in Portuguese also what is English, but `negro`, which is a colour there.
fn never(language: Language) -> BTreeSet<&'static str> {
    let english = NEVER_ENGLISH.split_whitespace();
    if ENGLISH.contains(&language) {
        return english.collect();
    }
    english.filter(|word| *word != "negro").chain(NEVER_PORTUGUESE.split_whitespace()).collect()
}

/// Asks for the suggestions of every word in the languages; what is wrong with them, if anything.
fn unsuggestible(words: &[String], languages: &[Language]) -> String {
    let mut wrong = String::new();
    for &language in languages {
        let never = never(language);
        for word in words {
            for suggestion in SPELLER.suggest(word, language, 10) {
                let lower = suggestion.text.to_lowercase();
                if lower.split([' ', '-', '\'']).any(|part| never.contains(part)) {
                    _ = writeln!(wrong, "{language:?}: {word} -> {}", suggestion.text);
                }
            }
        }
    }
    wrong
}

#[track_caller]
fn check(words: impl IntoIterator<Item = String>, languages: &[Language]) {
    let words: Vec<String> = words.into_iter().collect();
    let wrong = unsuggestible(&words, languages);
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// All strings of two letters, and an eleventh of those of three.
#[test]
fn not_for_short_strings() {
    let letters = || 'a'..='z';
    let two = letters().flat_map(|one| letters().map(move |two| format!("{one}{two}")));
    let three = two.clone().flat_map(|two| letters().map(move |three| format!("{two}{three}"))).step_by(11);
    let all: Vec<String> = two.chain(three).collect();
    check(all.clone(), &ENGLISH[..1]);
    check(all, PORTUGUESE);
}

/// What was reported, codes and letters written as digits, and each word of the list with one letter missing, doubled, replaced
/// and swapped.
#[test]
fn not_for_what_is_near() {
    let reported = "put buckets btc tts pbix as ahs sh1t sh!t f*ck fuk fck fuc b1tch a55 azz d1ck c0ck cnt kunt hel dam krp \
        pvta pu7a p0rra m3rda c4ralho krl bct vsf fdp pqp cuz cux kus sexx sxe anl pubs ttis bithc ptua mreda";
    let mut words: Vec<String> = reported.split_whitespace().map(str::to_owned).collect();
    for word in NEVER_ENGLISH.split_whitespace().chain(NEVER_PORTUGUESE.split_whitespace()) {
        let letters: Vec<char> = word.chars().collect();
        let at = letters.len() / 2;
        let with = |change: &dyn Fn(&mut Vec<char>)| {
            let mut changed = letters.clone();
            change(&mut changed);
            changed.into_iter().collect::<String>()
        };
        words.push(with(&|letters| _ = letters.remove(at)));
        words.push(with(&|letters| letters.insert(at, letters[at])));
        words.push(with(&|letters| letters[at] = 'x'));
        words.push(with(&|letters| letters.swap(at - 1, at)));
        words.push(word.to_owned());
    }
    check(words.clone(), ENGLISH);
    check(words, PORTUGUESE);
}

/// The words of the trade that one language has, as somebody types them in another: every sixteenth.
#[test]
fn not_for_words_of_the_trade() {
    for (file, languages) in [("en", PORTUGUESE), ("pt", &ENGLISH[..1])] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dictionaries").join(file).join("supplement.txt");
        let list = fs::read_to_string(&path).expect("the supplement");
        let words = list.lines().filter(|line| !line.is_empty() && !line.starts_with('#') && line.is_ascii());
        check(words.step_by(16).map(str::to_owned), languages);
    }
}

/// What is typed right is right, and what a writer chose is theirs.
#[test]
fn what_is_typed_is_not_marked() {
    for (tag, word) in [("en", "damn"), ("en", "breast"), ("pt-BR", "porra"), ("pt-PT", "puto"), ("pt-BR", "sexo")] {
        assert!(SPELLER.accepts(word, resolve(tag, "").expect("a tag").language), "{word}");
    }
}
