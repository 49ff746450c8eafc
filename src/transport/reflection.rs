//! What reflection describes: our services, health, and the details that come with errors.

use prost_reflect::{DescriptorError, DescriptorPool};
use tonic_reflection::server::{Builder, v1, v1alpha};

use super::proto;

/// Every file that a client may ask for. The details of `google.rpc` are in no service, but clients print them.
const DESCRIPTOR_SETS: [&[u8]; 3] =
    [proto::DESCRIPTORS, tonic_types::pb::FILE_DESCRIPTOR_SET, tonic_health::pb::FILE_DESCRIPTOR_SET];

fn builder() -> Builder<'static> {
    DESCRIPTOR_SETS.into_iter().fold(Builder::configure(), Builder::register_encoded_file_descriptor_set)
}

/// `grpc.reflection.v1`.
///
/// # Errors
/// If a descriptor set is broken, which is a fault of the build.
pub fn v1() -> Result<v1::ServerReflectionServer<impl v1::ServerReflection>, tonic_reflection::server::Error> {
    builder().build_v1()
}

/// `grpc.reflection.v1alpha`.
///
/// # Errors
/// If a descriptor set is broken, which is a fault of the build.
pub fn v1alpha()
-> Result<v1alpha::ServerReflectionServer<impl v1alpha::ServerReflection>, tonic_reflection::server::Error> {
    builder().build_v1alpha()
}

/// What describes all methods that may be served.
///
/// # Errors
/// If a descriptor set is broken, which is a fault of the build.
pub(crate) fn descriptor_pools() -> Result<Vec<DescriptorPool>, DescriptorError> {
    let own = [tonic_reflection::pb::v1::FILE_DESCRIPTOR_SET, tonic_reflection::pb::v1alpha::FILE_DESCRIPTOR_SET];
    DESCRIPTOR_SETS.into_iter().chain(own).map(DescriptorPool::decode).collect()
}
