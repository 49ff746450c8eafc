//! Who calls, and what the caller may do. Knows no database and no gRPC: credentials come in as strings, a [`Caller`] goes out.

pub mod anonymous;
pub mod authenticator;
pub mod caller;
pub mod credentials;
pub mod development;
pub mod error;
pub mod jwt;
pub mod key_cache;
pub mod key_set;
pub mod key_source;
pub mod permissions;
pub mod proxy;
pub mod secret;
pub mod token;

pub use authenticator::{Authenticator, Verdict};
pub use caller::{Caller, Role, Roles};
pub use credentials::{Credentials, Sent};
pub use error::AuthError;
pub use permissions::{Denied, Field, Method, Resource, Target, authorize, authorize_change};
pub use secret::Secret;
