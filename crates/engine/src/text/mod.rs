//! Positions in text: byte spans, and the units in which clients count. Knows no language, no document, no service.

pub mod language_code;
pub mod offsets;
pub mod span;

pub use language_code::LanguageCode;
pub use offsets::{OffsetCursor, OffsetEncoding};
pub use span::Span;
