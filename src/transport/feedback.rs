//! Reports of what agents did with marks, from the wire to the domain, refusing what breaks a rule. Knows no store and no call.

use super::{
    convert::MAX_WORD_CHARACTERS,
    proto::{self, spelling_feedback::Action},
    status::{CallError, RequestRule, Violation},
    tallies::short,
};
use crate::settings::learning::{FeedbackAction, FeedbackKey, SpellingFeedback, learnable_word};
use vermilion_engine::{language, spelling::service::MAX_SUGGESTIONS};

/// Reports in one call.
pub(super) const MAX_FEEDBACKS: usize = 50;

/// All reports of a request.
///
/// # Errors
/// The first rule that one of them breaks.
pub(super) fn parse_feedbacks(feedbacks: &[proto::SpellingFeedback]) -> Result<Vec<SpellingFeedback>, CallError> {
    let (size, limit) = (feedbacks.len(), MAX_FEEDBACKS);
    if size == 0 {
        return Err(Violation::new("feedbacks", RequestRule::Missing("report")).into());
    }
    if size > limit {
        return Err(Violation::new("feedbacks", RequestRule::TooMany { size, limit }).into());
    }
    let parse = |(at, feedback)| {
        parse_feedback(feedback).map_err(|(field, rule)| Violation { field: format!("feedbacks[{at}].{field}"), rule })
    };
    Ok(feedbacks.iter().enumerate().map(parse).collect::<Result<_, _>>()?)
}

fn parse_feedback(feedback: &proto::SpellingFeedback) -> Result<SpellingFeedback, (&'static str, RequestRule)> {
    let action = match Action::try_from(feedback.action) {
        Ok(Action::Accepted) => FeedbackAction::Accepted,
        Ok(Action::Ignored) => FeedbackAction::Ignored,
        Ok(Action::Added) => FeedbackAction::Added,
        Ok(Action::Unspecified) | Err(_) => {
            return Err(("action", RequestRule::Unknown { what: "action", found: feedback.action }));
        }
    };
    let kind = proto::MisspellingKind::try_from(feedback.kind).ok();
    let kind = kind.filter(|kind| *kind != proto::MisspellingKind::Unspecified);
    let kind = kind.ok_or(("kind", RequestRule::Kind(feedback.kind)))?;
    let language =
        language::resolve(&feedback.language_code, "").map_err(|invalid| ("language_code", invalid.into()))?;
    let rank = usize::try_from(feedback.suggestion_rank).ok().filter(|rank| *rank <= MAX_SUGGESTIONS);
    let (most, found) = (MAX_SUGGESTIONS, feedback.suggestion_rank);
    let rank = rank.ok_or(("suggestion_rank", RequestRule::MaxSuggestions { least: 0, most, found }))?;
    let size = feedback.word.chars().count();
    if size > MAX_WORD_CHARACTERS {
        return Err(("word", RequestRule::WordTooLong { size, limit: MAX_WORD_CHARACTERS }));
    }
    if feedback.word.contains(char::is_control) {
        return Err(("word", RequestRule::ControlCharacter));
    }
    let is_accepted = action == FeedbackAction::Accepted;
    let rank = if is_accepted { u8::try_from(rank).unwrap_or_default() } else { 0 };
    // Its word in the store is of the contract, so that a new kind has one, too.
    let kind_word = short(kind.as_str_name(), proto::MisspellingKind::Unspecified.as_str_name());
    let key = FeedbackKey { language: language.language.tag(), kind: kind_word, action, rank };
    let word = if is_accepted || !is_of_words(kind) { None } else { learnable_word(&feedback.word) };
    Ok(SpellingFeedback { key, word })
}

/// Whether a mark of this kind says that a word is wrong wherever it stands, so that one that is left alone may be right.
const fn is_of_words(kind: proto::MisspellingKind) -> bool {
    use proto::MisspellingKind as Kind;
    matches!(kind, Kind::NonWord | Kind::WrongCharacter | Kind::LikelyAccent)
}
