//! Why a store of settings does not do as asked. Knows no database and no status.

/// Why a store does not do as asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// There is no such resource, or its parent is missing.
    #[error("the resource does not exist")]
    NotFound,
    /// There is one of that name already.
    #[error("the resource exists already")]
    AlreadyExists,
    /// It has changed since it was read.
    #[error("the resource has changed since it was read")]
    EtagMismatch,
    /// As many agents as the tenant may have with Intelligent Recognition have it on.
    #[error("the tenant may have Intelligent Recognition on for {limit} agents at once")]
    IntelligentAgentLimit {
        /// So many.
        limit: u32,
    },
    /// The dictionary would be longer than it may be.
    #[error("a dictionary may hold {limit} words")]
    DictionaryFull {
        /// So many.
        limit: u32,
    },
    /// The token of a page is none of this list's.
    #[error(transparent)]
    PageToken(#[from] super::page::InvalidPageToken),
    /// As many changes of the tenant, or of the agent's words, are waiting for their turn as may.
    #[error("{limit} changes are waiting for their turn before this one, as many as may")]
    Busy {
        /// So many.
        limit: usize,
    },
    /// The store cannot be reached, or does not answer in time. Whether a change was made is not known.
    #[error("the settings store cannot be reached")]
    Unavailable,
    /// The store holds what no version of ours has written, or refuses what it should take; the log knows more.
    #[error("the settings store is damaged")]
    Damaged,
}
