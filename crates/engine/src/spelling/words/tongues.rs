//! Languages that we do not check, told by their commonest words: enough to leave a sentence alone and say what it is in. Knows
//! words, no dictionary and no text.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::language::LanguageCode;

/// A set of languages, a bit for each row of [`TONGUES`].
type TongueSet = u16;

/// Languages that are checked are here to be told from those that share their words. ISO 639-1 codes, and words that are frequent in any text of the language, in small letters. A word may stand in several rows: together
/// they tell.
const TONGUES: [(&str, &str); 16] = [
    (
        "es",
        "el la los las de del que y en un una por con para su sus se lo al le les es son está están no si sí pero más como muy \
         ya ha han he hay fue ser usted ustedes nosotros nuestro nuestra gracias hola pedido este esta esto ese esa cuando donde \
         también puede pueden podemos tiene tienen hoy mañana favor buenos buenas días tardes estimado estimada saludos \
         desde hasta sobre sin porque qué cómo aquí mi me te tu nos cuenta",
    ),
    (
        "en",
        "the and you your is are was were we our to of for with this that have has will would can please thank thanks hi hello dear not \
         it i be been on at from by if what when sorry my in any us there here yes let know best regards should could may an \
         all so but as about get back soon he she they them his her their do does did no or out up its had more",
    ),
    (
        "pt",
        "o a os as de do da dos das em no na nos nas um uma que e é são foi com para por pelo pela seu sua seus suas ao aos à às não \
         mais como mas se já muito você vocês nós nosso nossa obrigado obrigada olá bom dia boa tarde pedido está estão ser ter tem \
         temos quando também ou até depois amanhã hoje isso este esta me te lhe ele ela qualquer dúvida desculpe",
    ),
    (
        "fr",
        "le la les de des du un une et est sont à au aux en dans pour par sur avec que qui ne pas nous vous votre vos notre nos je \
         il elle ils se sa son ses ce cette ces mais ou où si plus très bien être avoir été avez avons merci bonjour bonsoir \
         commande cordialement veuillez monsieur madame c'est d'une n'est j'ai l'équipe avant après aussi comme tout tous \
         peut pouvez pouvons sera mon ma mes leur y on",
    ),
    (
        "de",
        "der die das den dem des ein eine einen einem einer und ist sind war nicht mit von zu zum zur für auf im in an am bei aus \
         nach wir sie ihr ihre ihren ihnen ich es er uns unser unsere haben hat wird werden kann können auch als wie noch nur \
         oder aber wenn dass sehr bitte danke hallo guten tag vielen dank grüße liebe sehr geehrte bestellung über um durch \
         bis diese dieser dieses keine mein heute morgen",
    ),
    (
        "it",
        "il lo la i gli le di del della dei delle da dal in nel nella un una uno e è sono per con che non si su sul come anche ma \
         più suo sua suoi nostro nostra nostri noi lei mi ci vi ha hanno abbiamo stato grazie buongiorno ciao ordine gentile cordiali \
         saluti può possiamo questo questa questi se o al alla ai alle molto bene quando dove oggi domani prego subito",
    ),
    (
        "nl",
        "de het een en van is dat die in op te zijn was voor met aan niet er maar om ook als bij nog naar dan wij we u uw ons onze \
         ik je jouw heeft hebben kan kunnen wordt worden bent deze dit door over uit dank bedankt hallo beste groet groeten \
         bestelling goedemorgen vriendelijke graag geen zal zullen moet",
    ),
    (
        "pl",
        "i w na z do się nie to że jest są był była od za po o dla przez jak ale czy tak ten ta te tego pan pani państwa państwu \
         proszę dziękuję dziękujemy dzień dobry witam zamówienie zamówienia pozdrawiam mamy może można już tylko bardzo nam nas nasz \
         nasza twoje twój ma będzie zostało został oraz lub ze przy we by",
    ),
    (
        "tr",
        "ve bir bu için ile de da ne çok olarak olan var yok daha sonra gibi kadar ama en siz sizin biz bizim ben merhaba teşekkür \
         teşekkürler ederim ederiz lütfen sipariş siparişiniz iyi günler sayın değil mi mı olduğu olup her şey bugün yarın \
         şimdi hesabınız tarafından üzere veya ancak",
    ),
    (
        "ro",
        "și în la de cu pe nu este sunt un o din pentru care să că ce mai am ați avem fi sau dar dacă vă ne dvs dumneavoastră \
         mulțumim mulțumesc bună ziua comanda comandă prin după va vom fost acest această foarte astăzi",
    ),
    (
        "sv",
        "och i att det som en på är av för med den till inte har de ett om vi ni er vår ditt din du jag kan ska men så från tack hej \
         god dag beställning vänliga hälsningar eller nu också mycket blir har varit idag imorgon",
    ),
    (
        "da",
        "og i at det som en på er af for med den til ikke har de et om vi jer jeres vores din du jeg kan skal men så fra tak hej god \
         dag ordre venlig hilsen eller nu også meget bliver været i dag deres bestilling",
    ),
    (
        "no",
        "og i at det som en på er av for med den til ikke har de et om vi dere deres vår din du jeg kan skal men så fra takk hei god \
         dag ordre vennlig hilsen eller nå også mye blir vært bestillingen ditt",
    ),
    (
        "cs",
        "a v na se že je to s z do ne pro jsem jsme jste jsou by ale jak o po za od už vám vás váš vaše vaši nám náš naše dobrý den \
         děkuji děkujeme prosím objednávka objednávku pozdravem může můžete velmi bude byl byla také nebo když dnes zítra",
    ),
    (
        "hu",
        "a az és hogy nem is egy ez azt meg de van volt már csak mint el ha vagy még ön önnek önt mi köszönjük köszönöm kérjük kérem \
         rendelés rendelése tisztelt üdvözlettel jó napot lesz lehet nagyon szerint után nincs",
    ),
    (
        "id",
        "yang dan di ke dari untuk dengan ini itu tidak ada akan anda kami saya kita pada adalah sudah bisa dapat atau juga karena \
         oleh telah terima kasih silakan mohon pesanan selamat pagi siang hari kepada lebih jika akun belum",
    ),
];

static WORDS: LazyLock<FxHashMap<&'static str, TongueSet>> = LazyLock::new(|| {
    let mut words: FxHashMap<&'static str, TongueSet> = FxHashMap::default();
    for (number, (_, list)) in TONGUES.iter().enumerate() {
        for word in list.split_whitespace() {
            *words.entry(word).or_default() |= 1 << number;
        }
    }
    words
});

/// Counts the commonest words of each language in a sentence.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TongueCounts {
    /// Of all words.
    all: [u16; TONGUES.len()],
    /// Of those that are no words of the language that is checked.
    strange: [u16; TONGUES.len()],
}

impl TongueCounts {
    /// Counts a word in small letters; `right`: it is a word of the language that is checked.
    pub(super) fn count(&mut self, lower: &str, right: bool) {
        let Some(&set) = WORDS.get(lower) else { return };
        // A single letter tells little.
        let right = right || lower.len() < 2;
        for number in (0..TONGUES.len()).filter(|number| set & 1 << number != 0) {
            self.all[number] += 1;
            self.strange[number] += u16::from(!right);
        }
    }

    /// The language with the most of its words, with the number of all of them and of those that are strange; `None` if a sentence
    /// has no strange one of any. The second value is empty if two have equally many.
    pub(super) fn best(&self) -> Option<TongueEvidence> {
        let told = |number: &usize| self.strange[*number] > 0;
        let rank = |number: usize| (self.all[number], self.strange[number]);
        let best = (0..TONGUES.len()).filter(told).max_by_key(|&number| rank(number))?;
        let rivals = (0..TONGUES.len()).filter(|&number| rank(number) == rank(best)).count();
        Some(TongueEvidence {
            code: LanguageCode::new(TONGUES[best].0).filter(|_| rivals == 1),
            // What is a word of the checked language, too, tells no more than what is not.
            words: usize::from(self.all[best].min(2 * self.strange[best])),
            strange: usize::from(self.strange[best]),
        })
    }

    /// The number of words of a language.
    pub(super) fn words_of(&self, code: LanguageCode) -> usize {
        TONGUES.iter().position(|(known, _)| *known == code.as_str()).map_or(0, |number| usize::from(self.all[number]))
    }
}

/// What tells that a sentence is in a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TongueEvidence {
    /// Which, unless two are as likely.
    pub(super) code: Option<LanguageCode>,
    /// Words of it.
    pub(super) words: usize,
    /// Those of them that the checked language does not have.
    pub(super) strange: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sentence: &str, expected: Option<&str>) {
        let mut counts = TongueCounts::default();
        sentence.to_lowercase().split([' ', ',', '.', '!']).for_each(|word| counts.count(word, false));
        assert_eq!(counts.best().and_then(|best| best.code).as_ref().map(LanguageCode::as_str), expected, "{sentence}");
    }

    #[test]
    fn tells_languages() {
        check("Gracias por su mensaje, su pedido llegará mañana", Some("es"));
        check("Merci pour votre commande, nous vous répondrons", Some("fr"));
        check("Vielen Dank für Ihre Bestellung, wir melden uns", Some("de"));
        check("Grazie per il suo ordine, non si preoccupi", Some("it"));
        check("Bedankt voor uw bestelling, wij helpen u graag", Some("nl"));
        check("Dziękujemy za zamówienie, proszę czekać na przesyłkę", Some("pl"));
        check("Siparişiniz için çok teşekkür ederiz", Some("tr"));
        check("xyz", None);
    }
}
