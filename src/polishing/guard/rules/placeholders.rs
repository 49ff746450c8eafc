//! Each placeholder of the draft stands in the answer as often; those of markup in their order. What still holds the nonce was a
//! placeholder once.

use vermilion_engine::text::Span;

use super::{GuardCode, Pair, Place};
use crate::polishing::privacy::{MaskedPiece, ValueKind};

/// A placeholder of a text, by its number and where it is.
type Found = (usize, Span);

pub(super) fn find(pair: &Pair<'_>, _: GuardCode) -> Vec<Place> {
    let case = pair.case;
    let found = |text: &str, markup: bool| -> Vec<Found> {
        let mut at = 0;
        let mut found = Vec::new();
        for piece in case.masking.pieces(text) {
            let end = at + case.masking.piece_len(piece);
            match piece {
                MaskedPiece::Value { id, kind, .. } if (kind == ValueKind::Markup) == markup => {
                    found.push((id, Span::new(at, end)));
                }
                _ => {}
            }
            at = end;
        }
        found
    };
    let mut places = differences(found(case.draft, false), found(case.reply, false));
    let (before, after) = (found(case.draft, true), found(case.reply, true));
    let ids = |found: &[Found]| -> Vec<usize> { found.iter().map(|(id, _)| *id).collect() };
    if ids(&before) != ids(&after) {
        let spans = |found: Vec<Found>| found.into_iter().map(|(_, span)| span).collect();
        places.push(Place { draft: spans(before), reply: spans(after) });
    }
    let mut at = 0;
    for piece in case.masking.pieces(case.reply) {
        if let MaskedPiece::Text(text) = piece {
            let nonce = case.masking.nonce();
            places.extend(
                text.match_indices(nonce)
                    .map(|(start, _)| Place::of_reply(Span::new(at + start, at + start + nonce.len()))),
            );
        }
        at += case.masking.piece_len(piece);
    }
    places
}

/// One place for each that the other lacks. One pass over sorted lists.
fn differences(mut before: Vec<Found>, mut after: Vec<Found>) -> Vec<Place> {
    before.sort_unstable_by_key(|(id, span)| (*id, span.start));
    after.sort_unstable_by_key(|(id, span)| (*id, span.start));
    let (mut one, mut another) = (before.as_slice(), after.as_slice());
    let mut places = Vec::new();
    loop {
        match (one.first(), another.first()) {
            (Some((a, _)), Some((b, _))) if a == b => (one, another) = (&one[1..], &another[1..]),
            (Some((a, span)), other) if other.is_none_or(|(b, _)| a < b) => {
                places.push(Place::of_draft(*span));
                one = &one[1..];
            }
            (_, Some((_, span))) => {
                places.push(Place::of_reply(*span));
                another = &another[1..];
            }
            _ => return places,
        }
    }
}
