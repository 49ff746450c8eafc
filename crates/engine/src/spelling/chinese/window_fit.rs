//! How well a window of text fits the language model around a candidate.

use super::{
    decode::ScoredEdge,
    model::{ModelWordId, NGramModel},
    trade::TradeWords,
};

/// log10 probability of a character that is no word of its own.
pub(super) const UNKNOWN_CHARACTER_LOG10: f32 = -9.0;

/// How well a window of text fits the model, above all where a candidate is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct WindowFit {
    pub(super) total: f32,
    /// Up to and with the candidate.
    pub(super) left: f32,
    pub(super) longest: f32,
    pub(super) rarest: f32,
    pub(super) commonest: f32,
    pub(super) least_order: f32,
    pub(super) mean_order: f32,
    pub(super) first_order: f32,
    pub(super) next_order: f32,
    pub(super) words: f32,
    pub(super) unknown: f32,
    pub(super) singles: f32,
    /// Words of the trade that cover the candidate.
    pub(super) trade: f32,
    /// Of the words that cover the candidate and the one after.
    pub(super) log10: f32,
}

impl WindowFit {
    /// Summarises the best reading of a window whose candidate is at `start..end`.
    pub(super) fn from_path(
        model: &NGramModel,
        trade: &TradeWords,
        path: &[ScoredEdge],
        start: usize,
        end: usize,
    ) -> Self {
        let mut fit = Self { least_order: 3.0, commonest: UNKNOWN_CHARACTER_LOG10, next_order: 2.0, ..Self::default() };
        let (mut inside_before, mut first, mut orders, mut counted) = (false, true, 0.0, 0.0);
        for step in path {
            fit.total += step.log10;
            let (from, to) = (usize::from(step.edge.start), usize::from(step.edge.end));
            let inside = from < end && to > start;
            let order = f32::from(step.order);
            if from < end {
                fit.left += step.log10;
            }
            if inside || inside_before {
                fit.least_order = fit.least_order.min(order);
                fit.log10 += step.log10;
                orders += order;
                counted += 1.0;
            }
            if inside {
                let known = step.edge.word != ModelWordId::UNKNOWN;
                let unigram = if known { model.unigram_log10(step.edge.word) } else { UNKNOWN_CHARACTER_LOG10 };
                fit.longest = fit.longest.max((to - from) as f32);
                fit.rarest = fit.rarest.min(unigram);
                fit.commonest = fit.commonest.max(unigram);
                fit.unknown += f32::from(!known);
                fit.singles += f32::from(to - from == 1);
                fit.trade += f32::from(trade.contains(step.edge.word));
                if first {
                    fit.first_order = order;
                    first = false;
                }
            } else if inside_before {
                fit.next_order = order;
            }
            inside_before = inside;
            fit.words += 1.0;
        }
        fit.mean_order = orders / f32::max(counted, 1.0);
        fit
    }
}
