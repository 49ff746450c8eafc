//! An agent: a person who answers customers, and the agent's switches.

use std::time::SystemTime;

use super::{AgentFields, AgentId, TenantId};

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

/// A person who answers customers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// Whose.
    pub tenant: TenantId,
    /// Which, in the tenant.
    pub id: AgentId,
    /// Changes with every change; opaque.
    pub etag: String,
    /// What is decided about the agent.
    pub fields: AgentFields,
    /// When it was created, in whole milliseconds.
    pub created: SystemTime,
    /// When it was last changed, in whole milliseconds.
    pub updated: SystemTime,
}
