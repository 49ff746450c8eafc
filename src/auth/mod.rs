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

pub use authenticator::{AuthDecision, Authenticator};
pub use caller::{Caller, Role, RoleSet};
pub use credentials::{CredentialHeader, Credentials};
pub use error::AuthError;
pub use permissions::{AccessTarget, Denied, Method, Resource, UpdateField, authorize, authorize_change};
pub use secret::SharedSecret;
