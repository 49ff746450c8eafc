// Marks in a textarea and in a contenteditable: each highlighted range is exactly the wrong word, whatever stands around it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open } from "./harness.mjs";

let it;
before(async () => (it = await open()));
after(() => it.close());

/** What is typed as plain text, and what is marked. */
const PLAIN = [
    ["English", "en", "Thank you, we recieved your mesage.", ["recieved", "mesage"]],
    ["after emoji and ZWJ", "en", "Hi 👩‍👩‍👧‍👦😀 we recieved it 🇧🇷 tomorow 👍🏽 definately", ["recieved", "tomorow", "definately"]],
    ["at emoji", "en", "Thanks😀recieved👍tomorow", ["recieved", "tomorow"]],
    ["Portuguese", "pt-BR", "Olá! O seu pedido foi emviado hoje e voce vai receber amanha.", ["emviado", "voce", "amanha"]],
    ["Portuguese, decomposed", "pt-BR", "A sua solicitac\u0327a\u0303o foi emviada", ["emviada"]],
    ["Simplified", "zh", "您好，非常报歉，您的订单以经发货。", ["报", "以"]],
    ["Simplified after emoji", "zh", "😀您好，非常报歉👩‍👩‍👧‍👦，请耐新等待。", ["报", "新"]],
    ["Simplified beyond the BMP", "zh", "𠮷野家您好，非常报歉，请耐新等待。", ["报", "新"]],
    ["Traditional", "zh-TW", "您好，非常報歉，您的訂單以經發貨，請耐新等待。", ["報", "以", "新"]],
    ["English in Chinese", "zh", "您的 ordar 已收到，非常报歉。", ["ordar", "报"]],
    ["CRLF", "en", "Thank you.\r\nWe recieved it.\r\n\r\nTomorow it ships.", ["recieved", "Tomorow"]],
    ["NBSP", "en", "We\u00a0recieved\u00a0your\u00a0order tomorow", ["recieved", "tomorow"]],
    ["zero width space", "en", "We recieved\u200b it", ["recieved"]],
    ["tab", "en", "a\trecieved\tb", ["recieved"]],
    ["bidi marks", "en", "\u202brecieved\u202c ok \u200f tomorow", ["recieved", "tomorow"]],
    ["what looks like HTML", "en", "a < b & recieved &amp; <b>tomorow</b>", ["recieved", "tomorow"]],
    ["a lone surrogate", "en", "ab \ud83d recieved", ["recieved"]],
    ["nothing wrong", "en", "Thank you for your message.", []],
    ["no letter", "en", "123 ... 👍", []],
];

const withoutBidi = (text) => text.replace(/[\u202a-\u202e\u200e\u200f]/g, "");

for (const [name, language, text, wanted] of PLAIN) {
    test(`textarea: ${name}`, async () => {
        await it.fresh("<textarea></textarea>");
        await it.attach("textarea", { language });
        await it.page.focus("textarea");
        await it.page.keyboard.insertText(text);
        await it.page.evaluate(() => document.activeElement.blur());
        await it.settled();
        assert.deepEqual((await it.marks()).map(withoutBidi), wanted);
        assert.deepEqual((await it.painted()).map(withoutBidi), wanted);
        assert.equal(await it.page.evaluate(() => session.surface.overlay.text.data === session.element.value), true);
    });
}

/** What an editor holds, and what is marked; `|` where markup divides a word. */
const RICH = [
    ["plain", "en", "<p>We recieved it</p>", ["recieved"]],
    ["in bold", "en", "<p>We <b>recieved</b> it</p>", ["recieved"]],
    ["across tags", "en", "<p>We re<b>ciev</b>ed it; ap<i>proov</i>ed</p>", ["re|ciev|ed", "ap|proov|ed"]],
    ["references", "en", "<p>A &amp; B &lt;recieved&gt; caf&eacute; tomorow&nbsp;definately</p>", ["recieved", "tomorow", "definately"]],
    ["lines", "en", "<div>We recieved<br>tomorow</div><div><br></div><div>mesage</div>", ["recieved", "tomorow", "mesage"]],
    ["emoji", "en", "<p>😀<b>👍recieved</b>👩‍👩‍👧‍👦tomorow</p>", ["recieved", "tomorow"]],
    ["Simplified in tags", "zh", "<p>非常<b>报</b>歉，请耐<i>新</i>等待</p>", ["报", "新"]],
    ["Traditional in tags", "zh-TW", "<p>非常<b>報歉</b>，請耐<u>新等</u>待</p>", ["報", "新"]],
    ["Portuguese across tags", "pt-BR", "<p>foi em<b>viado</b> hoje, vo<i>ce</i></p>", ["em|viado", "vo|ce"]],
    ["soft hyphen, wbr", "en", "<p>We re&shy;cieved it, and rec<wbr>ieved</p>", ["re\u00adcieved", "rec|ieved"]],
    ["comment", "en", "<p>We rec<!-- x -->ieved it</p>", ["rec|ieved"]],
    ["lists and tables", "en", "<ul><li>recieved<li>tomorow</ul><table><tr><td>mesage<td>definately</table>", ["recieved", "tomorow", "mesage", "definately"]],
    ["attributes", "en", '<p title="😀 recieved &quot;&lt;">see <a href="https://example.com/recieved?a=1&b=2">recieved here</a></p>', ["recieved"]],
    ["code", "en", "<pre>\n\nwe recieved</pre><p>tomorow</p>", ["tomorow"]],
    ["text that looks like references", "en", "<p>1 &lt; 2 &amp;&amp; recieved &amp;eacute; tomorow</p>", ["recieved", "tomorow"]],
    ["style and script are no text", "en", "<style>p > a { color: recieved }</style><p>tomorow</p>", ["tomorow"]],
    ["a chip", "en", '<p>Dear <span class="chip">Jhonn Recieved</span>, we recieved it</p>', ["recieved"], { protect: ".chip" }],
    ["not editable", "en", '<p>Dear <span contenteditable="false">recieved</span>, tomorow</p>', ["tomorow"]],
    ["quotation of an e-mail", "en", '<p>We recieved it</p><div class="gmail_quote"><div class="gmail_attr">On Tue, 12 Nov 2024 at 10:30, Ana &lt;ana@example.com&gt; wrote:</div><blockquote class="gmail_quote">wher is my mony</blockquote></div>', ["recieved"], { channel: "email" }],
    ["an image of a megabyte", "en", `<p>We recieved <img src="data:image/png;base64,${"A".repeat(1 << 20)}"> tomorow</p>`, ["recieved", "tomorow"]],
];

for (const [name, language, html, wanted, options] of RICH) {
    test(`contenteditable: ${name}`, async () => {
        await it.fresh("<div id=e contenteditable=true></div>");
        await it.page.evaluate((html) => (document.getElementById("e").innerHTML = html), html);
        await it.attach("#e", { language, ...options });
        assert.deepEqual(await it.marks(), wanted);
        assert.deepEqual(await it.painted(), wanted.flatMap((mark) => mark.split("|")));
    });
}

test("text nodes that are split and empty", async () => {
    await it.fresh("<div id=e contenteditable=true><p></p></div>");
    await it.page.evaluate(() => {
        const pieces = ["We rec", "", "iev", "ed it & tomo", "row"];
        document.querySelector("#e p").append(...pieces.map((piece) => document.createTextNode(piece)));
    });
    await it.attach("#e", { language: "en" });
    assert.deepEqual(await it.painted(), ["recieved", "tomorow"]);
});

test("an unsupported language is not marked", async () => {
    await it.fresh("<textarea>Bonjour, merci de votre mesage</textarea>");
    await it.attach("textarea", { language: "fr" });
    assert.deepEqual([await it.marks(), await it.page.evaluate(() => session.languageFallback)], [[], true]);
});

test("nothing of all this was an error of the page", () => assert.deepEqual(it.errors, []));
