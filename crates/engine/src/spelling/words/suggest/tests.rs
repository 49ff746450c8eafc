//! First answers in both languages, letter case, words never suggested, and bounds on the work.

use std::{
    borrow::Cow,
    fs,
    path::Path,
    sync::{Arc, LazyLock},
};

use fst::MapBuilder;

use super::{RankedSuggestions, SearchBudget, WORD_STEPS, suggest};
use crate::spelling::words::{
    common::CommonWords,
    lexicon::{FormFlags, Lexicon, LexiconBuilder, LexiconRules},
    run_ons::RunOns,
    supplement,
    vocabulary::Vocabulary,
};

static EN: LazyLock<Vocabulary> = LazyLock::new(|| committed("en", &["en-US", "en-GB"]));
static EN_US: LazyLock<Vocabulary> = LazyLock::new(|| committed("en", &["en-US"]));
static EN_GB: LazyLock<Vocabulary> = LazyLock::new(|| committed("en", &["en-GB"]));
static PT_BR: LazyLock<Vocabulary> = LazyLock::new(|| committed("pt", &["pt-BR"]));
static PT_PT: LazyLock<Vocabulary> = LazyLock::new(|| committed("pt", &["pt-PT"]));

/// The committed dictionaries, with a supplement of a few names: the committed one may change.
fn committed(language: &str, tags: &[&str]) -> Vocabulary {
    let read = |path: String| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dictionaries").join(path);
        Cow::Owned(fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
    };
    let lexicon = |tag: &&str| Arc::new(Lexicon::open(read(format!("{tag}/lexicon.bin")), false).unwrap());
    Vocabulary {
        lexicons: tags.iter().map(lexicon).collect(),
        supplements: vec![Arc::new(supplement::read("WhatsApp\nwhatsapp\niPhone\niphone\nchatbot\nSMS\n").unwrap())],
        common: Arc::new(CommonWords::open(read(format!("{language}/common.fst")), false).unwrap()),
        blocked: Arc::default(),
        run_ons: Arc::new(RunOns::read("a lot\nin fact\nde repente\ncom certeza\n").unwrap()),
    }
}

/// A vocabulary of a few words with flags and frequencies (0: none), in order.
fn small(words: &[(&str, FormFlags, u64)]) -> Vocabulary {
    let mut lexicon = LexiconBuilder::new(&LexiconRules::default()).unwrap();
    let mut common = MapBuilder::memory();
    for &(word, flags, frequency) in words {
        lexicon.insert(word.as_bytes(), flags).unwrap();
        if frequency > 0 {
            common.insert(word, frequency).unwrap();
        }
    }
    Vocabulary {
        lexicons: vec![Arc::new(Lexicon::open(lexicon.finish().unwrap().into(), false).unwrap())],
        supplements: Vec::new(),
        common: Arc::new(CommonWords::open(common.into_inner().unwrap().into(), false).unwrap()),
        blocked: Arc::default(),
        run_ons: Arc::new(RunOns::read("").unwrap()),
    }
}

fn texts(vocabulary: &Vocabulary, word: &str) -> Vec<String> {
    let suggestions = suggest(vocabulary, word, 5, &mut SearchBudget::new(u32::MAX)).suggestions;
    assert!(suggestions.len() <= 5, "{word}");
    assert!(suggestions.iter().all(|one| (0.0..=1.0).contains(&one.score)), "{word}: {suggestions:?}");
    assert!(suggestions.is_sorted_by(|one, next| one.score >= next.score), "{word}: {suggestions:?}");
    suggestions.iter().map(|one| one.text.clone()).collect()
}

/// Each line: words as typed, each with the first suggestion expected.
#[track_caller]
fn check(vocabulary: &Vocabulary, lines: &str) {
    let wrong: Vec<String> = lines
        .split_whitespace()
        .filter_map(|pair| {
            let (typed, expected) = pair.split_once('=')?;
            let found = texts(vocabulary, typed);
            let expected = expected.replace('_', " ");
            (found.first() != Some(&expected)).then(|| format!("{typed}: {expected} expected, {found:?} found"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn corrects_english() {
    check(&EN, "teh=the recieve=receive adress=address thier=their seperate=separate acommodate=accommodate");
    check(&EN, "definately=definitely occassionaly=occasionally beaurocracy=bureaucracy tommorow=tomorrow");
    check(&EN, "emial=email shipmnet=shipment refumd=refund paymwnt=payment delivrey=delivery cancle=cancel");
    check(&EN, "fone=phone enuf=enough nite=night eligable=eligible independant=independent knowlege=knowledge");
    check(&EN, "dont=don't youre=you're shoud've=should've goverment's=government's well-knwon=well-known");
}

#[test]
fn corrects_portuguese() {
    check(&PT_BR, "voce=você nao=não situacao=situação solicitacao=solicitação agradeco=agradeço naoo=não");
    check(&PT_BR, "excessão=exceção xato=chato mecher=mexer ancioso=ansioso infelismente=infelizmente kero=quero");
    check(&PT_BR, "atendimneto=atendimento obrigadu=obrigado Solisitação=Solicitação encaminha-lo=encaminhá-lo");
    check(&PT_PT, "telemovel=telemóvel atravez=através encomemda=encomenda bem-vimdo=bem-vindo facturaçao=faturação");
}

#[test]
fn collapses_elongations() {
    check(&EN, "sooooo=so helllloooo=hello pleeeaaassee=please yesssss=yes");
    check(&PT_BR, "nãooooo=não oiiii=oi obrigadaaaa=obrigada");
}

#[test]
fn divides_words_run_together() {
    check(&EN, "thankyou=thank_you aswell=as_well ofcourse=of_course creditcard=credit_card");
    check(&PT_BR, "porfavor=por_favor muitoobrigado=muito_obrigado");
    assert!(texts(&EN, "alot").contains(&"a lot".to_owned()));
}

#[test]
fn keeps_the_case_of_the_input() {
    check(&EN, "Teh=The TEH=THE THe=The paris=Paris Pariz=Paris PARIZ=PARIS Adress=Address ADRESS=ADDRESS");
    check(&EN, "whatsap=WhatsApp Whatsap=WhatsApp WHATSAP=WHATSAPP Ifone=iPhone Chatbott=Chatbot");
    check(&PT_BR, "Voce=Você VOCE=VOCÊ whatsap=WhatsApp");
}

#[test]
fn keeps_to_the_variety() {
    check(&EN_US, "colorr=color centree=center travveling=traveling");
    check(&EN_GB, "color=colour colorr=colour travveling=travelling");
    // Both are right; the first variety wins the tie.
    check(&EN, "neighborr=neighbor neighbourr=neighbour");
    check(&PT_BR, "telefonne=telefone");
}

#[test]
fn never_suggests_hidden_words() {
    let vocabulary = small(&[
        ("b", FormFlags::NONE, 500),
        ("ban", FormFlags::NONE, 0),
        ("bar", FormFlags::NO_SUGGEST, 600),
        ("bat", FormFlags::FORBIDDEN, 600),
        ("bay", FormFlags::ONLY_IN_COMPOUND, 0),
    ]);
    assert_eq!(texts(&vocabulary, "ba"), ["ban"]);
    assert_eq!(texts(&vocabulary, "BAM"), ["BAN"]);
}

#[test]
fn never_suggests_the_word_itself() {
    for word in ["the", "The", "THE", "Paris", "a", "WhatsApp"] {
        assert!(!texts(&EN, word).contains(&word.to_owned()), "{word}");
    }
}

#[test]
fn suggests_only_accepted_words() {
    for word in ["organisd", "Whatsap", "IFONE", "teh", "alott", "dosent", "GOVERMENT'S", "a-lott", "x", "qqq"] {
        for text in texts(&EN, word) {
            assert!(text.split(' ').all(|part| EN.accepts(part)), "{word}: {text}");
        }
    }
}

#[test]
fn bounds_the_work_for_one_word() {
    let garbage = ["á", "ab", "aeiou", "aeionrst", "qwrtz", "-", "a-", "'", "x's", "ssç", "\u{301}", "日本", "1a"];
    for part in garbage {
        for times in [1, 3, 5, 8, 40, 150] {
            let mut budget = SearchBudget::new(u32::MAX);
            _ = suggest(&PT_BR, &part.repeat(times), 10, &mut budget);
            assert!(u32::MAX - budget.steps <= WORD_STEPS, "{part} x {times}");
        }
    }
    let mut budget = SearchBudget::new(u32::MAX);
    assert_eq!(suggest(&EN, "", 5, &mut budget), RankedSuggestions::default());
    assert_eq!(suggest(&EN, "teh", 0, &mut budget), RankedSuggestions::default());
    assert_eq!(budget.steps, u32::MAX);
}

#[test]
fn bounds_the_work_for_a_text() {
    let mut budget = SearchBudget::new(3000);
    let first = suggest(&EN, "definately", 5, &mut budget);
    assert!(!first.cut);
    assert_eq!(first.suggestions.first().map(|one| one.text.as_str()), Some("definitely"));
    let last = (0..100).map(|_| suggest(&EN, "beaurocracy", 5, &mut budget)).last();
    assert!(budget.is_spent() && last.is_some_and(|ranked| ranked.cut));
}

#[test]
fn is_confident_of_a_single_answer() {
    let scores = |word| suggest(&EN, word, 5, &mut SearchBudget::new(u32::MAX)).suggestions;
    assert!(scores("recieve")[0].score > 0.95, "{:?}", scores("recieve"));
    assert!(scores("nite")[0].score < 0.9, "{:?}", scores("nite"));
}
