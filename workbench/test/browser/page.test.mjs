// The page as the service serves it: marks, menu, polishing, conditions, outages, languages, sizes; and what axe says of each state.
// VERMILION_BLESS=1 writes the pictures of docs/images anew.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { repository } from "../../scripts/paths.mjs";
import { startService } from "../../scripts/service.mjs";

const DEMO = { VERMILION_POLISHING__DEMO_MODEL: "true" };
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const [WIDE, NARROW] = [{ width: 1440, height: 900 }, { width: 390, height: 844 }];

let service;
let browser;
before(async () => {
    service = await startService({ environment: DEMO });
    browser = await chromium.launch({
        executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
        args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
});
after(async () => {
    await browser.close();
    await service.stop();
});

/** The page in a browser of its own, with its marks; fails the test for anything that went wrong in it. */
async function visit(t, { hash = "", viewport = WIDE, ...more } = {}) {
    const context = await browser.newContext({ viewport, locale: "en-GB", ...more });
    const page = await context.newPage();
    const wrong = [];
    const requests = [];
    page.on("pageerror", (error) => wrong.push(error.message));
    // A browser tells of each call that fails; a page's own errors are told otherwise.
    page.on("console", (message) => message.type() === "error" && !/Failed to load resource/.test(message.text()) && wrong.push(message.text()));
    page.on("request", (request) => requests.push(request.url()));
    t.after(async () => {
        await context.close();
        assert.deepEqual(wrong, []);
        assert.deepEqual(requests.filter((url) => !url.startsWith(service.url)), [], "nothing is asked of others");
    });
    await page.goto(`${service.url}/${hash}`);
    await marked(page);
    return page;
}

/** What is painted, when the service has answered. */
async function marked(page) {
    await page.waitForFunction(() => document.querySelector(".status .tag") && !document.querySelector(".status").hidden && CSS.highlights.get("vermilion-error")?.size);
    return painted(page);
}
const painted = (page) =>
    page.evaluate(() => {
        const ranges = [...(CSS.highlights.get("vermilion-error") ?? [])];
        return ranges.sort((one, other) => one.compareBoundaryPoints(Range.START_TO_START, other)).map(String);
    });
const draft = (page) => page.evaluate(() => document.querySelector("#reply").value ?? document.querySelector("#reply").innerText);

/** Nothing that WCAG 2.2 AA or best practice forbids. */
async function clean(page, state) {
    // By the browser's own door, as the page's policy lets no foreign script in.
    await page.evaluate(AXE);
    const violations = await page.evaluate(async () => {
        const { violations } = await axe.run(document, { resultTypes: ["violations"] });
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
    });
    assert.deepEqual(violations, [], state);
}

async function picture(page, name) {
    if (!process.env.VERMILION_BLESS) return;
    await page.screenshot({ path: join(repository, "docs/images", `${name}.png`) });
}

test("every language has its marks on its words", async (t) => {
    for (const [hash, words] of [
        ["#harriet", ["shiped", "ur", "aproved", "straigth"]],
        ["#renata", ["tecnico", "musica", "vizita"]],
        ["#lin", ["报", "汽", "块"]],
        ["#miguel", ["arive", "tomorow", "remaning"]],
    ]) {
        const page = await visit(t, { hash });
        const found = await painted(page);
        for (const word of words.filter((word) => word !== "ur")) assert.ok(found.includes(word), `${hash}: ${found}`);
        assert.ok(found.every((word) => words.includes(word)), `${hash}: ${found}`);
    }
});

test("a word is mended by keyboard alone, and one undo brings it back", async (t) => {
    const page = await visit(t);
    const before = await draft(page);
    await page.locator("#reply").focus();
    await page.keyboard.press("Control+.");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "shipped↵");
    await clean(page, "menu");
    await picture(page, "workbench");
    await page.keyboard.press("Enter");
    assert.equal(await draft(page), before.replace("shiped", "shipped"));
    await page.keyboard.press("Control+z");
    assert.equal(await draft(page), before);
    await page.waitForFunction(() => [...CSS.highlights.get("vermilion-error")].map(String).includes("shiped"));
    await page.keyboard.press("Control+.");
    await page.keyboard.press("e");
    await page.waitForFunction(() => ![...CSS.highlights.get("vermilion-error")].map(String).includes("shiped"));
    assert.equal(await draft(page), before);
});

test("the menu says what the words mean that are taken for one another, in the language of the text", async (t) => {
    for (const [locale, hash, text, fixed, senses] of [
        ["en-GB", "", "Your welcome", "You're↵", '"your": belonging to you; "you\'re": short for "you are".'],
        ["zh-CN", "#renata", "O pedido saiu, mais não chegou", "mas↵", '"mais": o contrário de menos; "mas": porém, no entanto.'],
    ]) {
        const page = await visit(t, { locale, hash });
        await page.locator("#reply").fill(`${text}!`);
        await page.waitForFunction((first) => CSS.highlights.get("vermilion-error")?.size === 1 && first, text);
        await page.locator("#reply").focus();
        await page.keyboard.press("Control+Home");
        await page.keyboard.press("Control+.");
        await page.waitForFunction((item) => document.activeElement.textContent === item, fixed);
        assert.equal(await page.locator(".pop .senses").textContent(), senses);
        assert.equal(await page.locator(".pop .senses").getAttribute("lang"), hash ? "pt-BR" : "en-GB");
        await clean(page, "senses");
    }
});

test("suggestions that the check had no time for come when the menu is open", async (t) => {
    const page = await visit(t);
    // Distinct misspellings past the limit of one check are marked without suggestions.
    const right = "message received delivery payment customer account invoice replacement question available tomorrow address department business information".split(" ");
    const wrong = right.flatMap((word) => [2, 3, 4, 5, 6].flatMap((at) => ["x", "q", "z", "k"].map((letter) => `${word.slice(0, at)}${letter}${word.slice(at)}`)));
    await page.locator("#reply").fill(`${wrong.map((word) => `we have the ${word} and it is here`).join(". ")} definately.`);
    await page.waitForFunction(() => [...CSS.highlights.get("vermilion-error")].map(String).includes("definately"));
    await page.locator("#reply").focus();
    await page.keyboard.press("Control+End");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Control+.");
    await page.waitForFunction(() => document.activeElement.textContent === "definitely↵");
    await page.keyboard.press("Enter");
    assert.ok((await draft(page)).endsWith(" definitely."));
});

test("a polish is previewed, looked at by edit, accepted and undone", async (t) => {
    const page = await visit(t);
    const before = await draft(page);
    await page.getByRole("button", { name: "Polish" }).click();
    await page.waitForFunction(() => document.querySelector(".preview .draft")?.textContent.length > 20);
    await clean(page, "preview");
    await page.waitForSelector(".result");
    await clean(page, "result");
    const edits = await page.locator(".edit").allTextContents();
    assert.ok(edits.includes("shipedshipped"), `${edits}`);
    // The first edit is not wanted.
    await page.keyboard.press("m");
    assert.equal(await page.locator("[aria-current] del").count(), 0);
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "shipedshipped");
    await picture(page, "workbench-result");
    await page.keyboard.press("Control+Enter");
    const after = await draft(page);
    assert.ok(after.startsWith("hi Harriet") && after.includes("will be shipped today. Your refund of £64.00 was approved"), after);
    await page.keyboard.press("Control+z");
    assert.equal(await draft(page), before);
    assert.match(await page.locator(".bar .left").textContent(), /^9 of 10 left/);
});

test("a polish is stopped, and a result discarded, without a trace", async (t) => {
    const page = await visit(t, { hash: "#renata" });
    const before = await draft(page);
    await page.locator("#reply").focus();
    await page.keyboard.press("Control+Shift+P");
    await page.waitForSelector(".preview");
    await page.keyboard.press("Escape");
    await page.waitForSelector(".bar [type=submit]");
    await page.getByRole("button", { name: "Polish" }).click();
    await page.waitForSelector(".result");
    await page.keyboard.press("Escape");
    await page.waitForSelector(".bar [type=submit]");
    assert.equal(await draft(page), before);
    assert.match(await page.locator(".bar .left").textContent(), /^9 of 10 left/, "a discarded result counts, a stopped one does not");
});

test("e-mail is polished as the writer's own words alone", async (t) => {
    const page = await visit(t, { hash: "#miguel" });
    await clean(page, "e-mail");
    await picture(page, "workbench-email");
    await page.getByRole("button", { name: "Polish" }).click();
    await page.waitForSelector(".result");
    await page.getByRole("button", { name: "Accept" }).click();
    await page.waitForSelector("#reply:not([hidden])");
    const html = await page.evaluate(() => document.querySelector("#reply").innerHTML);
    assert.ok(html.includes("They will arrive tomorrow <b>between 9:00 and 11:30</b>"), html);
    assert.ok(html.includes('<blockquote class="gmail_quote">Hello Ana, any word from the carrier?'), html);
});

test("each unmet condition is told where the button would be", async (t) => {
    const page = await visit(t);
    for (const [tenant, agent, unmet] of [
        ["demo", "bruno", ["Intelligent Recognition is off for you"]],
        ["demo", "chen", ["Reply polishing is off for you"]],
        ["demo-refine-off", "ana", ["Refine response is off for this tenant"]],
        ["demo-not-versatile", "ana", ["The administrator’s agent is not versatile"]],
        ["demo-refine-off", "bruno", ["Refine response is off for this tenant", "Intelligent Recognition is off for you"]],
    ]) {
        await page.getByLabel("Tenant").selectOption(tenant);
        await page.getByLabel("Agent").selectOption(agent);
        await page.waitForSelector(".cond .unmet");
        assert.deepEqual(await page.locator(".cond .unmet b").allTextContents(), unmet);
        assert.equal(await page.getByRole("button", { name: "Polish" }).count(), 0);
        await marked(page);
    }
    await clean(page, "unmet conditions");
});

test("the service goes and comes back; the text stays", async (t) => {
    const page = await visit(t);
    const before = await draft(page);
    const { port } = service;
    await service.stop();
    await page.locator("#reply").focus();
    await page.keyboard.press("End");
    await page.keyboard.type("x");
    await page.waitForSelector(".strip");
    assert.match(await page.locator(".strip").textContent(), /Vermilion is not answering/);
    assert.deepEqual(await painted(page), [], "no mark that nobody stands for");
    await clean(page, "away");
    service = await startService({ port, environment: DEMO });
    // By itself, though a button is there for those who cannot wait.
    await marked(page);
    assert.ok((await draft(page)).length === before.length + 1);
    await page.waitForSelector(".bar [type=submit]");
});

test("a text in another language is asked about once", async (t) => {
    const page = await visit(t, { hash: "#renata" });
    await page.getByLabel("Language checked").selectOption("en-GB");
    await page.waitForSelector(".strip");
    assert.match(await page.locator(".strip").textContent(), /^Looks like Portuguese \(Brazil\)\. Switch\?/);
    await clean(page, "language");
    await page.getByRole("button", { name: "Check as Portuguese (Brazil)" }).click();
    assert.ok((await marked(page)).includes("tecnico"));
    assert.equal(await page.getByLabel("Language checked").inputValue(), "pt-BR");
});

test("the page speaks four languages, light and dark, wide and narrow", async (t) => {
    for (const [locale, said, colorScheme, viewport, hash, name] of [
        ["pt-BR", "Refinar", "light", WIDE, "#renata", undefined],
        ["zh-CN", "润色", "dark", WIDE, "#lin", "workbench-zh-dark"],
        ["zh-TW", "潤飾", "light", NARROW, "#lin", undefined],
        ["en-GB", "Polish", "dark", NARROW, "#miguel", undefined],
        ["en-GB", "Polish", "light", NARROW, "#harriet", "workbench-narrow"],
    ]) {
        const page = await visit(t, { locale, colorScheme, viewport, hash });
        await page.getByRole("button", { name: said, exact: true }).waitFor();
        await clean(page, `${locale} ${colorScheme}`);
        const wide = await page.evaluate(() => {
            const { scrollWidth } = document.documentElement;
            const out = [...document.querySelectorAll("body *")].filter((element) => element.getBoundingClientRect().right > innerWidth + 1);
            return scrollWidth > innerWidth ? [scrollWidth, ...out.map(({ outerHTML }) => outerHTML.slice(0, 120))] : [];
        });
        assert.deepEqual(wide, [], `${locale} ${colorScheme} is too wide`);
        if (name) await picture(page, name);
        await page.getByRole("button", { name: said, exact: true }).click();
        await page.waitForSelector(".result");
        await clean(page, `${locale} ${colorScheme}, result`);
    }
});
