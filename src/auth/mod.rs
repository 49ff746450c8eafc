//! Who calls, and what the caller may do. Knows no database and no gRPC: credentials come in as strings, a [`Caller`] goes out.
//!
//! ```text
//! headers, connection --transport/layers/identity--> Credentials: strings; a header sent twice is unusable, never a choice
//!   Authenticator         by auth.mode:
//!      development        Host, :authority and peer are this machine's, no proxy's header; then x-tenant-id, x-agent-id, x-roles
//!      proxy              the secret, in constant time, or the certificate; then the same headers
//!      jwt                the key binds the algorithm, then the signature, then iss, aud, exp, nbf, then the ids
//!         key_cache       an unknown key: one fetch for all who wait, at most one in 10 s, one in 60 s for the same name
//!      anonymous          no credentials, and the method is spelling: counted by address
//!   --> Caller            ids that are valid, at least one role, and the ids that the roles need
//!   permissions           may the role call the method at all (the layer), then on this resource (the handler, before the store)
//! ```
//!
//! A method that is not in the table of `permissions.rs` has no caller, so its handler refuses everybody. Keys are
//! fetched by one task beside the server, never by a call.

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
