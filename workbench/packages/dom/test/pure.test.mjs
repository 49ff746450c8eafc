// What needs no DOM: changes, replacements, clauses, schedules, proposals of a language.
import assert from "node:assert/strict";
import { test } from "node:test";
import { changeBetween, neighbours, replacementCore, shifted } from "../src/change.ts";
import { clausesOf, diffParts, plain, textEdits } from "../src/clauses.ts";
import { IgnoreList } from "../src/ignore.ts";
import { proposedLanguage } from "../src/language.ts";
import { Reports } from "../src/reports.ts";
import { Backoff, due } from "../src/schedule.ts";

const CHANGES = [
    ["", "a", { start: 0, oldEnd: 0, newEnd: 1 }],
    ["abc", "abc", undefined],
    ["abc", "axc", { start: 1, oldEnd: 2, newEnd: 2 }],
    ["aaa", "aaaa", { start: 3, oldEnd: 3, newEnd: 4 }],
    ["aaaa", "aa", { start: 2, oldEnd: 4, newEnd: 2 }],
    ["abc", "", { start: 0, oldEnd: 3, newEnd: 0 }],
];
for (const [before, after, wanted] of CHANGES) {
    test(`change of "${before}" to "${after}"`, () => assert.deepEqual(changeBetween(before, after), wanted));
}

test("spans move with what is before them, and go with what is in them", () => {
    const change = { start: 5, oldEnd: 7, newEnd: 10 };
    assert.deepEqual(shifted({ start: 1, end: 5 }, change), { start: 1, end: 5 });
    assert.deepEqual(shifted({ start: 7, end: 9 }, change), { start: 10, end: 12 });
    assert.equal(shifted({ start: 4, end: 6 }, change), undefined);
    assert.equal(shifted({ start: 6, end: 8 }, change), undefined);
});

const NEIGHBOURS = [
    ["a recieve b", "recieve", false, ["", ""]],
    ["a recieved b", "recieve", false, ["", "d"]],
    ["xrecieve", "recieve", false, ["x", ""]],
    ["𠮷recieve", "recieve", false, ["𠮷", ""]],
    ["<p>We <b>recieve</b>d</p>", "recieve", true, ["", "d"]],
    ["<p>We</p><p>recieve</p><p>d</p>", "recieve", true, ["", ""]],
    ["a<i></i><b>recieve</b><br>d", "recieve", true, ["a", ""]],
];
for (const [content, word, html, wanted] of NEIGHBOURS) {
    test(`neighbours in ${content}`, () => {
        const start = content.indexOf(word);
        assert.deepEqual(neighbours(content, { start, end: start + word.length }, html), wanted);
    });
}

const CORES = [
    ["recieved", "received", 3, 5, "ei"],
    ["mesage", "message", 2, 3, "ss"],
    ["occassion", "occasion", 4, 6, "s"],
    ["alot", "a lot", 0, 1, "a "],
    ["报", "抱", 0, 1, "抱"],
    ["voce", "você", 3, 4, "ê"],
    ["solicitac\u0327ao", "solicitação", 8, 11, "çã"],
    ["x", "", 0, 1, ""],
    ["👩‍👩‍👧x", "👩‍👩‍👦x", 0, 8, "👩‍👩‍👦"],
];
for (const [before, after, start, end, text] of CORES) {
    test(`least of ${before} to ${after}`, () => {
        const core = replacementCore(before, after);
        assert.equal(before.slice(0, core.start) + core.text + before.slice(core.end), after);
        assert.deepEqual(core, { start, end, text });
    });
}

/** A draft with edits as `[old|new]`. */
function marked(text) {
    let draft = "";
    let content = "";
    const edits = [];
    for (const piece of text.split(/(\[[^\]]*\|[^\]]*\])/)) {
        const edit = /^\[([^|]*)\|([^\]]*)\]$/.exec(piece);
        if (edit) edits.push({ span: { start: draft.length, end: draft.length + edit[1].length }, text: edit[2], source: edit[2] });
        draft += edit ? edit[1] : piece;
        content += edit ? edit[2] : piece;
    }
    return { draft, content, edits };
}

const CLAUSES = [
    ["[hi|Hello], [ur|your] parcel is here", false, 2],
    ["[ur|your] parcel [wil|will] come", false, 1],
    ["it costs [1.5|1.5] or [2.5|2.5] more", false, 1],
    ["at 3.5 [pm|p.m.] we [com|come]", false, 1],
    ["[yes|Yes]\n[no|No]", false, 2],
    ["您好，[您的|您的]货[以|已]到", false, 1],
    ["[您好|你好]，货[以|已]到", false, 2],
    ["<p>[ur|your]</p><p>[wil|will]</p>", true, 2],
    ["<p>[ur|your] <b>x</b> [wil|will]</p>", true, 1],
    ["[hi.|Hello.] [ur|Your] parcel", false, 2],
];
for (const [text, html, count] of CLAUSES) {
    test(`clauses of ${text}`, () => {
        const { draft, content, edits } = marked(text);
        const clauses = clausesOf(draft, edits, html);
        assert.equal(clauses.length, count);
        assert.deepEqual(clauses.flatMap((clause) => clause.edits), edits);
        for (const { edits, contentSpan: { start, end } } of clauses) {
            const [first, last] = [edits[0], edits.at(-1)];
            assert.ok(content.slice(start, end).startsWith(first.text) && content.slice(start, end).endsWith(last.text));
        }
        const parts = diffParts(draft, clauses, false);
        const joined = (without) => parts.filter(({ kind }) => kind !== without).map(({ text }) => text).join("");
        assert.deepEqual([joined("added"), joined("removed")], [draft, content]);
    });
}

/** Edits as a diff by word may have them, and the text edits that they are. */
const HTML_EDITS = [
    ["<p>[ur|your] <b>x</b></p>", [["ur", "your"]]],
    ["<p>[ur</b> wil|your</b> will] be</p>", [["ur", "your"], [" wil", " will"]]],
    ["<p>a &amp; [sory &lt|sorry &lt]; b</p>", [["sory &lt;", "sorry <"]]],
    ["<p>caf[&eacute;|&eacute;s] x</p>", [["&eacute;", "&eacute;s"]]],
    ["<p>x[<b>|<b>]y</p>", []],
];
for (const [text, wanted] of HTML_EDITS) {
    test(`text edits of ${text}`, () => {
        const { draft, content, edits } = marked(text);
        const found = textEdits(draft, content, edits);
        assert.deepEqual(found.map(({ span, text }) => [draft.slice(span.start, span.end), text]), wanted);
    });
}

test("edits that change a tag are none of text", () => {
    assert.equal(textEdits("<b>a</b> b", "<i>a</i> b", [{ span: { start: 0, end: 8 }, text: "<i>a</i>" }]), undefined);
});

test("character references are read", () => {
    assert.equal(plain("a &amp;&lt;&gt;&quot;&#39;&#x4e2d;&nbsp;&amp;amp;"), "a &<>\"'中\u00a0&amp;");
});

test("a check is due after the last key, and at the latest after the first", () => {
    const pace = { debounceMs: 150, mostMs: 1000 };
    assert.deepEqual([due(0, 0, pace), due(0, 500, pace), due(0, 990, pace)], [150, 650, 1000]);
    assert.equal(due(0, 0, { debounceMs: 10_000, mostMs: 1000 }), 10_000, "a slow debounce is what was asked for");
});

test("failures in a row are waited for longer, and longer if the service says so", () => {
    const backoff = new Backoff(() => 0);
    assert.deepEqual([1, 2, 3, 4, 5, 6].map(() => backoff.next(undefined, true)), [2000, 4000, 8000, 16_000, 30_000, 30_000]);
    backoff.reset();
    assert.deepEqual([backoff.next(500, false), backoff.next(60_000, true)], [500, 60_000]);
    assert.equal(new Backoff(() => 1).next(undefined, true), 2200);
});

test("a wrong character is ignored in its word only, and its word is what is sent", () => {
    const ignored = new IgnoreList(["FreteBox"]);
    ignored.add({ text: "报", word: "报歉" });
    assert.equal(ignored.has({ text: "报", word: "报歉" }), true);
    assert.equal(ignored.has({ text: "报", word: "报消" }), false);
    assert.equal(ignored.has({ text: "FreteBox", word: "FreteBox" }), true);
    assert.deepEqual(ignored.words, ["FreteBox", "报歉"]);
    for (const word of ["报", "12", "a\nb", " x", "x".repeat(65)]) ignored.add({ text: word, word });
    assert.deepEqual(ignored.words, ["FreteBox", "报歉"], "what the service would refuse is not sent");
    assert.equal(ignored.has({ text: "报", word: "报" }), true);
});

test("reports are collected, sent at twenty or at the end, and may be lost or unwanted", async () => {
    const sent = [];
    const client = { report: async (feedbacks) => (sent.push(feedbacks.length), Promise.reject(new Error())) };
    const reports = new Reports(client, true);
    for (let n = 0; n < 23; n++) reports.put({ action: "ignored" });
    reports.send();
    reports.send();
    new Reports(client, false).put({ action: "ignored" });
    await new Promise((resolve) => setTimeout(resolve));
    assert.deepEqual(sent, [20, 3]);
});

const PROPOSALS = [
    ["Olá, o seu pedido foi enviado hoje.", "en", [[0, 36, "OTHER_LANGUAGE"]], "pt"],
    ["Thank you for your message, we will look.", "pt-BR", [[0, 41, "OTHER_LANGUAGE"]], "en"],
    ["您好，您的订单已经发货，请耐心等待。", "en", [[0, 18, "OTHER_SCRIPT"]], "zh-Hans"],
    ["您好，您的訂單已經發貨，請耐心等待。", "en", [[0, 18, "OTHER_SCRIPT"]], "zh-Hant"],
    ["Bonjour, merci beaucoup pour tout.", "en", [[0, 34, "OTHER_LANGUAGE", "fr"]], "fr"],
    ["Hello, thank you very much. Muito obrigado.", "en", [[28, 43, "OTHER_LANGUAGE"]], undefined],
    ["Olá!", "en", [[0, 4, "OTHER_LANGUAGE"]], undefined],
    ["Thank you for your message today.", "en-GB", [], undefined],
];
for (const [content, language, regions, wanted] of PROPOSALS) {
    test(`${wanted ?? "nothing"} is proposed for: ${content}`, () => {
        const skipped = regions.map(([start, end, reason, language]) => ({ span: { start, end }, reason, ...(language && { language }) }));
        assert.equal(proposedLanguage(content, { language, skipped, languageFallback: false }), wanted);
    });
}
