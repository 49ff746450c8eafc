// What is done to the text: suggestions picked, taken back in one step, markup kept; ignoring; the dictionary; composition; the caret.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open } from "./harness.mjs";

let it;
before(async () => (it = await open()));
after(() => it.close());

const html = () => it.page.evaluate(() => document.getElementById("e").innerHTML);

async function editable(content, options) {
    await it.fresh("<div id=e contenteditable=true></div>");
    await it.page.evaluate((content) => (document.getElementById("e").innerHTML = content), content);
    await it.attach("#e", { language: "en", ...options });
}

async function textarea(value = "", options) {
    await it.fresh("<textarea></textarea>");
    await it.page.evaluate((value) => (document.querySelector("textarea").value = value), value);
    await it.attach("textarea", { language: "en", ...options });
}

const value = () => it.page.evaluate(() => document.querySelector("textarea").value);
const accept = (mark, index = 0) => it.page.evaluate(([mark, index]) => session.marks[mark].accept(index), [mark, index]);

test("textarea: a suggestion is picked, and one Ctrl+Z brings the text back", async () => {
    await textarea();
    await it.page.focus("textarea");
    await it.page.keyboard.type("We recieved ur mesage. ");
    await it.settled();
    const typed = await value();
    const at = (await it.marks()).indexOf("mesage");
    assert.equal(await accept(at), true);
    assert.equal(await value(), typed.replace("mesage", "message"));
    await it.page.keyboard.press("Control+z");
    assert.equal(await value(), typed);
    await it.page.keyboard.press("Control+Shift+z");
    assert.equal(await value(), typed.replace("mesage", "message"));
    await it.settled();
    assert.ok(!(await it.painted()).includes("mesage"));
});

/** HTML with one mark; HTML after its first suggestion, or the one that is named. */
const REPLACED = [
    ["<p>We recieved it.</p>", "<p>We received it.</p>"],
    ["<p>We <b>recieved</b> it.</p>", "<p>We <b>received</b> it.</p>"],
    ["<p>We re<b>ciev</b>ed it.</p>", "<p>We re<b>ceiv</b>ed it.</p>"],
    ["<p>We ap<i>proov</i>ed it.</p>", "<p>We ap<i>prov</i>ed it.</p>"],
    ["<p>The <b>acc</b>omodation is good.</p>", "<p>The <b>acc</b>ommodation is good.</p>"],
    ["<div>The <a href=\"https://example.com/\">mesage</a></div>", "<div>The <a href=\"https://example.com/\">message</a></div>"],
    ["<p>We have alot of it.</p>", "<p>We have a lot of it.</p>", "a lot"],
    ["<p>Is it <u>tomorow</u>?</p><p>next</p>", "<p>Is it <u>tomorrow</u>?</p><p>next</p>"],
];
for (const [before, wanted, suggestion] of REPLACED) {
    test(`contenteditable: ${before}`, async () => {
        await editable(before);
        assert.equal((await it.marks()).length, 1);
        const texts = await it.page.evaluate(() => session.marks[0].suggestions.map(({ text }) => text));
        assert.equal(await accept(0, suggestion ? texts.indexOf(suggestion) : 0), true);
        assert.equal(await html(), wanted);
        await it.settled();
        assert.deepEqual(await it.painted(), []);
        await it.page.keyboard.press("Control+z");
        assert.equal(await html(), before, "after one Ctrl+Z");
    });
}

test("a character in Chinese", async () => {
    await editable("<p>非常<b>报</b>歉。</p>", { language: "zh" });
    await accept(0);
    assert.equal(await html(), "<p>非常<b>抱</b>歉。</p>");
});

test("a mark whose text has changed is not replaced", async () => {
    await editable("<p>We recieved it.</p>");
    const done = await it.page.evaluate(() => {
        const [mark] = session.marks;
        document.querySelector("#e p").firstChild.data = "We receive it now.";
        return mark.accept(0);
    });
    assert.equal(done, false);
    assert.equal(await html(), "<p>We receive it now.</p>");
});

test("a field that is read only is not written to", async () => {
    await textarea("We recieved it.");
    assert.equal(await it.page.evaluate(() => ((session.element.readOnly = true), session.marks[0].accept(0))), false);
    assert.equal(await value(), "We recieved it.");
});

test("ignored once: here, while the text around it changes, and not elsewhere", async () => {
    await textarea("A mesage and a mesage.");
    await it.page.evaluate(() => session.marks[0].ignoreOnce());
    assert.deepEqual(await it.page.evaluate(() => session.marks.map((mark) => mark.span.start)), [15]);
    await it.page.evaluate(() => session.element.setSelectionRange(0, 0));
    await it.page.focus("textarea");
    await it.page.keyboard.insertText("Yes. ");
    await it.settled();
    assert.deepEqual(await it.page.evaluate(() => session.marks.map((mark) => mark.span.start)), [20]);
    await it.page.evaluate(() => session.recheck());
    await it.settled();
    assert.deepEqual(await it.page.evaluate(() => session.marks.map((mark) => mark.span.start)), [20]);
});

test("ignored everywhere: in all sessions with the same list", async () => {
    await it.fresh("<textarea>A mesage and a mesage.</textarea><div id=e contenteditable><p>no mesage, we recieved</p></div>");
    const left = await it.page.evaluate(async () => {
        const ignored = new dom.IgnoreList();
        const options = { language: "en", debounceMs: 0, ignored };
        const [one, other] = ["textarea", "#e"].map((selector) =>
            dom.attach(document.querySelector(selector), vermilion, options),
        );
        await Promise.all([settled(one), settled(other)]);
        one.marks[0].ignoreAll();
        const marks = [one, other].map((session) => session.marks.map(({ text }) => text));
        other.recheck();
        await settled(other);
        const again = other.marks.map(({ text }) => text);
        one.detach();
        other.detach();
        return [...marks, again];
    });
    assert.deepEqual(left, [[], ["recieved"], ["recieved"]]);
});

test("a wrong character is ignored in its word only", async () => {
    await textarea("非常报歉，请耐新等待。我们报歉。", { language: "zh" });
    assert.deepEqual(await it.page.evaluate(() => session.marks.map(({ word }) => word)), ["报歉", "耐新", "报歉"]);
    await it.page.evaluate(() => session.marks[1].ignoreAll());
    assert.deepEqual(await it.marks(), ["报", "报"]);
    await it.page.evaluate(() => session.recheck());
    await it.settled();
    assert.deepEqual(await it.marks(), ["报", "报"]);
    assert.equal(await it.page.evaluate(() => session.marks[0].addToDictionary), undefined);
});

test("added to the dictionary, and taken out by undo", async () => {
    await textarea("the zzyqx is here");
    const [after, undone] = await it.page.evaluate(async () => {
        const { undo } = await session.marks[0].addToDictionary();
        await settled();
        const after = session.marks.length;
        await undo();
        await settled();
        return [after, session.marks.length];
    });
    assert.deepEqual([after, undone], [0, 1]);
});

test("the word under the pen is not marked before it is left, or rests", async () => {
    await textarea();
    await it.page.focus("textarea");
    await it.page.keyboard.type("We recieved");
    await it.settled();
    assert.deepEqual([await it.marks(), await it.painted()], [["recieved"], []]);
    await it.page.keyboard.type(" ");
    assert.deepEqual(await it.painted(), ["recieved"]);
    await it.page.keyboard.type("mesage");
    await it.settled();
    assert.deepEqual(await it.painted(), ["recieved"]);
    await it.page.waitForTimeout(1100);
    assert.deepEqual(await it.painted(), ["recieved", "mesage"]);
    await it.page.keyboard.press("ArrowLeft");
    assert.deepEqual(await it.painted(), ["recieved", "mesage"], "what was seen stays");
});

test("of all prefixes of right text none is marked", async () => {
    const text = "Thank you for your message about the delayed delivery, we are truly sorry.";
    await textarea();
    await it.page.focus("textarea");
    await it.page.evaluate(() => {
        window.seen = new Set();
        const look = () => {
            for (const text of painted()) seen.add(text);
            if (window.session) requestAnimationFrame(look);
        };
        look();
    });
    for (const character of text) {
        await it.page.keyboard.type(character);
        await it.settled();
    }
    assert.deepEqual(await it.page.evaluate(() => [...seen]), []);
});

test("a composition is not checked before it ends", async () => {
    await textarea("", { language: "zh" });
    await it.page.focus("textarea");
    await it.page.keyboard.insertText("您好，");
    await it.settled();
    const cdp = await it.context.newCDPSession(it.page);
    const calls = await it.page.evaluate(() => {
        window.calls = 0;
        const check = vermilion.check;
        vermilion.check = (...args) => (calls++, check(...args));
        return calls;
    });
    for (const text of ["f", "fei", "fei chang", "非常报歉"]) {
        await cdp.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
        await it.page.waitForTimeout(30);
    }
    assert.equal(await it.page.evaluate(() => calls), calls);
    await cdp.send("Input.insertText", { text: "非常报歉，" });
    await it.page.waitForFunction(() => session.marks.length === 1);
    assert.deepEqual(await it.painted(), ["报"]);
    assert.equal(await value(), "您好，非常报歉，");
});

test("a composition in a contenteditable leaves the other marks alone", async () => {
    await editable("<p>非常报歉，<b>请耐新</b>等待。</p><p>x</p>", { language: "zh" });
    assert.deepEqual(await it.painted(), ["报", "新"]);
    await it.page.evaluate(() => getSelection().collapse(document.querySelector("#e p:last-child").firstChild, 1));
    await it.page.focus("#e");
    const cdp = await it.context.newCDPSession(it.page);
    const state = await it.page.evaluate(() => session.state);
    for (const text of ["d", "ding", "ding dan", "订单"]) {
        await cdp.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
        assert.deepEqual([await it.painted(), await it.page.evaluate(() => session.state)], [["报", "新"], state]);
    }
    await cdp.send("Input.insertText", { text: "订单以经发货。" });
    await it.page.waitForFunction(() => session.marks.length === 3);
    await it.page.evaluate(() => document.activeElement.blur());
    assert.deepEqual(await it.painted(), ["报", "新", "以"]);
});

test("a framework that sets the value on each key", async () => {
    await it.fresh("<textarea></textarea>");
    await it.page.evaluate(() => {
        // As React does: a property of its own, before us, and the value written back.
        const element = document.querySelector("textarea");
        const { get, set } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");
        window.tracked = "";
        Object.defineProperty(element, "value", { configurable: true, get() { return get.call(this); }, set(value) { tracked = value; set.call(this, value); } });
        element.addEventListener("input", () => (element.value = element.value));
    });
    await it.attach("textarea", { language: "en" });
    await it.page.focus("textarea");
    await it.page.keyboard.type("We recieved a mesage. ");
    await it.settled();
    assert.deepEqual([await it.painted(), await it.page.evaluate(() => tracked)], [["recieved", "mesage"], "We recieved a mesage. "]);
    await accept(0);
    assert.deepEqual([await value(), await it.page.evaluate(() => tracked)], ["We received a mesage. ", "We received a mesage. "]);
    await it.page.evaluate(() => session.detach());
    await it.page.evaluate(() => (session.element.value = "still tracked"));
    assert.equal(await it.page.evaluate(() => tracked), "still tracked");
});

for (const inside of ["<textarea></textarea>", "<div contenteditable></div>"]) {
    test(`in a shadow root: ${inside}`, async () => {
        await it.fresh("<section></section>");
        const seen = await it.page.evaluate(async (inside) => {
            const root = document.querySelector("section").attachShadow({ mode: "open" });
            root.innerHTML = inside;
            const field = root.firstElementChild;
            if (field.localName === "textarea") field.value = "We recieved it";
            else field.innerHTML = "We <b>recieved</b> it";
            window.session = dom.attach(field, vermilion, { language: "en", debounceMs: 0 });
            await settled();
            const before = painted();
            const styled = root.adoptedStyleSheets.length;
            const done = session.marks[0].accept(0);
            return [before, styled, done, field.value ?? field.innerHTML];
        }, inside);
        const wanted = inside.includes("textarea") ? "We received it" : "We <b>received</b> it";
        assert.deepEqual(seen, [["recieved"], 1, true, wanted]);
    });
}

test("a field that was hidden when it was attached", async () => {
    await it.fresh("<div hidden><textarea>We recieved it</textarea></div>");
    await it.attach("textarea", { language: "en" });
    await it.page.evaluate(() => (document.querySelector("div").hidden = false));
    await it.page.waitForTimeout(100);
    const [field, mirror, found] = await it.page.evaluate(() => {
        const { left, top, width, height } = session.marks[0].ranges[0].getBoundingClientRect();
        const mark = session.markAt({ clientX: left + width / 2, clientY: top + height / 2 });
        return [session.element.clientWidth, session.surface.overlay.box.clientWidth, mark?.text];
    });
    assert.deepEqual([mirror, found], [field, "recieved"]);
});

test("a field with a limit is not made longer than it may be", async () => {
    await it.fresh("<textarea maxlength=14>We recieve alot</textarea>");
    await it.attach("textarea", { language: "en" });
    await it.page.evaluate(() => (session.element.maxLength = 15));
    const texts = await it.page.evaluate(() => session.marks.find(({ text }) => text === "alot").suggestions.map(({ text }) => text));
    const done = await it.page.evaluate((index) => session.marks.find(({ text }) => text === "alot").accept(index), texts.indexOf("a lot"));
    assert.deepEqual([done, await value()], [false, "We recieve alot"]);
});

test("a mark beside which a word grows is none of it any more", async () => {
    await editable("<p>We <b>recieve</b> it</p>", { debounceMs: 10_000 });
    assert.deepEqual(await it.painted(), ["recieve"]);
    await it.page.evaluate(() => {
        const text = document.querySelector("#e p").lastChild;
        getSelection().collapse(text, 0);
        document.execCommand("insertText", false, "d");
    });
    assert.deepEqual(await it.painted(), []);
});

test("marks move with the text when an editor makes its nodes anew", async () => {
    await editable("<p>We recieved it</p>", { debounceMs: 10_000 });
    await it.page.evaluate(() => (document.getElementById("e").innerHTML = "<p>Now</p><p>We recieved it</p>"));
    assert.deepEqual(await it.painted(), ["recieved"]);
});

test("a program sets the value: no mark is left behind", async () => {
    await textarea("We recieved it", { debounceMs: 10_000 });
    assert.deepEqual(await it.painted(), ["recieved"]);
    await it.page.evaluate(() => (session.element.value = ""));
    assert.deepEqual(await it.painted(), []);
    await it.page.evaluate(() => (session.element.value = "a mesage"));
    await it.page.evaluate(() => session.recheck());
    await it.settled();
    assert.deepEqual(await it.painted(), ["mesage"]);
});

test("a form is reset", async () => {
    await it.fresh("<form><textarea>We recieved it</textarea></form>");
    await it.attach("textarea", { language: "en" });
    await it.page.evaluate(() => ((session.element.value = "nothing wrong"), document.forms[0].reset()));
    await it.page.waitForFunction(() => painted().length === 1);
});

test("the service is told what was done, by counts", async () => {
    await textarea("A mesage, recieved, the zzyqx.");
    const reports = await it.page.evaluate(async () => {
        const told = [];
        const { report } = vermilion;
        vermilion.report = async (feedbacks) => (told.push(...feedbacks), report(feedbacks));
        session.marks.find(({ text }) => text === "mesage").accept(0);
        await settled();
        session.marks.find(({ text }) => text === "recieved").ignoreAll();
        session.marks.find(({ text }) => text === "zzyqx").ignoreOnce();
        session.detach();
        vermilion.report = report;
        return told;
    });
    assert.deepEqual(reports, [
        { action: "accepted", kind: "NON_WORD", language: "en", suggestion: 0 },
        { action: "ignored", kind: "NON_WORD", language: "en", word: "recieved" },
        { action: "ignored", kind: "NON_WORD", language: "en", word: "zzyqx" },
    ]);
});

test("detached: nothing of it is left", async () => {
    await textarea("We recieved it");
    const left = await it.page.evaluate(() => {
        session.detach();
        const { element } = session;
        const own = Object.keys(Object.getOwnPropertyDescriptors(element));
        return [painted().length, document.querySelectorAll("[data-vermilion]").length, element.hasAttribute("spellcheck"), own];
    });
    assert.deepEqual(left, [0, 0, false, []]);
});

test("markAt finds the mark under a point and at the caret; nextMark goes round", async () => {
    await textarea("We recieved a mesage");
    const found = await it.page.evaluate(() => {
        const { left, top, width, height } = session.marks[1].ranges[0].getBoundingClientRect();
        const pointed = session.markAt({ clientX: left + width / 2, clientY: top + height / 2 });
        session.element.focus();
        session.element.setSelectionRange(5, 5);
        const at = session.markAt("caret");
        const next = session.nextMark();
        session.open = next;
        return [pointed, at, session.markAt({ clientX: 0, clientY: 0 }), next, session.nextMark(), session.nextMark(true)].map((mark) => mark?.text);
    });
    assert.deepEqual(found, ["mesage", "recieved", undefined, "recieved", "mesage", "mesage"]);
    assert.deepEqual(await it.painted("open"), ["recieved"]);
});

test("nothing of all this was an error of the page", () => assert.deepEqual(it.errors, []));
