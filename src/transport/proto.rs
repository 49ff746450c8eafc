//! Messages and services generated from `proto/`, and their descriptors. Nothing here is written by hand.
#![expect(clippy::allow_attributes, clippy::allow_attributes_without_reason, reason = "generated code")]

tonic::include_proto!("vermilion.v1");

/// Descriptors of our protos and all that they import, as an encoded `google.protobuf.FileDescriptorSet`.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));
