// <vermilion-composer>: one line of HTML; its menu by mouse, keyboard and screen reader.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open } from "./harness.mjs";

const ENTRY = `
import * as element from "@vermilion/element";
import axe from "axe-core";
window.element = element;
window.axe = axe;
`;
let it;
before(async () => (it = await open({ entry: ENTRY })));
after(() => it.close());

/** The element with its field in it, checked. */
async function composer(inside, attributes = "") {
    const url = it.service.url;
    await it.fresh(`<main><h1>Reply</h1><vermilion-composer base-url="${url}" language="en" ${attributes}>${inside}</vermilion-composer></main>`);
    await it.page.waitForFunction(() => document.querySelector("vermilion-composer")?.session?.state === "checked");
    await it.page.evaluate(() => {
        window.composer = document.querySelector("vermilion-composer");
        window.session = composer.session;
        window.part = (selector) => composer.shadowRoot.querySelector(selector);
        window.menu = () => [...composer.shadowRoot.querySelectorAll(".menu:popover-open button .label")].map(({ textContent }) => textContent);
    });
}

const AREA = '<label>Reply <textarea>We recieved ur mesage.</textarea></label>';
const value = () => it.page.evaluate(() => document.querySelector("textarea").value);
const menu = () => it.page.evaluate(() => menu());
const spoken = () => it.page.evaluate(() => part(".spoken").textContent);

test("marks, and a line that counts them", async () => {
    await composer(AREA);
    assert.deepEqual(await it.painted(), ["recieved", "ur", "mesage"]);
    assert.equal(await it.page.evaluate(() => part(".marks").textContent), "3 marks");
    await it.page.waitForFunction(() => part(".spoken").textContent === "3 marks");
});

test("a click on a word opens its menu, a click on a suggestion takes it", async () => {
    await composer(AREA);
    const at = await it.page.evaluate(() => {
        const { left, top, width, height } = session.marks[0].ranges[0].getBoundingClientRect();
        return [left + width / 2, top + height / 2];
    });
    await it.page.mouse.click(...at);
    assert.deepEqual([(await menu())[0], (await menu()).slice(-3)], ["received", ["Ignore", "Ignore everywhere", "Add to my dictionary"]]);
    assert.deepEqual(await it.painted("open"), ["recieved"]);
    const place = await it.page.evaluate(() => [part(".menu").getBoundingClientRect().top, session.marks[0].ranges[0].getBoundingClientRect().bottom]);
    assert.ok(Math.abs(place[0] - place[1] - 6) < 2, `${place}`);
    await it.page.locator(".menu button").first().click();
    assert.equal(await value(), "We received ur mesage.");
    assert.deepEqual([await menu(), await it.painted("open")], [[], []]);
    await it.page.waitForFunction(() => part(".spoken").textContent === "“recieved” was replaced by “received”");
    assert.equal(await it.page.evaluate(() => document.activeElement.localName), "textarea");
    await it.page.keyboard.press("Control+z");
    assert.equal(await value(), "We recieved ur mesage.");
});

test("Ctrl+. goes from mark to mark; arrows, Enter and digits choose; Escape brings the caret back", async () => {
    await composer(AREA);
    await it.page.evaluate(() => (session.element.focus(), session.element.setSelectionRange(3, 3)));
    await it.page.keyboard.press("Control+.");
    assert.equal((await menu())[0], "received");
    await it.page.keyboard.press("Escape");
    assert.deepEqual(await it.page.evaluate(() => [menu(), session.element.selectionStart, document.activeElement.localName]), [[], 3, "textarea"]);
    await it.page.evaluate(() => session.element.setSelectionRange(15, 15));
    await it.page.keyboard.press("Control+.");
    assert.equal((await menu())[0], "message");
    await it.page.keyboard.press("ArrowDown");
    await it.page.keyboard.press("ArrowUp");
    await it.page.keyboard.press("Enter");
    assert.equal(await value(), "We recieved ur message.");
    await it.page.keyboard.press("Control+Home");
    await it.page.keyboard.press("Control+.");
    await it.page.keyboard.press("1");
    assert.equal(await value(), "We received ur message.");
});

test("the letters: ignore, ignore everywhere, add", async () => {
    await composer('<textarea aria-label="Reply">a mesage, a mesage, the zzyqx</textarea>');
    await it.page.evaluate(() => session.element.focus());
    for (const [key, left] of [["i", ["mesage", "zzyqx"]], ["e", ["zzyqx"]]]) {
        await it.page.keyboard.press("Control+Home");
        await it.page.keyboard.press("Control+.");
        await it.page.keyboard.press(key);
        assert.deepEqual(await it.painted(), left);
        assert.deepEqual(await it.page.evaluate(() => document.activeElement.localName), "textarea");
    }
    await it.page.keyboard.press("Control+.");
    await it.page.keyboard.press("d");
    await it.page.waitForFunction(() => part(".spoken").textContent === "“zzyqx” was added to your dictionary");
});

test("suggestions that the check had no time for come when the menu is open", async () => {
    // Distinct misspellings past the limit of one check are marked without suggestions.
    const right = "message received delivery payment customer account invoice replacement question available tomorrow address department business information".split(" ");
    const wrong = right.flatMap((word) => [2, 3, 4, 5, 6].flatMap((at) => ["x", "q", "z", "k"].map((letter) => `${word.slice(0, at)}${letter}${word.slice(at)}`)));
    const words = wrong.map((word) => `we have the ${word} and it is here`).join(". ");
    await composer("<textarea></textarea>".replace("><", ` aria-label="Reply">${words} definately<`));
    const [incomplete, before] = await it.page.evaluate(() => {
        const mark = session.marks.findLast(({ text }) => text === "definately");
        return [mark.suggestionsIncomplete, mark.suggestions.length];
    });
    assert.deepEqual([incomplete, before], [true, 0]);
    await it.page.evaluate(() => {
        session.element.focus();
        session.element.setSelectionRange(session.element.value.length - 3, session.element.value.length - 3);
    });
    await it.page.keyboard.press("Control+.");
    await it.page.waitForFunction(() => menu()[0] === "definitely");
    await it.page.keyboard.press("Enter");
    assert.ok((await value()).endsWith(" definitely"));
});

test("typing goes on past an open menu", async () => {
    await composer(AREA);
    await it.page.locator("textarea").click({ position: { x: 40, y: 10 } });
    assert.notDeepEqual(await menu(), []);
    await it.page.keyboard.type("x");
    assert.deepEqual(await menu(), []);
});

test("a contenteditable, an e-mail, words in Traditional Chinese", async () => {
    await composer('<div contenteditable role="textbox" aria-label="Reply"><p>We re<b>ciev</b>ed it</p></div>', 'locale="zh-Hant" channel="email"');
    await it.page.evaluate(() => session.element.focus());
    await it.page.keyboard.press("Control+.");
    assert.deepEqual((await menu()).slice(-3), ["忽略", "全部忽略", "加入我的詞典"]);
    await it.page.keyboard.press("Enter");
    assert.equal(await it.page.evaluate(() => session.element.innerHTML), "<p>We re<b>ceiv</b>ed it</p>");
});

test("without a field it makes one; moved, it begins anew; removed, it leaves nothing", async () => {
    await it.fresh(`<vermilion-composer base-url="${it.service.url}"></vermilion-composer><section></section>`);
    await it.page.waitForSelector("vermilion-composer textarea");
    const left = await it.page.evaluate(async () => {
        const composer = document.querySelector("vermilion-composer");
        document.querySelector("section").append(composer);
        await new Promise((resolve) => setTimeout(resolve));
        const again = composer.session !== undefined;
        composer.remove();
        return [again, composer.session === undefined, document.querySelectorAll("[data-vermilion]").length];
    });
    assert.deepEqual(left, [true, true, 0]);
});

test("another language is proposed, and one click switches", async () => {
    await it.fresh(`<vermilion-composer base-url="${it.service.url}" language="en" locale="pt"><textarea>Olá! O seu pedido foi emviado hoje e vai chegar em três dias.</textarea></vermilion-composer>`);
    await it.page.getByRole("button", { name: /Verificar como/ }).click();
    await it.page.waitForFunction(() => painted().join() === "emviado");
});

test("axe has nothing to object to: closed, open, in the dark", async () => {
    const audit = () => it.page.evaluate(async () => (await axe.run(document, { rules: { region: { enabled: false } } })).violations.map(({ id, nodes }) => [id, nodes[0].html]));
    for (const colorScheme of ["light", "dark"]) {
        await it.page.emulateMedia({ colorScheme });
        await composer(AREA, 'style="color-scheme: light dark"');
        await it.page.evaluate((dark) => (document.documentElement.style.cssText = dark ? "background: #1f1d1b; color: #ece8e1" : ""), colorScheme === "dark");
        assert.deepEqual(await audit(), []);
        await it.page.evaluate(() => session.element.focus());
        await it.page.keyboard.press("Control+.");
        assert.notDeepEqual(await menu(), []);
        assert.deepEqual(await audit(), []);
        if (process.env.SCREENSHOTS) await it.page.screenshot({ path: `${process.env.SCREENSHOTS}/element-${colorScheme}.png` });
        await it.page.keyboard.press("Escape");
    }
    await it.page.emulateMedia({ colorScheme: "light" });
});

test("nothing of all this was an error of the page", () => assert.deepEqual(it.errors, []));
