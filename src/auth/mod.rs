//! Who calls, and what the caller may do. Knows no database and no gRPC: credentials come in as strings, a [`Caller`] goes out.

pub mod caller;
pub mod permissions;

pub use caller::{Caller, Role, Roles};
pub use permissions::{Denied, Field, Method, Resource, Target, authorize, authorize_change};
