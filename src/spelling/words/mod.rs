//! Languages written in words divided by spaces: English and Portuguese.
