//! Ids of tenants and agents: the operator's own, and valid by construction.

use std::{fmt, sync::Arc};

/// The longest id, in bytes.
pub const MAX_ID_LENGTH: usize = 64;

/// No id: see the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected 1 to 64 ASCII letters, digits, \"-\", \"_\" and \".\", the first a letter or a digit")]
pub struct InvalidId;

macro_rules! id {
    ($(#[$about:meta])* $name:ident) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes an id as it stands in a name, a header or a claim.
            ///
            /// # Errors
            /// [`InvalidId`], if it is none.
            pub fn new(id: &str) -> Result<Self, InvalidId> {
                if is_id(id) { Ok(Self(id.into())) } else { Err(InvalidId) }
            }

            /// The id alone, without its resource's prefix.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id! {
    /// The id of a tenant, unique in the service. Cheap to clone.
    TenantId
}

id! {
    /// The id of an agent, unique in its tenant. Cheap to clone.
    AgentId
}

fn is_id(id: &str) -> bool {
    id.len() <= MAX_ID_LENGTH
        && id.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_operators_use() {
        for id in ["acme", "0042", "Acme_BR-1.eu", "a", &"a".repeat(64)] {
            assert!(TenantId::new(id).is_ok(), "{id}");
        }
    }

    #[test]
    fn refuses_what_could_mean_something_else_in_a_path_a_header_or_a_query() {
        for id in ["", ".", "..", "-a", "_a", "a/b", "a b", "a'", "a\0", "a\n", "é", "%2e", "a@b", &"a".repeat(65)] {
            assert_eq!(AgentId::new(id), Err(InvalidId), "{id:?}");
        }
    }
}
