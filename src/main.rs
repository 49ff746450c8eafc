//! The `vermilion` program.

fn main() {}
