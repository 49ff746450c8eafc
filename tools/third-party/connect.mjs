// Calls the service by Connect's clients, described by a descriptor set: nothing is generated.
//
//     node connect.mjs URL POLISHING_URL DESCRIPTORS "PACKAGE PROTOCOL"
//
// Run by checks.py. Throws, and so ends with a status other than 0, where an answer is not what it should be.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import * as node from "@connectrpc/connect-node";
import * as web from "@connectrpc/connect-web";

const [baseUrl, polishingUrl, descriptors, name] = process.argv.slice(2);
const createTransport = {
    "connect-node grpc": (baseUrl) => node.createGrpcTransport({ baseUrl }),
    "connect-node grpc-web": (baseUrl) => node.createGrpcWebTransport({ baseUrl, httpVersion: "2" }),
    // What runs in browsers; here over HTTP/1.1, by node's own fetch.
    "connect-web grpc-web": (baseUrl) => web.createGrpcWebTransport({ baseUrl }),
}[name];

const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(descriptors)));
const client = createClient(registry.getService("vermilion.v1.SpellingService"), createTransport(baseUrl));

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

// Deltas are a preview; the last message is the result.
const polishing = createClient(registry.getService("vermilion.v1.PolishingService"), createTransport(polishingUrl));
const draft = { document: { content: "hi, ur plain teapot is here" }, conversationId: name };
let preview = "";
let result;
for await (const { event } of polishing.streamPolishReply(draft)) {
    assert.equal(result, undefined, "nothing follows the result");
    if (event.case === "delta") preview += event.value.text;
    else result = event.value;
}
assert.equal(preview, "Hi, your plain teapot is here.");
assert.equal(result.content, preview);
assert.equal(result.remainingInConversation, 9);
process.exit(0);
