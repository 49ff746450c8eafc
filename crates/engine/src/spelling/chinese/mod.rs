//! Chinese: wrongly written characters, found by a language model of words.
//!
//! The method, a noisy channel over a word lattice with a discriminative verifier, in the order of a check:
//!
//! 1. [`lattice`]: all ways to read the sentence as words; [`decode`]: the best one under the trigram [`model`] (Viterbi).
//! 2. [`gate`]: which characters of that reading are suspicious. Most of a clean sentence is not, and is done. Words of the [`trade`] never are.
//! 3. [`confusion`]: what a suspicious character may have been, by sound ([`readings`]) or shape ([`shapes`]); `edit_edges` for such
//!    words join the lattice, whole words by an index by sound ([`homophones`]).
//! 4. [`candidates`]: the edits of the best reading of the edited lattice, and the best single edits at each position.
//! 5. [`features`]: the text with and without each candidate, as the model (`window_fit`) and `phrase_evidence`, a table of
//!    [`phrases`], see it.
//! 6. [`verifier`]: boosted trees, trained on synthetic errors, give each candidate a probability; [`lanes`] decide by it.
//! 7. [`corrector`]: all of it, again on the corrected text while corrections uncover others.
//!
//! Around it, what a text is more than one sentence of Simplified characters: `normal` and [`traditional`] (characters),
//! [`untouchable`] (names, numbers, quotations), [`reviewed`] (phrases that are wrong for certain, or a matter of style), `forms`
//! (wrong forms in Traditional text, by the words of the best reading), `cantonese` and `blocked` (what is left alone), and
//! [`checker`], which puts the marks on the text as written.
//!
//! # Why a language model
//!
//! A wrong character is nearly always another right one. No word is unknown; the sentence as a whole is wrong. So the
//! method asks which words a sentence is made of, which of them are unlikely where they stand, and whether a character
//! that sounds or looks similar would make a much likelier sentence.
//!
//! # A worked example
//!
//! The best reading of 请耐新等待两到三分种, with log10 of each word's probability after the two words before it, and how many
//! words the model knew together:
//!
//! ```text
//! as written   请 -3.6/1  耐 -4.9/1  新 -3.3/1  等待 -4.7/1  两 -2.8/2  到 -2.8/2  三 -0.1/3  分 -2.1/3  种 -4.1/2     sum -28.2
//! 新 -> 心     请 -3.6/1  耐心 -3.2/2           等待 -0.1/3  两 -3.0/2  到 -2.8/2  三 -0.1/3  分 -2.1/3  种 -4.1/2     sum -18.8
//! 种 -> 钟     请 -3.6/1  耐 -4.9/1  新 -3.3/1  等待 -4.7/1  两 -2.8/2  到 -2.8/2  三 -0.1/3  分钟 -1.7/3              sum -23.7
//! both         请 -3.6/1  耐心 -3.2/2           等待 -0.1/3  两 -3.0/2  到 -2.8/2  三 -0.1/3  分钟 -1.7/3              sum -14.3
//! ```
//!
//! As written, 耐, 新 and 种 are words of one character that their neighbours do not expect, so the gate finds them
//! suspicious. By sound 新 may be 心, 欣 or 辛, and 种 may be 钟, 中 or 重; the index of homophones gives the words 耐心 and 分钟.
//! Each edit makes a frequent word and gains more than four orders of magnitude, many times the cost of a slip. The
//! verifier is sure of both. Only 新 and 种 are marked, as only they differ.
//!
//! # Order and limits
//!
//! What is certainly wrong (`certain.txt`) is corrected before the corrector reads the sentence, so that one error does
//! not hide the next. For the same reason a sentence is read again after a confident correction, three times at most.
//! From a probability of 0.82 on, a correction is an error and marked for everyone; from 0.5 on, it is a hint for
//! those who ask. Particles (呢, 吧, 啦) are never changed; 的地得, 他她它 and numerals are hints at most.
//!
//! A check asks the model for the same words again and again, so `model/score_cache.rs` keeps recent scores, and the checker
//! keeps a workspace from one check to the next. An edit is made only where its range can gain what it costs. None of
//! this changes an answer. Text in which each character may be any other (是时事市) costs thirty times what people write,
//! so `work.rs` counts steps: when they are used up, the rest of the window is left alone, the next sentence is read as
//! usual, and the report says `incomplete`.
//!
//! # Data
//!
//! The model is libime's word trigrams (270,000 words, 4.8 million bigrams, 2.2 million trigrams), packed into 22 MB
//! that are read in place. Misspellings that its vocabulary had learnt are left out
//! (`zh-Hans/source/vocabulary-typos.txt`), words of the trade join it or become more probable (`trade-words.tsv`, counted, and
//! `trade-reviewed.txt`). `phrases.bin` counts strings of two to four characters in 97 million characters of other text; only the verifier sees it. `just chinese-model` packs the model; `tools/chinese/` counts
//! the strings and trains the verifier on errors that are made by rule in clean text, never on a test set.
//! `verifier.bin` carries a hash of the names of its features, so that a file for other features is refused. Every file
//! can be replaced in `spelling.data_dir`.

pub(in crate::spelling) mod blocked;
pub mod candidates;
mod cantonese;
pub mod characters;
pub mod checker;
pub mod class;
pub mod compile;
pub mod confusion;
pub mod corrector;
pub mod decode;
mod edit_edges;
pub mod features;
pub(in crate::spelling) mod forms;
pub mod gate;
pub mod homophones;
pub mod lanes;
pub mod lattice;
pub mod model;
mod normal;
mod phrase_evidence;
pub mod phrases;
pub mod readings;
pub mod resources;
pub mod reviewed;
pub mod rewriting;
pub mod shapes;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod toy;
pub mod trade;
pub mod traditional;
pub mod untouchable;
pub mod verifier;
mod window_fit;
pub mod work;
