//! proto3 JSON of our messages, made from the same descriptors as the wire.

use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, SerializeOptions};

use super::proto::DESCRIPTORS;

/// Why a message has no JSON form; a mistake in the program, not in its input.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JsonError {
    /// The descriptors lack the message, or do not fit it.
    #[error("the descriptors do not fit {0}")]
    Descriptors(&'static str),
    /// The writer failed.
    #[error(transparent)]
    Write(#[from] serde_json::Error),
}

/// The JSON of a message of the type `name` (such as `vermilion.v1.CheckSpellingResponse`), default values written out.
///
/// # Errors
/// [`JsonError`] if `name` is not the message's type.
pub(crate) fn to_json(message: &impl Message, name: &'static str) -> Result<String, JsonError> {
    let unfit = || JsonError::Descriptors(name);
    let pool = DescriptorPool::decode(DESCRIPTORS).map_err(|_| unfit())?;
    let descriptor = pool.get_message_by_name(name).ok_or_else(unfit)?;
    let dynamic = DynamicMessage::decode(descriptor, message.encode_to_vec().as_slice()).map_err(|_| unfit())?;
    let mut json = serde_json::Serializer::new(Vec::new());
    dynamic.serialize_with_options(&mut json, &SerializeOptions::new().skip_default_fields(false))?;
    String::from_utf8(json.into_inner()).map_err(|_| unfit())
}
