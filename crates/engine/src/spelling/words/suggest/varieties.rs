//! A word as another variety of the language, or an older orthography, spells it: `apologise` for `apologize`, `contato` for
//! `contacto`, `activar` for `ativar`. Whoever wrote it slipped nowhere, so its own spelling comes before any that a slip would
//! explain. Knows spellings, not texts.

use crate::spelling::words::{common::CentiZipf, rules::Grammar, vocabulary::Vocabulary};

/// Groups of letters that the varieties of English write for each other. All places are tried.
const ENGLISH: &str = "is/iz ys/yz our/or tre/ter bre/ber gue/g ll/l ae/e oe/e ence/ense que/ck mme/m ey/ay yre/ire ph/f ough/ow \
    sc/sk t/ed ement/ment eable/able ou/o xion/ction ise/ize wards/ward";
/// The same for Portuguese.
const PORTUGUESE: &str = "ct/t cç/ç cc/c pt/t pç/ç mn/n nn/n bt/t gd/d ô/ó ê/é um/hum úm/húm sto/stro zas/zes ea/eja ía/íza \
    ü/u";
/// What the agreement of 1990 dropped: whoever writes it so wrote right once.
const BEFORE_THE_AGREEMENT: &str =
    "ct/t cç/ç cc/c pt/t pç/ç êem/eem ôo/oo qü/qu gü/gu éia/eia éic/eic óia/oia óic/oic óide/oide";
/// Words whose spellings follow no group.
const WORDS: &str = "cheque/check kerb/curb pyjamas/pajamas aluminium/aluminum jewellery/jewelry moustache/mustache tyre/tire \
    tyres/tires programme/program programmes/programs cosy/cozy learnt/learned spelt/spelled burnt/burned dreamt/dreamed \
    leapt/leaped spoilt/spoiled storey/story facto/fato factos/fatos equipa/equipe equipas/equipes controlo/controle \
    aceite/aceito percentagem/porcentagem planeamento/planejamento registo/registro registos/registros húmido/úmido \
    humidade/umidade húmida/úmida catorze/quatorze dezasseis/dezesseis dezassete/dezessete dezanove/dezenove \
    connosco/conosco";

/// A rarer word is not what somebody meant.
const LEAST: CentiZipf = 180;

/// The spelling that this vocabulary has of a word (in small letters) that it lacks; `in_other` says whether the other variety has
/// the word. The most frequent, where several are right.
pub(in crate::spelling::words) fn own_spelling(
    word: &str,
    grammar: Grammar,
    vocabulary: &Vocabulary,
    in_other: bool,
) -> Option<String> {
    let mut best: Option<(CentiZipf, String)> = None;
    let mut offer = |candidate: String| {
        if candidate != word && vocabulary.is_suggestible(&candidate) {
            let Some(frequency) = vocabulary.frequency(&candidate).filter(|frequency| *frequency >= LEAST) else {
                return;
            };
            if best.as_ref().is_none_or(|(kept, _)| *kept < frequency) {
                best = Some((frequency, candidate));
            }
        }
    };
    if in_other {
        for (one, other) in pairs(WORDS) {
            if word == one {
                offer(other.to_owned());
            } else if word == other {
                offer(one.to_owned());
            }
        }
        let groups = match grammar {
            Grammar::English => ENGLISH,
            Grammar::Portuguese => PORTUGUESE,
        };
        for (one, other) in pairs(groups) {
            replaced(word, one, other, &mut offer);
            replaced(word, other, one, &mut offer);
        }
    }
    if grammar == Grammar::Portuguese {
        for (old, new) in pairs(BEFORE_THE_AGREEMENT) {
            replaced(word, old, new, &mut offer);
        }
    }
    best.map(|(_, word)| word)
}

fn pairs(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    table.split_whitespace().filter_map(|pair| pair.split_once('/'))
}

/// Offers the word with each occurrence of a group replaced by another, and with all of them.
fn replaced(word: &str, from: &str, to: &str, offer: &mut impl FnMut(String)) {
    let mut places = 0;
    for (at, _) in word.match_indices(from) {
        offer([&word[..at], to, &word[at + from.len()..]].concat());
        places += 1;
    }
    if places > 1 {
        offer(word.replace(from, to));
    }
}
