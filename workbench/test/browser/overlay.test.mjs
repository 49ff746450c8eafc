// The mirror of a textarea lies where its letters are, whatever happens to the textarea: compared with the pixels of a selection.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open } from "./harness.mjs";

let it;
before(async () => (it = await open()));
after(() => it.close());

const TEXT =
    "Thank you for your mesage. We have recieved it, and our team will definately answer tomorow morning, before the parcel leaves.\n\n" +
    "Line by line:\n  an adress\tand a tab\nWe are sory that it took so long, and we hope that you are wel.\nTomorow we write agian.\n";

/** Where the letters of a span of the textarea are: the bounding box of the green of its selection. */
async function selected(start, end) {
    await it.page.evaluate(
        ([start, end]) => {
            session.element.focus({ preventScroll: true });
            const { scrollTop } = session.element;
            session.element.setSelectionRange(start, end);
            session.element.scrollTop = scrollTop;
        },
        [start, end],
    );
    const picture = (await it.page.screenshot({ caret: "hide" })).toString("base64");
    return it.page.evaluate(async (picture) => {
        const image = new Image();
        image.src = `data:image/png;base64,${picture}`;
        await image.decode();
        const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
        canvas.drawImage(image, 0, 0);
        const { data } = canvas.getImageData(0, 0, image.width, image.height);
        const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
        for (let at = 0; at < data.length; at += 4) {
            if (data[at] > 60 || data[at + 1] < 200 || data[at + 2] > 60) continue;
            const [x, y] = [(at / 4) % image.width, Math.floor(at / 4 / image.width)];
            box.left = Math.min(box.left, x);
            box.right = Math.max(box.right, x + 1);
            box.top = Math.min(box.top, y);
            box.bottom = Math.max(box.bottom, y + 1);
        }
        return box;
    }, picture);
}

/** Every mark in sight lies on its letters, to a pixel and a half. */
async function check() {
    await it.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    const marks = await it.page.evaluate(() => {
        // The whole line is in sight.
        const seen = ({ left, top, bottom }) =>
            [top - 9, bottom + 9].every((y) => document.elementFromPoint(left + 2, y) === session.element);
        return session.marks
            .map(({ text, span, ranges: [range] }) => ({ text, span, rects: range.getClientRects().length, box: range.getBoundingClientRect().toJSON() }))
            .filter((mark) => mark.rects === 1 && seen(mark.box));
    });
    assert.ok(marks.length >= 1, "a mark is in sight");
    for (const { text, span, box } of marks) {
        const pixels = await selected(span.start, span.end);
        // A selection is as high as the line, and the letters are in its middle.
        for (const side of [({ left }) => left, ({ right }) => right, ({ top, bottom }) => (top + bottom) / 2]) {
            assert.ok(Math.abs(side(pixels) - side(box)) <= 1.5, `${text} is at ${JSON.stringify(box)}, its letters are at ${JSON.stringify(pixels)}`);
        }
    }
    return marks.length;
}

async function begin(style = "", attributes = "", around = ["", ""]) {
    const css = "textarea::selection { background: rgb(0 255 0); color: rgb(0 255 0) } * { caret-color: transparent }";
    await it.fresh(`<style>${css}</style>${around[0]}<textarea style="${style}" ${attributes}></textarea>${around[1]}`);
    await it.page.evaluate((text) => (document.querySelector("textarea").value = text), TEXT);
    await it.attach("textarea", { language: "en" });
    assert.ok((await it.marks()).length >= 5);
}

const STYLES = [
    ["as it comes", "", ""],
    ["border, padding, a broken width", "width: 301.7px; height: 200px; border: 5px solid #999; padding: 3px 17px 9px 11px", ""],
    ["border-box", "box-sizing: border-box; width: 333px; height: 220px; padding: 12px", ""],
    ["letter spacing and a large line", "letter-spacing: 0.7px; word-spacing: 3px; line-height: 2.1; height: 300px; width: 420px", ""],
    ["right to left", "width: 280px; height: 220px", "dir=rtl"],
    ["centred, indented", "text-align: center; text-indent: 20px; width: 300px; height: 220px", ""],
    ["monospaced, small tabs", "font: 13px monospace; tab-size: 3; width: 350px; height: 200px", ""],
    ["capitals", "text-transform: uppercase; width: 450px; height: 220px", ""],
    ["wrap off", "white-space: pre; overflow-x: auto; width: 800px; height: 200px", "wrap=off"],
    ["scrollbar always", "overflow-y: scroll; width: 300px; height: 220px", ""],
    ["positioned", "position: absolute; left: 120px; top: 60px; width: 300px; height: 220px", ""],
];
for (const [name, style, attributes] of STYLES) {
    test(name, async () => {
        await begin(style, attributes);
        await check();
    });
}

const AROUND = [
    ["in a flex row", '<div style="display: flex; gap: 10px"><b>To</b>', "</div>"],
    ["in a positioned box that scrolls", '<div style="position: relative; height: 180px; overflow: auto; border: 4px solid">', '<div style="height: 500px"></div></div>'],
    ["in a box that scrolls and is not positioned", '<div style="height: 180px; overflow: auto">', '<div style="height: 500px"></div></div>'],
    ["in a table", "<table><tr><td>x<td>", "</table>"],
    ["scaled", '<div style="transform: scale(1.25); transform-origin: 0 0">', "</div>"],
    ["zoomed", '<div style="zoom: 1.5">', "</div>"],
    ["among hostile styles", "<style>div { border: 3px solid; padding: 7px; margin: 9px; background: #fee; float: left; display: flex }</style>", ""],
];
for (const [name, ...around] of AROUND) {
    test(name, async () => {
        await begin("width: 300px; height: 140px", "", around);
        await check();
    });
}

test("scrolled, by itself and with the page", async () => {
    await begin("width: 260px; height: 130px", "", ["", '<div style="height: 2000px"></div>']);
    for (const scrollTop of [0, 37, 80, 1000]) {
        await it.page.evaluate((top) => (session.element.scrollTop = top), scrollTop);
        await check();
    }
    await it.page.evaluate(() => window.scrollTo(0, 12));
    await check();
    await it.page.evaluate(() => window.scrollTo(0, 0));
});

test("in a box that scrolls, after it has scrolled", async () => {
    await begin("width: 300px; height: 120px", "", ['<div id=box style="position: relative; height: 200px; overflow: auto">', '<div style="height: 500px"></div></div>']);
    await it.page.evaluate(() => (document.getElementById("box").scrollTop = 15));
    await check();
});

test("resized by hand, moved by what grows above it, and by a style", async () => {
    await begin("width: 300px; height: 150px", "", ["<div id=above></div>", ""]);
    await it.page.evaluate(() => (session.element.style.width = "407.3px"));
    await check();
    await it.page.evaluate(() => (document.getElementById("above").style.height = "73px"));
    await it.page.waitForTimeout(150);
    await check();
    await it.page.evaluate(() => Object.assign(session.element.style, { marginLeft: "60px" }));
    await it.page.waitForTimeout(150);
    await check();
    await it.page.evaluate(() => (session.element.style.fontSize = "21px"));
    await it.page.evaluate(() => session.surface.overlay.place());
    await check();
});

test("moved to another parent, and behind a sibling", async () => {
    await begin("width: 300px; height: 220px", "", ["<section></section><b>x</b>", '<p id=later style="padding-left: 70px"></p>']);
    await it.page.evaluate(() => document.getElementById("later").append(session.element));
    await check();
    assert.equal((await it.painted()).length, (await it.marks()).length);
    await it.page.evaluate(() => document.querySelector("section").append(session.element));
    await check();
    await it.page.evaluate(() => document.body.append(session.element));
    await check();
    assert.equal((await it.painted()).length, (await it.marks()).length);
});

test("the browser's window becomes narrow", async () => {
    await begin("width: 90%; height: 220px");
    await it.page.setViewportSize({ width: 400, height: 700 });
    await check();
    await it.page.setViewportSize({ width: 900, height: 700 });
    await check();
});

test("the mirror cannot be clicked, tabbed to or read out", async () => {
    await begin();
    const found = await it.page.evaluate(() => {
        const { box } = session.surface.overlay;
        const { left, top } = session.element.getBoundingClientRect();
        return [document.elementFromPoint(left + 20, top + 20).localName, box.getAttribute("aria-hidden"), box.tabIndex];
    });
    assert.deepEqual(found, ["textarea", "true", -1]);
});

test("without highlights: a line below each word, drawn anew when the text moves", async () => {
    await it.page.evaluate(() => {
        window.Kept = window.Highlight;
        delete window.Highlight;
    });
    try {
        for (const html of ["<textarea>We recieved a mesage</textarea>", "<p contenteditable>We recieved a mesage</p>"]) {
            await it.fresh(html);
            await it.attach("textarea, p", { language: "en" });
            const look = () =>
                it.page.evaluate(async () => {
                    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
                    const lines = [...document.querySelectorAll("[data-vermilion=boxes] [data-ink=error]")].map((line) => line.getBoundingClientRect());
                    const words = session.marks.map(({ ranges: [range] }) => range.getBoundingClientRect());
                    const near = lines.every(({ left, bottom, width }, index) => Math.abs(left - words[index].left) < 1.5 && Math.abs(bottom - words[index].bottom) < 1.5 && Math.abs(width - words[index].width) < 1.5);
                    return [lines.length, words.length, near || JSON.stringify([lines, words])];
                });
            assert.deepEqual(await look(), [2, 2, true]);
            await it.page.evaluate(() => (session.element.style.marginTop = "50px"));
            await it.page.setViewportSize({ width: 899, height: 700 });
            assert.deepEqual(await look(), [2, 2, true]);
            await it.page.setViewportSize({ width: 900, height: 700 });
            await it.page.evaluate(() => session.marks[0].ignoreOnce());
            assert.deepEqual(await look(), [1, 1, true]);
            await it.page.evaluate(() => session.detach());
            assert.equal(await it.page.evaluate(() => document.querySelectorAll("[data-vermilion]").length), 0);
        }
    } finally {
        await it.page.evaluate(() => (window.Highlight = window.Kept));
    }
});

test("nothing of all this was an error of the page", () => assert.deepEqual(it.errors, []));
