//! What tests of several groups need.

pub(crate) mod captured;
pub(crate) mod engines;
pub(crate) mod permit;
pub(crate) mod prompts;
pub(crate) mod serving;
pub(crate) mod spelling;
