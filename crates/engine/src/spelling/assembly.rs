//! Puts the language data together into checkers: which lexicons, supplements and rules make a language.

use std::{
    borrow::Cow,
    error::Error,
    panic::resume_unwind,
    sync::Arc,
    thread::{self, ScopedJoinHandle},
};

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    chinese::{
        blocked::BlockedWords,
        checker::{ChineseChecker, ReviewedTables},
        compile::{HOMOPHONES_SECTION, TRADE_SECTION},
        confusion::ConfusionSets,
        corrector::Corrector,
        forms::FormRule,
        homophones::HomophoneIndex,
        model::NGramModel,
        phrases::PhraseCounts,
        readings::PinyinReadings,
        resources::ChineseResources,
        reviewed::ReviewedPhrases,
        rewriting::RewriteTable,
        shapes::SimilarShapes,
        trade::TradeWords,
        traditional::TraditionalConverter,
        untouchable::NameGazetteer,
        verifier::Verifier,
    },
    data::{DataFile, LanguageData},
    words::{
        accents::{self, AccentCandidates, AccentPairs},
        blocklist::BlockList,
        casing::capitalised,
        chat::ChatWords,
        checker::{CheckerParts, FrequentWords, WordChecker},
        common::{CentiZipf, CommonWords},
        context::{ContextDataError, ContextJudge},
        expressions::Expressions,
        lexicon::Lexicon,
        neighbours::SymmetricDeletionIndex,
        rules::Grammar,
        run_ons::RunOns,
        slips, supplement,
        vocabulary::Vocabulary,
    },
};
use crate::document::verify_mail_forms;

/// Why the language data cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// A file that is not what it should be.
    #[error("{path}")]
    Invalid {
        /// Its place below the data folder.
        path: &'static str,
        /// What is wrong with it.
        source: Box<dyn Error + Send + Sync>,
    },
    /// A text that is not UTF-8.
    #[error("{path}: not valid UTF-8")]
    Encoding {
        /// Its place below the data folder.
        path: &'static str,
    },
    /// A file that the program needs and that is not there.
    #[error("{path}: missing")]
    Missing {
        /// Its place below the data folder.
        path: &'static str,
    },
}

impl DataError {
    fn invalid<E: Error + Send + Sync + 'static>(path: &'static str) -> impl FnOnce(E) -> Self {
        move |error| Self::Invalid { path, source: Box::new(error) }
    }
}

/// Which layers a speller has; `eval` measures them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpellerLayers {
    /// The reviewed supplements.
    pub supplements: bool,
    /// The memory of recent suggestions.
    pub memory: bool,
}

impl SpellerLayers {
    /// What a service has.
    pub const ALL: Self = Self { supplements: true, memory: true };
}

/// Words at least this frequent (three in a million) are remembered as right: nine in ten of a reply's words.
const CERTAIN_FREQUENCY: CentiZipf = 350;

/// Misspellings whose suggestions are remembered, in each language: about 1 MB when full.
const SUGGESTION_CACHE_CAPACITY: usize = 2_000;

#[derive(Debug)]
pub(super) struct LanguageCheckers {
    pub(super) english: WordChecker,
    pub(super) english_us: WordChecker,
    pub(super) english_gb: WordChecker,
    pub(super) portuguese_br: WordChecker,
    pub(super) portuguese_pt: WordChecker,
    pub(super) chinese: ChineseChecker,
}

/// Reads all data and makes the indexes over them: about 90 ms on two cores.
pub(super) fn build_checkers(data: LanguageData, layers: SpellerLayers) -> Result<LanguageCheckers, DataError> {
    verify_mail_forms().map_err(DataError::invalid("mail/forms"))?;
    let mut loader = LanguageDataLoader { data, layers };
    let english = LanguageVarieties::load(
        &mut loader,
        SharedFiles {
            common: "en/common.fst",
            supplement: "en/supplement.txt",
            chat_words: "en/chat.txt",
            blocked: "en/unsuggested.txt",
            slips: "en/slips.tsv",
            run_ons: "en/run-ons.txt",
            contexts: ["en/contexts.txt", "en/contexts.bin"],
        },
        [("en-US/lexicon.bin", "en-US/supplement.txt"), ("en-GB/lexicon.bin", "en-GB/supplement.txt")],
    )?;
    let portuguese = LanguageVarieties::load(
        &mut loader,
        SharedFiles {
            common: "pt/common.fst",
            supplement: "pt/supplement.txt",
            chat_words: "pt/chat.txt",
            blocked: "pt/unsuggested.txt",
            slips: "pt/slips.tsv",
            run_ons: "pt/run-ons.txt",
            contexts: ["pt/contexts.txt", "pt/contexts.bin"],
        },
        [("pt-BR/lexicon.bin", "pt-BR/supplement.txt"), ("pt-PT/lexicon.bin", "pt-PT/supplement.txt")],
    )?;
    // The indexes take most of the time to start, so the languages make theirs side by side.
    let (english_index, portuguese_index, chinese) = thread::scope(|scope| {
        let english = scope.spawn(|| english.build_index());
        let chinese = scope.spawn(move || loader.chinese());
        let portuguese = portuguese.build_index();
        (joined(english), portuguese, joined(chinese))
    });

    let memory = if layers.memory { SUGGESTION_CACHE_CAPACITY } else { 0 };
    let (any_english, brazilian) = (english.merged_vocabulary(), portuguese.variety_vocabulary(0));
    let in_english = |vocabulary: Vocabulary, other_variety: Option<usize>| {
        WordChecker::new(CheckerParts {
            vocabulary,
            expressions: Arc::clone(&english.expressions),
            chat_words: Arc::clone(&english.chat_words),
            sister: None,
            other_variety: other_variety.map(|variety| english.lexicon(variety)),
            frequent: english_index.frequent_words(),
            accents: AccentPairs::default(),
            contexts: Arc::clone(&english.contexts),
            grammar: Grammar::English,
            other: Some(brazilian.clone()),
            memory,
        })
    };
    let in_portuguese = |vocabulary: Vocabulary, sister: Option<Vocabulary>, other_variety: usize| {
        WordChecker::new(CheckerParts {
            expressions: Arc::clone(&portuguese.expressions),
            chat_words: Arc::clone(&portuguese.chat_words),
            sister,
            other_variety: Some(portuguese.lexicon(other_variety)),
            accents: AccentPairs::from_candidates(&portuguese_index.accents, &vocabulary),
            vocabulary,
            contexts: Arc::clone(&portuguese.contexts),
            frequent: portuguese_index.frequent_words(),
            grammar: Grammar::Portuguese,
            other: Some(any_english.clone()),
            memory,
        })
    };
    Ok(LanguageCheckers {
        english: in_english(any_english.clone(), None),
        english_us: in_english(english.variety_vocabulary(0), Some(1)),
        english_gb: in_english(english.variety_vocabulary(1), Some(0)),
        portuguese_br: in_portuguese(brazilian.clone(), None, 1),
        portuguese_pt: in_portuguese(portuguese.variety_vocabulary(1), Some(brazilian.clone()), 0),
        chinese: chinese?,
    })
}

fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

/// What is looked up by the frequent words of a language.
struct FrequentWordIndex {
    neighbours: Arc<SymmetricDeletionIndex>,
    certain: Arc<FxHashSet<Box<str>>>,
    slips: Arc<FxHashMap<Box<str>, Box<str>>>,
    accents: AccentCandidates,
}

impl FrequentWordIndex {
    fn frequent_words(&self) -> FrequentWords {
        FrequentWords {
            neighbours: Arc::clone(&self.neighbours),
            certain: Arc::clone(&self.certain),
            slips: Arc::clone(&self.slips),
        }
    }
}

/// The files that the varieties of a language share.
#[derive(Clone, Copy)]
struct SharedFiles {
    common: &'static str,
    supplement: &'static str,
    chat_words: &'static str,
    blocked: &'static str,
    slips: &'static str,
    run_ons: &'static str,
    /// The confusion sets, and the model of what stands around their words.
    contexts: [&'static str; 2],
}

/// A language with its two varieties, the preferred one first.
struct LanguageVarieties {
    common: Arc<CommonWords>,
    blocked: Arc<BlockList>,
    chat_words: Arc<ChatWords>,
    expressions: Arc<Expressions>,
    /// Words of both varieties.
    shared: Arc<Lexicon>,
    /// Rare words that are slips, as their list has them.
    slips: Cow<'static, str>,
    run_ons: Arc<RunOns>,
    /// What judges words by what is around them.
    contexts: Arc<ContextJudge>,
    /// Lexicon and supplement of each.
    varieties: [(Arc<Lexicon>, Arc<Lexicon>); 2],
}

impl LanguageVarieties {
    fn load(
        loader: &mut LanguageDataLoader,
        files: SharedFiles,
        [first, second]: [(&'static str, &'static str); 2],
    ) -> Result<Self, DataError> {
        let mut expressions = Vec::new();
        let [shared, of_first, of_second] =
            [files.supplement, first.1, second.1].map(|path| loader.supplement(path, &mut expressions));
        Ok(Self {
            common: loader.common(files.common)?,
            blocked: loader.blocked(files.blocked)?,
            chat_words: loader.chat_words(files.chat_words)?,
            expressions: Arc::new(Expressions::new(expressions.iter().map(String::as_str))),
            shared: shared?,
            slips: loader.text(files.slips)?,
            run_ons: loader.run_ons(files.run_ons)?,
            contexts: loader.contexts(files.contexts)?,
            varieties: [(loader.lexicon(first.0)?, of_first?), (loader.lexicon(second.0)?, of_second?)],
        })
    }

    fn lexicon(&self, variety: usize) -> Arc<Lexicon> {
        Arc::clone(&self.varieties[variety].0)
    }

    fn variety_vocabulary(&self, variety: usize) -> Vocabulary {
        let (lexicon, supplement) = &self.varieties[variety];
        Vocabulary {
            lexicons: vec![Arc::clone(lexicon)],
            supplements: vec![Arc::clone(&self.shared), Arc::clone(supplement)],
            common: Arc::clone(&self.common),
            blocked: Arc::clone(&self.blocked),
            run_ons: Arc::clone(&self.run_ons),
        }
    }

    fn merged_vocabulary(&self) -> Vocabulary {
        let [first, second] = &self.varieties;
        Vocabulary {
            lexicons: [first, second].map(|(lexicon, _)| Arc::clone(lexicon)).to_vec(),
            supplements: [&self.shared, &first.1, &second.1].map(Arc::clone).to_vec(),
            common: Arc::clone(&self.common),
            blocked: Arc::clone(&self.blocked),
            run_ons: Arc::clone(&self.run_ons),
        }
    }

    fn build_index(&self) -> FrequentWordIndex {
        let words = self.common.words_at_least(accents::MIN_ACCENTED_FREQUENCY);
        let has_form = |word: &str| self.varieties.iter().any(|(lexicon, _)| lexicon.has_form(word));
        let is_certain = |word: &str| self.varieties.iter().all(|(lexicon, _)| lexicon.has_form(word));
        let frequent = words.iter().filter(|(_, frequency)| *frequency >= CERTAIN_FREQUENCY);
        let certain = frequent.filter(|(word, _)| is_certain(word)).map(|(word, _)| word.clone());
        // As they begin a sentence; hardly any is not right so.
        let begins = |word: &str| {
            Some(capitalised(word)).filter(|word| self.varieties.iter().all(|(lexicon, _)| lexicon.accepts(word)))
        };
        let certain = certain.map(|word| (word.clone(), begins(&word).map(Into::into)));
        // A word that somebody has reviewed is no slip.
        let reviewed = |form: &str| {
            self.shared.has_form(form) || self.varieties.iter().any(|(_, supplement)| supplement.has_form(form))
        };
        let slips = slips::read(&self.slips).filter(|(slip, _)| !reviewed(slip));
        let slips: FxHashMap<Box<str>, Box<str>> = slips.map(|(slip, meant)| (slip.into(), meant.into())).collect();
        let certain = certain.filter(|(word, _)| !slips.contains_key(word));
        let certain = certain.flat_map(|(word, capitalised)| capitalised.into_iter().chain([word])).collect();
        FrequentWordIndex {
            neighbours: Arc::new(SymmetricDeletionIndex::new(&words, has_form)),
            certain: Arc::new(certain),
            slips: Arc::new(slips),
            accents: AccentCandidates::from_frequencies(&words, &self.common),
        }
    }
}

/// Opens the files of language data.
struct LanguageDataLoader {
    data: LanguageData,
    layers: SpellerLayers,
}

impl LanguageDataLoader {
    fn take(&mut self, path: &'static str) -> Result<DataFile, DataError> {
        self.data.take(path).ok_or(DataError::Missing { path })
    }

    fn text(&mut self, path: &'static str) -> Result<Cow<'static, str>, DataError> {
        match self.take(path)?.bytes {
            Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Cow::Borrowed).ok(),
            Cow::Owned(bytes) => String::from_utf8(bytes).map(Cow::Owned).ok(),
        }
        .ok_or(DataError::Encoding { path })
    }

    fn lexicon(&mut self, path: &'static str) -> Result<Arc<Lexicon>, DataError> {
        let file = self.take(path)?;
        Lexicon::open(file.bytes, file.replaced).map(Arc::new).map_err(DataError::invalid(path))
    }

    fn common(&mut self, path: &'static str) -> Result<Arc<CommonWords>, DataError> {
        let file = self.take(path)?;
        CommonWords::open(file.bytes, file.replaced).map(Arc::new).map_err(DataError::invalid(path))
    }

    /// The words of a supplement; its expressions go to the others'.
    fn supplement(&mut self, path: &'static str, expressions: &mut Vec<String>) -> Result<Arc<Lexicon>, DataError> {
        let text = self.text(path)?;
        let text = if self.layers.supplements { &*text } else { "" };
        expressions.extend(supplement::expressions(text).map(str::to_owned));
        let lexicon = supplement::read(text);
        lexicon.map(Arc::new).map_err(DataError::invalid(path))
    }

    fn blocked(&mut self, path: &'static str) -> Result<Arc<BlockList>, DataError> {
        BlockList::parse(&self.text(path)?).map(Arc::new).map_err(DataError::invalid(path))
    }

    fn chat_words(&mut self, path: &'static str) -> Result<Arc<ChatWords>, DataError> {
        ChatWords::parse(&self.text(path)?).map(Arc::new).map_err(DataError::invalid(path))
    }

    fn run_ons(&mut self, path: &'static str) -> Result<Arc<RunOns>, DataError> {
        RunOns::read(&self.text(path)?).map(Arc::new).map_err(DataError::invalid(path))
    }

    fn contexts(&mut self, [sets, model]: [&'static str; 2]) -> Result<Arc<ContextJudge>, DataError> {
        let reviewed = self.text(sets)?;
        let judge = ContextJudge::new(&reviewed, self.take(model)?.bytes);
        judge.map(Arc::new).map_err(|error| match error {
            ContextDataError::Sets(error) => DataError::invalid(sets)(error),
            ContextDataError::Model(error) => DataError::invalid(model)(error),
        })
    }

    fn reviewed(&mut self, path: &'static str) -> Result<ReviewedPhrases, DataError> {
        ReviewedPhrases::parse(&self.text(path)?).map_err(DataError::invalid(path))
    }

    fn chinese(&mut self) -> Result<ChineseChecker, DataError> {
        Ok(ChineseChecker::new(self.corrector()?, self.traditional()?, self.tables()?))
    }

    fn corrector(&mut self) -> Result<Corrector, DataError> {
        const MODEL: &str = "zh-Hans/model.bin";
        let file = self.take(MODEL)?;
        let model = NGramModel::open(file.bytes, file.replaced).map_err(DataError::invalid(MODEL))?;
        let homophones =
            model.section(HOMOPHONES_SECTION).ok_or("it has no index of homophones: pack it with --readings");
        let homophones = homophones.map_err(|missing| DataError::Invalid { path: MODEL, source: missing.into() })?;
        let homophones = HomophoneIndex::open(homophones.to_vec().into()).map_err(DataError::invalid(MODEL))?;
        let trade = TradeWords::open(model.section(TRADE_SECTION).unwrap_or_default().to_vec().into());
        let readings = PinyinReadings::parse(&self.text("zh-Hans/readings.tsv")?);
        let readings = readings.map_err(DataError::invalid("zh-Hans/readings.tsv"))?;
        let notorious = self.text("zh-Hans/notorious.txt")?;
        let shapes = SimilarShapes::parse(&self.text("zh-Hans/shapes.tsv")?, &notorious);
        let shapes = shapes.map_err(DataError::invalid("zh-Hans/shapes.tsv"))?;
        let phrases = PhraseCounts::open(self.take("zh-Hans/phrases.bin")?.bytes);
        let phrases = phrases.map_err(DataError::invalid("zh-Hans/phrases.bin"))?;
        let verifier = Verifier::open(&self.take("zh-Hans/verifier.bin")?.bytes);
        let verifier = verifier.map_err(DataError::invalid("zh-Hans/verifier.bin"))?;
        let confusions = ConfusionSets::new(&model, readings, shapes);
        Ok(Corrector::new(ChineseResources { model, confusions, homophones, phrases, trade }, verifier))
    }

    fn traditional(&mut self) -> Result<TraditionalConverter, DataError> {
        let [simplified, forms] = ["zh-Hant/simplified.tsv", "zh-Hant/traditional.tsv"].map(|path| self.text(path));
        let words = self.text("zh-Hant/phrases.tsv")?;
        TraditionalConverter::parse(&simplified?, &forms?, words).map_err(DataError::invalid("zh-Hant"))
    }

    fn tables(&mut self) -> Result<ReviewedTables, DataError> {
        const VARIANTS: &str = "zh-Hans/variants.tsv";
        const NAMES: &str = "zh-Hans/names.txt";
        let variants = RewriteTable::parse("variants", &self.text(VARIANTS)?);
        let headless = |line| DataError::Invalid {
            path: NAMES,
            source: format!("line {line}: expected a heading before it, # surnames or # titles").into(),
        };
        Ok(ReviewedTables {
            certain: self.reviewed("zh-Hans/certain.txt")?,
            style: self.reviewed("zh-Hans/style.txt")?,
            variants: variants.map_err(DataError::invalid(VARIANTS))?,
            names: NameGazetteer::parse(&self.text(NAMES)?).map_err(headless)?,
            forms: FormRule::parse(&self.text("zh-Hant/both-forms.txt")?),
            blocked: BlockedWords::parse(&self.text("zh-Hans/never-suggested.txt")?),
        })
    }
}
