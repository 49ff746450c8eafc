// The client against the real program.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createVermilion, VermilionFailure } from "../src/index.ts";
import { startService } from "../../../scripts/service.mjs";

let service;
let client;
before(async () => {
    service = await startService();
    client = createVermilion({ baseUrl: service.url });
});
after(() => service.stop());

test("marks have the text at their spans, in UTF-16", async () => {
    const content = "\u{1F600} Café: we recieve it tomorow.";
    const { misspellings, language, revision } = await client.check(content, { language: "en", revision: 7 });
    assert.deepEqual(misspellings.map(({ text }) => text), ["recieve", "tomorow"]);
    for (const { spans, text, word, kind } of misspellings) {
        assert.equal(spans.map(({ start, end }) => content.slice(start, end)).join(""), text);
        assert.equal(word, text);
        assert.equal(kind, "NON_WORD");
    }
    assert.equal(language, "en");
    assert.equal(revision, 7);
});

test("skipped regions have their reasons", async () => {
    const { skipped } = await client.check("See https://example.com for AB-1234.", { language: "en" });
    assert.deepEqual(skipped.map(({ reason }) => reason), ["URL", "CODE"]);
});

test("suggestions of a word", async () => {
    const { accepted, suggestions } = await client.suggest("tomorow", { language: "en" });
    assert.equal(accepted, false);
    assert.equal(suggestions[0].text, "tomorrow");
});

test("a word is added once, silences its mark, and is taken out again", async () => {
    const marks = async () => (await client.check("the zzyqx is here", { language: "en" })).misspellings.length;
    assert.equal(await marks(), 1);
    const first = await client.dictionary.add("zzyqx");
    const second = await client.dictionary.add("zzyqx");
    assert.deepEqual([first.added, second.added], [true, false]);
    assert.equal(second.word.name, first.word.name);
    assert.equal(await marks(), 0);
    await second.undo();
    assert.equal(await marks(), 0, "what was there before stays");
    const listed = [];
    for await (const { text } of client.dictionary.list()) listed.push(text);
    assert.deepEqual(listed, ["zzyqx"]);
    await first.undo();
    await first.undo();
    assert.equal(await marks(), 1);
});

test("a wrong character tells its word; a single character is no word of a dictionary", async () => {
    const { misspellings } = await client.check("您好，非常报歉。", { language: "zh" });
    assert.deepEqual(misspellings.map(({ text, word, kind }) => [text, word, kind]), [["报", "报歉", "WRONG_CHARACTER"]]);
    await assert.rejects(client.dictionary.add("报"), { kind: "refused", reason: "WORD_SINGLE_CHARACTER" });
});

test("words that are ignored, parts that are asked about, edits of a word that markup divides", async () => {
    const texts = async (content, options) => (await client.check(content, { language: "en", ...options })).misspellings.map(({ text }) => text);
    assert.deepEqual(await texts("a mesage, the zzyqx", { ignoredWords: ["zzyqx"] }), ["mesage"]);
    assert.deepEqual(await texts("a mesage, the zzyqx", { onlySpans: [{ start: 0, end: 3 }] }), ["mesage"]);
    const many = Array.from({ length: 500 }, (_, n) => `zzyqx${String.fromCharCode(97 + (n % 26))}${"b".repeat(n % 19)}`);
    assert.deepEqual(await texts("a mesage, the zzyqx", { ignoredWords: [...many, "zzyqx"] }), ["mesage"]);
    const content = "<p>We re<b>ciev</b>ed it</p>";
    const { misspellings } = await client.check({ content, format: "html" }, { language: "en" });
    const [{ edits }] = misspellings[0].suggestions;
    assert.deepEqual(edits.map(({ span, text }) => [content.slice(span.start, span.end), text]), [["ciev", "ceiv"]]);
});

test("who calls", async () => {
    const { tenant, agent, roles, language, limits } = await client.caller();
    assert.deepEqual([tenant, agent, roles, language], ["demo", "ana", ["AGENT"], "en"]);
    assert.ok(limits.textBytes > 0);
    const admin = createVermilion({ baseUrl: service.url, identity: () => ({ "x-roles": "tenant_admin" }) });
    assert.ok((await admin.caller()).roles.includes("TENANT_ADMIN"));
});

test("what was done with marks is reported", async () => {
    await client.report([
        { action: "accepted", kind: "NON_WORD", language: "en", suggestion: 0 },
        { action: "ignored", kind: "NON_WORD", language: "en", word: "zzyqx" },
        { action: "added", kind: "LIKELY_ACCENT", language: "pt-BR", word: "zzyqx" },
    ]);
});

const failures = [
    ["a malformed language", (c) => c.check("x", { language: "english" }), "bug", "LANGUAGE_CODE_INVALID"],
    ["a text that is too long", (c) => c.check("a ".repeat(140_000)), "refused", "TEXT_TOO_LONG"],
    ["a word without letters", (c) => c.dictionary.add("12"), "refused", "WORD_INVALID"],
    ["another's dictionary", (c) => c.dictionary.add("word", "tenant"), "auth", "PERMISSION_DENIED"],
    ["a polish without a model", (c) => c.polish("hi", { conversation: "c" }).result, "refused", "MODEL_NOT_CONFIGURED"],
];
for (const [name, call, kind, reason] of failures) {
    test(`fails with ${kind}: ${name}`, async () => {
        await assert.rejects(call(client), (failure) => {
            assert.ok(failure instanceof VermilionFailure);
            assert.deepEqual([failure.kind, failure.reason], [kind, reason]);
            assert.match(failure.requestId, /^[0-9a-f-]{36}$/);
            return true;
        });
    });
}

test("why polishing is not on offer, each reason once", async () => {
    const ask = (headers) => createVermilion({ baseUrl: service.url, identity: () => headers }).availability("c-1");
    const codes = async (headers) => (await ask(headers)).reasons.map(({ code }) => code);
    assert.deepEqual(await codes({}), ["MODEL_NOT_CONFIGURED"]);
    assert.deepEqual(await codes({ "x-agent-id": "bruno" }), ["INTELLIGENT_RECOGNITION_OFF", "MODEL_NOT_CONFIGURED"]);
    assert.deepEqual(await codes({ "x-agent-id": "nobody" }), ["AGENT_NOT_FOUND", "MODEL_NOT_CONFIGURED"]);
    const { left, conditions, canPolish } = await ask({});
    assert.deepEqual([left, conditions.length, canPolish], [undefined, 4, false], "without a model nothing is counted");
});

test("nobody answers: offline", async () => {
    const nobody = createVermilion({ baseUrl: "http://127.0.0.1:9" });
    await assert.rejects(nobody.check("x"), { kind: "offline", reason: "OFFLINE" });
});

test("an abort is the platform's AbortError", async () => {
    const controller = new AbortController();
    const checking = client.check("x", { signal: controller.signal });
    controller.abort();
    await assert.rejects(checking, { name: "AbortError" });
    await assert.rejects(client.check("x", { signal: controller.signal }), { name: "AbortError" });
});
