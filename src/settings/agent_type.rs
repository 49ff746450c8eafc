//! What an agent may handle: calls, video, text, or all of them.

/// What an agent may handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AgentType {
    /// Calls.
    Audio,
    /// Video calls.
    Video,
    /// Text channels.
    Multimedia,
    /// All of them.
    Versatile,
}

impl AgentType {
    /// Every type.
    pub const ALL: [Self; 4] = [Self::Audio, Self::Video, Self::Multimedia, Self::Versatile];

    /// Its word in the store, in exports and in the audit log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Audio => "audio",
            Self::Video => "video",
            Self::Multimedia => "multimedia",
            Self::Versatile => "versatile",
        }
    }

    /// The type of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}
