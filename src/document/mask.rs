//! Finds what in plain text is no prose: addresses, placeholders, codes, file names.
