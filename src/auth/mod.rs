//! Who calls, and what the caller may do. Knows no database and no gRPC: credentials come in as strings, a [`Caller`] goes out.

pub mod caller;

pub use caller::{Caller, Role, Roles};
