"""Stands in for grpcurl, which Debian has not, in the lines that docs/operations.md prints: the same arguments, the same answers. Trusts
what SSL_CERT_FILE names, as grpcurl does. The types of the methods are those of the .proto files that are named."""

import argparse
import importlib
import os
import pathlib
import sys

import grpc
from google.protobuf import descriptor_pool, json_format, message_factory


def main():
    parser = argparse.ArgumentParser(prog="grpcurl", allow_abbrev=False)
    parser.add_argument("-import-path", default=".")
    parser.add_argument("-proto", action="append", default=[])
    parser.add_argument("-H", action="append", default=[])
    parser.add_argument("-d", default="{}")
    parser.add_argument("address")
    parser.add_argument("method")
    arguments = parser.parse_args()
    for proto in arguments.proto:
        if not (pathlib.Path(arguments.import_path) / proto).exists():
            parser.error(f"no such file: {proto}")
        importlib.import_module(proto.removesuffix(".proto").replace("/", ".") + "_pb2")
    service, _, name = arguments.method.partition("/")
    method = descriptor_pool.Default().FindServiceByName(service).methods_by_name[name]
    request = json_format.Parse(arguments.d, message_factory.GetMessageClass(method.input_type)())
    roots = pathlib.Path(os.environ["SSL_CERT_FILE"]).read_bytes()
    with grpc.secure_channel(arguments.address, grpc.ssl_channel_credentials(roots)) as channel:
        call = channel.unary_unary(
            f"/{arguments.method}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=message_factory.GetMessageClass(method.output_type).FromString,
        )
        headers = [tuple(part.strip() for part in header.split(":", 1)) for header in arguments.H]
        try:
            answer = call(request, timeout=20, metadata=headers)
        except grpc.RpcError as error:
            sys.exit(f"ERROR:\n  Code: {error.code().name}\n  Message: {error.details()}")
    print(json_format.MessageToJson(answer))


if __name__ == "__main__":
    main()
