//! Lanes: from which probability on a candidate is an error to mark, or a hint for those who ask for hints.

use super::features::Class;

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
pub struct Thresholds {
    /// The error lane.
    pub error: f32,
    /// The hint lane.
    pub hint: f32,
}

/// Fitted on the development sets: at most 1.5 % of clean messages alarmed in the error lane.
pub const THRESHOLDS: Thresholds = Thresholds { error: 0.85, hint: 0.15 };

impl Thresholds {
    /// The lane of a candidate; none when it is too improbable or of a class that is never touched.
    #[must_use]
    pub fn lane(&self, class: Class, probability: f32) -> Option<Lane> {
        match class {
            Class::Particle => None,
            Class::Ordinary | Class::Structural | Class::Pronoun | Class::Numeral if probability >= self.error => {
                Some(Lane::Error)
            }
            _ if probability >= self.hint => Some(Lane::Hint),
            _ => None,
        }
    }
}
