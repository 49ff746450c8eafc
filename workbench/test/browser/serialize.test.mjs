// The serialiser and its inverse: what it writes parses to the same DOM, and every place of text goes to the source and back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open } from "./harness.mjs";

let it;
before(async () => {
    it = await open();
    await it.page.evaluate(() => {
        /** All that must hold of one DOM; answers what does not. */
        window.judge = (root) => {
            const reading = dom.serialize(root);
            const wrong = [];
            const again = document.createElement("div");
            again.innerHTML = reading.content;
            const comparable = root.cloneNode(true);
            comparable.normalize();
            again.normalize();
            if (!same(comparable, again)) wrong.push(["parsed", again.innerHTML, reading.content]);
            const texts = [];
            const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) if (!walker.currentNode.parentElement.closest("style, script, noscript, iframe, xmp")) texts.push(walker.currentNode);
            const places = texts.flatMap((node) => Array.from({ length: node.length + 1 }, (_, offset) => ({ node, offset })));
            const between = ({ node, offset }, end) => {
                const range = document.createRange();
                range.setStart(node, offset);
                range.setEnd(end.node, end.offset);
                return range;
            };
            // Each letter, and some longer pieces across nodes.
            const pairs = [];
            for (let at = 0; at + 1 < places.length; at++) {
                pairs.push([places[at], places[at + 1]]);
                pairs.push([places[at], places[Math.min(places.length - 1, at + 7)]]);
            }
            for (const [from, to] of pairs) {
                const range = between(from, to);
                const span = reading.span(range);
                const [back] = (span && reading.ranges([span])) ?? [];
                if (!back || back.toString() !== range.toString()) wrong.push(["range", range.toString(), span, back?.toString()]);
                const text = document.createElement("textarea");
                text.innerHTML = span ? reading.content.slice(span.start, span.end).replace(/<!--.*?-->|<[^>]*>/gs, "") : "";
                if (from.node === to.node && text.value !== range.toString() && !range.toString().startsWith("\n")) {
                    wrong.push(["source", range.toString(), text.value]);
                }
            }
            return wrong;
        };
        const same = (one, other) =>
            one.nodeType === other.nodeType &&
            one.nodeName === other.nodeName &&
            (one.nodeValue ?? "") === (other.nodeValue ?? "") &&
            [...(one.attributes ?? [])].every(({ name, value }) => one.getAttribute(name) === other.getAttribute(name)) &&
            (one.attributes?.length ?? 0) === (other.attributes?.length ?? 0) &&
            one.childNodes.length === other.childNodes.length &&
            [...one.childNodes].every((child, index) => same(child, other.childNodes[index]));
    });
});
after(() => it.close());

const judge = (html) =>
    it.page.evaluate((html) => {
        const root = document.createElement("div");
        root.innerHTML = html;
        return judge(root);
    }, html);

const CASES = [
    ["text", "plain & <b>bold</b> &lt;x&gt; &amp;amp; a&nbsp;b"],
    ["void elements", "a<br>b<hr><img alt='x \"y\" &amp; <z>'>c<input value=1><wbr>d"],
    ["nested", "<p>a<b>b<i>c</i></b>d</p><ul><li>x<ul><li>y</ul></ul>"],
    ["table", "<table><tbody><tr><td>a</td><td>b<br></td></tr></tbody></table>"],
    ["style, script, noscript", "<style>a > b { c: '&lt;' }</style><p>x</p><script>if (a < b && c) d()</script>"],
    ["pre that begins with a line", "<pre>\n\nx\n</pre><pre>y</pre>"],
    ["a textarea that begins with a line", "<textarea>\n\nx &amp; y</textarea>"],
    ["comments", "a<!-- b <c> & -->d"],
    ["svg", '<svg viewBox="0 0 1 1"><linearGradient id="g"></linearGradient><text>x &amp; y</text></svg>'],
    ["template", "<template><b>x</b></template>y"],
    ["emoji and combining marks", "👩‍👩‍👧<b>👍🏽</b>e\u0301<i>\u0301</i>𠮷"],
    ["attributes", `<a href="https://x/?a=1&amp;b=2" data-x='"' title="&nbsp;&lt;">y</a>`],
    ["nothing", ""],
];
for (const [name, html] of CASES) test(name, async () => assert.deepEqual(await judge(html), []));

test("nodes that are split, empty and removed", async () => {
    const wrong = await it.page.evaluate(() => {
        const root = document.createElement("div");
        root.append("a&", "", "b", document.createElement("b"), "c", "", "");
        root.querySelector("b").append("", "d<", "");
        return judge(root);
    });
    assert.deepEqual(wrong, []);
});

test("120 DOMs by chance", async () => {
    const wrong = await it.page.evaluate(() => {
        let seed = 7;
        const random = (n) => (seed = (seed * 48271) % 2147483647) % n;
        const TEXTS = ["a", "we recieved ", "&", "<b>", "\u00a0", " ", "报歉", "😀", "e\u0301", '"', "&amp;", "x\ny", "\u00ad"];
        const INLINE = ["b", "i", "span", "a", "u"];
        const BLOCK = ["div", "section", "blockquote"];
        const grow = (parent, depth, inline) => {
            for (let n = random(5); n >= 0; n--) {
                const kind = random(10);
                if (depth === 0 || kind < 5) parent.append(TEXTS[random(TEXTS.length)]);
                else if (kind === 5) parent.append(document.createElement("br"));
                else if (kind === 6) parent.append(document.createComment("c"));
                else {
                    const name = inline || kind < 9 ? INLINE[random(INLINE.length)] : BLOCK[random(BLOCK.length)];
                    // A parser would take one link out of another.
                    if (name === "a" && parent.closest?.("a")) continue;
                    const child = document.createElement(name);
                    if (random(3) === 0) child.setAttribute("title", TEXTS[random(TEXTS.length)]);
                    parent.append(child);
                    grow(child, depth - 1, inline || INLINE.includes(name));
                }
            }
        };
        const wrong = [];
        for (let n = 0; n < 120 && wrong.length < 3; n++) {
            const root = document.createElement("div");
            grow(root, 4, false);
            wrong.push(...judge(root).slice(0, 1));
        }
        return wrong;
    });
    assert.deepEqual(wrong, []);
});

test("images are left out on request, and nothing else", async () => {
    const [short, whole, inner, spans] = await it.page.evaluate(() => {
        const data = `data:image/png;base64,${"A".repeat(100)}`;
        const root = document.createElement("div");
        root.innerHTML = `<img src="${data}" alt="of data: ${"x".repeat(80)}"><p style="background: url('${data}')">word</p><a href="https://x/">y</a>`;
        const spans = [true, false].map((withoutData) => {
            const reading = dom.serialize(root, { withoutData });
            const start = reading.content.indexOf("word");
            return String(reading.ranges([{ start, end: start + 4 }])[0]);
        });
        return [dom.serialize(root, { withoutData: true }).content, dom.serialize(root).content, root.innerHTML, spans];
    });
    assert.ok(!short.includes("AAAA") && short.includes("data:,") && short.includes("xxxx"), short);
    assert.equal(whole, inner);
    assert.deepEqual(spans, ["word", "word"]);
});

test("what a selector names is protected, once", async () => {
    const protectedSpans = await it.page.evaluate(() => {
        const root = document.createElement("div");
        root.innerHTML = 'a<span class="chip">b<i class="chip">c</i></span>d<b class="chip">e</b>';
        const reading = dom.serialize(root, { protect: ".chip" });
        return reading.protectedSpans.map(({ start, end }) => reading.content.slice(start, end));
    });
    assert.deepEqual(protectedSpans, ['<span class="chip">b<i class="chip">c</i></span>', '<b class="chip">e</b>']);
});

test("spans that are no text have no ranges; ranges of elsewhere have no span", async () => {
    const found = await it.page.evaluate(() => {
        const root = document.createElement("div");
        root.innerHTML = "<p>ab</p>";
        const reading = dom.serialize(root);
        const elsewhere = document.createRange();
        elsewhere.selectNodeContents(document.body);
        const whole = document.createRange();
        whole.selectNodeContents(root);
        return [reading.ranges([{ start: 1, end: 2 }]), reading.ranges([{ start: 4, end: 3 }]), reading.span(elsewhere), reading.span(whole)];
    });
    assert.deepEqual(found, [undefined, undefined, undefined, { start: 3, end: 5 }]);
});

test("nothing of all this was an error of the page", () => assert.deepEqual(it.errors, []));
