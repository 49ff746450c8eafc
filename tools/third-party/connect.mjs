// Calls the service by Connect's clients, described by a descriptor set: nothing is generated.
//
//     node connect.mjs URL DESCRIPTORS "PACKAGE PROTOCOL"
//
// Run by checks.py. Throws, and so ends with a status other than 0, where an answer is not what it should be.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import * as node from "@connectrpc/connect-node";
import * as web from "@connectrpc/connect-web";

const [baseUrl, descriptors, name] = process.argv.slice(2);
const transport = {
    "connect-node grpc": () => node.createGrpcTransport({ baseUrl }),
    "connect-node grpc-web": () => node.createGrpcWebTransport({ baseUrl, httpVersion: "2" }),
    // What runs in browsers; here over HTTP/1.1, by node's own fetch.
    "connect-web grpc-web": () => web.createGrpcWebTransport({ baseUrl }),
}[name]();

const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(descriptors)));
const client = createClient(registry.getService("vermilion.v1.SpellingService"), transport);

// Offsets are in UTF-16 code units, as JavaScript's own.
const content = "\u{1F600} Café: we recieve it tomorow.";
const answer = await client.checkSpelling({ document: { content }, languageCode: "en", clientRevision: 7 });
assert.deepEqual(answer.misspellings.map(({ text }) => text), ["recieve", "tomorow"]);
for (const { spans, text } of answer.misspellings) {
    assert.equal(spans.map(({ start, end }) => content.slice(start, end)).join(""), text);
}
assert.equal(answer.clientRevision, 7);

const suggestions = await client.getSuggestions({ word: "tomorow", languageCode: "en" });
assert.equal(suggestions.accepted, false);

await assert.rejects(client.checkSpelling({ document: { content }, languageCode: "english" }), (error) => {
    assert(error instanceof ConnectError);
    assert.equal(error.code, Code.InvalidArgument);
    assert(error.details.some(({ type }) => type === "google.rpc.BadRequest"), "the details came through");
    return true;
});
process.exit(0);
