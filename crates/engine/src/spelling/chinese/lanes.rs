//! Lanes: from which probability on a candidate is an error to mark, or a hint for those who ask for hints. What class is a
//! hint at most is decided here, and only here.

use super::class::CorrectionClass;

/// Who is shown a correction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Everyone: hardly ever a false alarm.
    Error,
    /// Those who ask for more marks and bear more false alarms.
    Hint,
}

/// Probabilities from which a candidate enters a lane.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LaneThresholds {
    /// The error lane.
    pub error: f32,
    /// The hint lane.
    pub hint: f32,
}

/// Fitted on the development sets: at most 1.5 % of clean messages alarmed in the error lane, 4 % in the hint lane.
pub(crate) const THRESHOLDS: LaneThresholds = LaneThresholds { error: 0.82, hint: 0.5 };

/// In text that is Traditional as written. The model has read hardly anything of Taiwan and Hong Kong: words that it does not know look
/// wrong to it more often. Of 2,000 right replies of theirs 0.4 % are marked in the error lane, 2.4 % with hints.
const TRADITIONAL: LaneThresholds = LaneThresholds { error: 0.92, hint: 0.75 };

impl Lane {
    /// The lane of the same correction in Traditional text, if it has one there.
    #[must_use]
    pub(crate) fn in_traditional(self, probability: f32) -> Option<Self> {
        let lane = if probability < TRADITIONAL.error { Self::Hint } else { self };
        (probability >= TRADITIONAL.hint).then_some(lane)
    }
}

impl LaneThresholds {
    /// The lane of a candidate; none when it is too improbable or of a class that is never touched.
    #[must_use]
    pub(crate) fn lane(&self, class: CorrectionClass, probability: f32) -> Option<Lane> {
        match class {
            // A matter of tone, not of spelling.
            CorrectionClass::ModalParticle => None,
            _ if probability < self.hint => None,
            // What a numeral or a pronoun should be only the writer knows; 的地得 are grammar as much as spelling.
            CorrectionClass::Numeral | CorrectionClass::StructuralParticle | CorrectionClass::Pronoun => {
                Some(Lane::Hint)
            }
            CorrectionClass::Ordinary if probability < self.error => Some(Lane::Hint),
            CorrectionClass::Ordinary => Some(Lane::Error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_improbable_and_the_untouchable_have_no_lane() {
        let thresholds = LaneThresholds { error: 0.8, hint: 0.3 };
        for (class, probability, lane) in [
            (CorrectionClass::Ordinary, 0.9, Some(Lane::Error)),
            (CorrectionClass::Ordinary, 0.8, Some(Lane::Error)),
            (CorrectionClass::Ordinary, 0.5, Some(Lane::Hint)),
            (CorrectionClass::Ordinary, 0.2, None),
            (CorrectionClass::Pronoun, 0.99, Some(Lane::Hint)),
            (CorrectionClass::StructuralParticle, 0.99, Some(Lane::Hint)),
            (CorrectionClass::StructuralParticle, 0.2, None),
            (CorrectionClass::ModalParticle, 0.99, None),
            (CorrectionClass::Numeral, 0.99, Some(Lane::Hint)),
            (CorrectionClass::Numeral, 0.2, None),
        ] {
            assert_eq!(thresholds.lane(class, probability), lane, "{class:?} {probability}");
        }
    }
}
