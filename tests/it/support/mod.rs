//! What tests of several groups need.

pub(crate) mod captured;
pub(crate) mod permit;
pub(crate) mod serving;
