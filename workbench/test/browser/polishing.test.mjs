// A field is polished: preview, review clause by clause, one step of undo, markup and quotations kept.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { startModel } from "../../scripts/model.mjs";
import { open } from "./harness.mjs";

let model;
let it;
before(async () => {
    model = await startModel();
    it = await open({ service: { environment: model.environment } });
});
after(async () => {
    await it.close();
    model.close();
});
beforeEach(() => {
    model.state.delayMs = 0;
    model.state.rewrite = undefined;
});

const html = () => it.page.evaluate(() => document.getElementById("e").innerHTML);
const value = () => it.page.evaluate(() => document.querySelector("textarea").value);

async function editable(content, options) {
    await it.fresh("<div id=e contenteditable=true></div>");
    await it.page.evaluate((content) => (document.getElementById("e").innerHTML = content), content);
    await it.attach("#e", { language: "en", ...options });
}

async function textarea(content) {
    await it.fresh("<textarea></textarea>");
    await it.page.evaluate((content) => (document.querySelector("textarea").value = content), content);
    await it.attach("textarea", { language: "en" });
}

let conversation = 0;
/** Polishes what is attached; the review is `window.review`, what was fed back `window.fed`. */
async function polish() {
    return it.page.evaluate(async (conversation) => {
        window.fed = [];
        window.feedback ??= vermilion.feedback;
        vermilion.feedback = (id, what) => (fed.push(what), feedback(id, what));
        window.polishing = session.polish({ conversation, tone: "FRIENDLY" });
        window.previews = [];
        for await (const { preview } of polishing) previews.push(preview);
        window.review = await polishing.review;
        return { outcome: review.result.outcome, previews, clauses: review.clauses.map(({ before, after }) => [before, after]) };
    }, `c-${conversation++}`);
}

const DRAFT = "hi, ur parcel is on its way, sory for the wait.\nIt wil be with u in 3 days.";
const POLISHED = "Hello, your parcel is on its way, sorry for the wait.\nIt will be with you in 3 days.";

test("textarea: streamed, reviewed, accepted, and undone in one step", async () => {
    await textarea(DRAFT);
    const { outcome, previews, clauses } = await polish();
    assert.equal(outcome, "POLISHED");
    assert.equal(previews.at(-1), POLISHED);
    assert.ok(previews.length > 1 && previews.every((preview) => POLISHED.startsWith(preview)));
    assert.deepEqual(clauses, [["hi", "Hello"], ["ur", "your"], ["sory", "sorry"], ["wil be with u", "will be with you"]]);
    assert.equal(await value(), DRAFT, "nothing is written before it is accepted");
    assert.deepEqual(await it.painted("edit"), ["hi", "ur", "sory", "wil", "u"]);
    const parts = await it.page.evaluate(() => review.parts);
    assert.equal(parts.filter(({ kind }) => kind !== "removed").map(({ text }) => text).join(""), POLISHED);
    assert.equal(parts.filter(({ kind }) => kind !== "added").map(({ text }) => text).join(""), DRAFT);
    assert.equal(await it.page.evaluate(() => review.accept()), true);
    assert.equal(await value(), POLISHED);
    assert.deepEqual([await it.painted("edit"), await it.page.evaluate(() => fed)], [[], ["accepted"]]);
    await it.page.keyboard.press("Control+z");
    assert.equal(await value(), DRAFT);
    assert.equal(await it.page.evaluate(() => review.accept()), false, "only once");
});

test("one clause, the others later", async () => {
    await textarea(DRAFT);
    await polish();
    assert.equal(await it.page.evaluate(() => review.acceptOne(review.clauses[1])), true);
    assert.equal(await value(), DRAFT.replace("ur", "your"));
    assert.deepEqual(await it.painted("edit"), ["hi", "sory", "wil", "u"]);
    assert.equal(await it.page.evaluate(() => review.acceptOne(review.clauses[3])), true);
    await it.page.evaluate(() => review.discard());
    assert.equal(await value(), DRAFT.replace("ur", "your").replace("wil be with u", "will be with you"));
    assert.deepEqual(await it.page.evaluate(() => fed), ["edited"]);
});

test("all clauses but one", async () => {
    await textarea(DRAFT);
    await polish();
    await it.page.evaluate(() => ((review.clauses[0].taken = false), review.accept()));
    assert.equal(await value(), POLISHED.replace("Hello", "hi"));
    assert.deepEqual(await it.page.evaluate(() => fed), ["edited"]);
});

test("discarded", async () => {
    await textarea(DRAFT);
    await polish();
    await it.page.evaluate(() => review.discard());
    assert.deepEqual([await value(), await it.painted("edit"), await it.page.evaluate(() => fed)], [DRAFT, [], ["discarded"]]);
});

test("a text that has changed meanwhile is not overwritten", async () => {
    await textarea(DRAFT);
    await polish();
    await it.page.evaluate(() => session.element.setRangeText("Well, ", 0, 0));
    assert.deepEqual(await it.page.evaluate(() => [review.valid, review.accept(), review.acceptOne(review.clauses[0])]), [false, false, false]);
    assert.equal(await value(), `Well, ${DRAFT}`);
    assert.deepEqual(await it.page.evaluate(() => fed), []);
});

/** HTML of a draft and what it becomes. */
const RICH = [
    ["markup stays", "<p>hi, ur <b>parcel</b> is <i>on</i> its way &amp; sory for the wait.</p><p>It wil be with u in 3 days</p>"],
    ["across tags", "<div>hi, <b>ur</b> parcel, so<i>ry</i> for the wait</div><ul><li>It wil come</li><li>pls wait</li></ul>"],
    ["references", "<div>hi, ur parcel &amp; gift are on the way&nbsp;now, sory.</div>"],
];
for (const [name, draft] of RICH) {
    test(`contenteditable: ${name}`, async () => {
        await editable(draft);
        const { outcome } = await polish();
        assert.equal(outcome, "POLISHED", await it.page.evaluate(() => JSON.stringify(review.findings)));
        const content = await it.page.evaluate(() => review.result.content);
        assert.equal(await it.page.evaluate(() => review.accept()), true);
        assert.equal(await html(), content);
        assert.notEqual(await html(), draft);
        await it.page.keyboard.press("Control+z");
        assert.equal(await html(), draft, "one Ctrl+Z");
        await it.page.keyboard.press("Control+Shift+z");
        assert.equal(await html(), content, "one redo");
        await it.page.keyboard.press("Control+z");
        assert.equal(await html(), draft, "and again");
    });
}

test("e-mail: the quotation stays as it is and does not reach the model; so do images", async () => {
    const quotation =
        '<div class="gmail_quote"><div class="gmail_attr">On Tue, 12 Nov 2024 at 10:30, Ana &lt;ana@example.com&gt; wrote:</div>' +
        '<blockquote class="gmail_quote">wher is my mony, u sory lot <img src="data:image/png;base64,' +
        `${"A".repeat(5000)}"></blockquote></div>`;
    await editable(`<p>hi Ana, ur parcel is on its way.</p>${quotation}`, { channel: "email" });
    const { outcome } = await polish();
    assert.equal(outcome, "POLISHED");
    assert.ok(!model.state.drafts.at(-1).includes("mony"));
    await it.page.evaluate(() => review.accept());
    const after = await html();
    assert.ok(after.startsWith("<p>hi Ana, your parcel is on its way.</p>"));
    assert.ok(after.endsWith(quotation));
});

test("a protected chip stays, and its text does not reach the model", async () => {
    await editable('<p>Dear <span class="chip">Zephir ur</span>, ur parcel is here</p>', { protect: ".chip" });
    await polish();
    assert.ok(!model.state.drafts.at(-1).includes("Zephir"));
    await it.page.evaluate(() => review.accept());
    assert.equal(await html(), '<p>Dear <span class="chip">Zephir ur</span>, your parcel is here</p>');
});

test("review points stand at their words, or at what their clause changes", async () => {
    await textarea(DRAFT);
    const seen = await it.page.evaluate(async (draft) => {
        // As a service with a second reading answers.
        const { polish } = vermilion;
        vermilion.polish = (...args) => {
            const made = polish(...args);
            const at = (text, word) => [{ start: text.indexOf(word), end: text.indexOf(word) + word.length }];
            const result = made.result.then((result) => ({
                ...result,
                reviewPoints: [
                    { kind: "CHANGED", severity: "HIGH", source: "MODEL", message: "", draftSpans: at(draft, "3 days"), contentSpans: [] },
                    { kind: "ADDED", severity: "LOW", source: "MODEL", message: "", draftSpans: [], contentSpans: at(result.content, "sorry") },
                    { kind: "OMITTED", severity: "LOW", source: "RULE", message: "", draftSpans: [], contentSpans: [] },
                ],
            }));
            return { ...made, result, [Symbol.asyncIterator]: made[Symbol.asyncIterator] };
        };
        window.review = await session.polish({ conversation: "points" }).review;
        vermilion.polish = polish;
        return [review.points.map(({ ranges }) => ranges.map(String)), review.clauses.map(({ after, points }) => [after, points.map(({ kind }) => kind)])];
    }, DRAFT);
    assert.deepEqual(seen, [
        [["3 days"], ["sory"], []],
        [["Hello", []], ["your", []], ["sorry", ["ADDED"]], ["will be with you", []]],
    ]);
    assert.deepEqual(await it.painted("point"), ["sory", "3 days"]);
    await it.page.evaluate(() => review.discard());
    assert.deepEqual(await it.painted("point"), []);
});

test("stopped: the field is as it was, and nothing is counted", async () => {
    model.state.delayMs = 100;
    await textarea(DRAFT);
    const left = (conversation) => it.page.evaluate(async (c) => (await vermilion.availability(c, { fresh: true })).left, conversation);
    const [name, seen] = await it.page.evaluate(async () => {
        const polishing = session.polish({ conversation: "stopped" });
        const seen = [];
        setTimeout(() => polishing.abort(), 250);
        try {
            for await (const { preview } of polishing) seen.push(preview);
        } catch (error) {
            return [error.name, seen.length];
        }
        return ["ended", seen.length];
    });
    assert.deepEqual([name, seen > 0], ["AbortError", true]);
    assert.equal(await value(), DRAFT);
    await it.page.waitForTimeout(200);
    assert.equal(await left("stopped"), 10);
});

test("refused by the guard: the reasons, and the draft as it was", async () => {
    model.state.rewrite = (draft) => draft.replace("3 days", "5 days").replace("ur", "your");
    await textarea(DRAFT);
    const { outcome, clauses } = await polish();
    assert.deepEqual([outcome, clauses], ["REJECTED_BY_GUARD", []]);
    assert.ok((await it.page.evaluate(() => review.findings.map(({ code }) => code))).length > 0);
    assert.deepEqual([await value(), await it.page.evaluate(() => [review.accept(), fed])], [DRAFT, [false, []]]);
});

test("the remaining count is asked anew after a polish", async () => {
    await textarea(DRAFT);
    const counts = await it.page.evaluate(async () => {
        const before = (await vermilion.availability("count")).left;
        const { result } = vermilion.polish("hi, ur here", { conversation: "count" });
        const after = (await result).left;
        return [before, after, (await vermilion.availability("count")).left];
    });
    assert.deepEqual(counts, [10, 9, 9]);
});

test("the same request id is charged once", async () => {
    const counts = await it.page.evaluate(async () => {
        const options = { conversation: "twice", requestId: "twice-1" };
        const one = await vermilion.polish("hi, ur here", options).result;
        const other = await vermilion.polish("hi, ur here", options).result;
        return [one.left, other.left, one.polishId === other.polishId];
    });
    assert.deepEqual(counts, [9, 9, true]);
});

test("the limit of a conversation", async () => {
    const reached = await it.page.evaluate(async () => {
        for (let n = 0; n < 10; n++) await vermilion.polish(`hi, ur here ${n}`, { conversation: "full" }).result;
        const availability = await vermilion.availability("full");
        const failure = await vermilion.polish("hi, ur here", { conversation: "full" }).result.catch((failure) => failure);
        return [availability.canPolish, availability.reasons[0]?.code, failure.kind, failure.reason, failure.violations[0].code];
    });
    assert.deepEqual(reached, [false, "CONVERSATION_POLISHES", "limit", "POLISH_LIMIT_REACHED", "CONVERSATION_POLISHES"]);
});

test("nothing of all this was an error of the page", () => assert.deepEqual(it.errors, []));
