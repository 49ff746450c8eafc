// The catalogue has words for every code of the contract and of docs/statuses.md, in every language, with the same blanks.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { localeOf, messages } from "../src/messages.ts";
import { en } from "../src/catalogue/en.ts";
import { MisspellingKind, SkipReason } from "../src/proto.ts";
import { repository } from "../../../scripts/paths.mjs";

const LOCALES = ["en", "pt-BR", "zh-Hans", "zh-Hant"];
const proto = (name) => readFileSync(join(repository, "proto/vermilion/v1", name), "utf8");
/** The codes in capitals within a comment. */
const codes = (text) => [...text.matchAll(/\b[A-Z]{2,}(?:_[A-Z]+)+\b|\b(?:PREAMBLE|REMARK|CUT|UNRELATED|EMPTY|WITHHELD)\b/g)].map(([code]) => code);
const names = (kind) => Object.keys(kind).filter((key) => Number.isNaN(Number(key)) && key !== "UNSPECIFIED");

test("every kind of mark and every reason for not checking", () => {
    for (const locale of LOCALES) {
        const words = messages(locale);
        for (const kind of names(MisspellingKind)) assert.notEqual(words.mark(kind, "x"), "x", `${locale} ${kind}`);
        for (const reason of names(SkipReason)) assert.notEqual(words.skip(reason), reason, `${locale} ${reason}`);
    }
});

test("every code of a guard finding", () => {
    const text = proto("polishing.proto");
    const comment = /message GuardFinding \{\n([\s\S]*?)string code = 1;/.exec(text)[1].replaceAll("GuardFinding", "");
    const found = codes(comment);
    assert.ok(found.length > 20);
    for (const code of found) assert.notEqual(messages("en").guard(code), code);
});

test("every code of a condition", () => {
    const [, comment] = /enum Type \{([\s\S]*?)\n  \}/.exec(proto("polishing.proto"));
    const found = [...comment.matchAll(/\/\/ ([A-Z_, ]+)\./g)].flatMap(([, list]) => list.split(", "));
    assert.equal(found.length, 10);
    for (const code of found) assert.notEqual(messages("en").code(code), code, code);
});

/** Of programmers' mistakes and operators' matters no agent is told more than the kind. */
const SILENT = new Set(
    (
        "REQUEST_UNREADABLE REQUEST_ID_REUSED FORMAT_UNSUPPORTED ETAG_MISMATCH CONDITIONS_UNMET SETTINGS_BUSY REQUEST_INCOMPLETE " +
        "OVERLOADED ANSWERS_WAITING KEYS_UNAVAILABLE SHUTTING_DOWN INTELLIGENT_AGENT_LIMIT"
    ).split(" "),
);

test("every reason of docs/statuses.md", () => {
    const page = readFileSync(join(repository, "docs/statuses.md"), "utf8");
    const found = [...page.matchAll(/^\| [A-Z_]+, ((?:`[A-Z_]+`(?: or )?)+)/gm)].flatMap(([, list]) => [...list.matchAll(/[A-Z_]{3,}/g)].map(String));
    assert.ok(found.length > 12);
    for (const reason of found) {
        if (!SILENT.has(reason)) assert.notEqual(messages("en").code(reason), reason, reason);
    }
});

test("the same blanks in every language", () => {
    const blanks = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort().join();
    for (const locale of LOCALES) {
        for (const [key, text] of Object.entries(en)) assert.equal(blanks(messages(locale).text(key)), blanks(text), `${locale} ${key}`);
    }
});

const TAGS = [
    ["en-GB", "en"], ["fr", "en"], ["pt", "pt-BR"], ["pt-PT", "pt-BR"], ["zh", "zh-Hans"], ["zh-CN", "zh-Hans"],
    ["zh-TW", "zh-Hant"], ["zh_HK", "zh-Hant"], ["zh-Hans-HK", "zh-Hans"], ["zh-Hant", "zh-Hant"], ["yue", "zh-Hant"],
];
for (const [tag, locale] of TAGS) test(`${tag} is told in ${locale}`, () => assert.equal(localeOf(tag), locale));

test("a failure is told by its limit, else its reason, else its kind", () => {
    const words = messages("en", { "failure.bug": "Call 42." });
    const failure = (kind, reason, codes = []) => words.failure({ kind, reason, violations: codes.map((code) => ({ code })) });
    assert.equal(failure("limit", "POLISH_LIMIT_REACHED", ["CONVERSATION_POLISHES"]), "No polishes are left in this conversation.");
    assert.equal(failure("busy", "TENANT_BUSY"), "Many colleagues are polishing at once. Try again in a moment.");
    assert.equal(failure("busy", "OVERLOADED"), "Vermilion is busy. It is tried again soon.");
    assert.equal(failure("bug", "LATER_CODE"), "Call 42.");
    assert.equal(words.mark("NON_WORD", "mesage"), "“mesage” is not in the dictionary");
    assert.equal(words.code("LATER_CODE"), "LATER_CODE");
});
