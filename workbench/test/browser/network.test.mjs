// The network as it is: slow, gone, back; a service that is killed and comes back; tokens that expire; fast typing.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startService } from "../../scripts/service.mjs";
import { open } from "./harness.mjs";

let it;
before(async () => (it = await open()));
after(() => it.close());

async function textarea(value = "", options) {
    await it.fresh("<textarea></textarea>");
    await it.page.evaluate((value) => (document.querySelector("textarea").value = value), value);
    await it.attach("textarea", { language: "en", ...options });
    await it.page.focus("textarea");
}

const state = () => it.page.evaluate(() => session.state);
const until = (wanted) => it.page.waitForFunction((wanted) => session.state === wanted, wanted);

test("offline: the marks go at once, one sentence says why, and all is back by itself", async () => {
    await textarea("We recieved it");
    assert.deepEqual(await it.painted(), ["recieved"]);
    await it.context.setOffline(true);
    await it.page.keyboard.type(" and a mesage ");
    await until("away");
    const [marks, kind, words, waits] = await it.page.evaluate(() => [
        painted(),
        session.failure.kind,
        client && window.words.messages("zh-TW").failure(session.failure),
        session.retryAt - Date.now(),
    ]);
    assert.deepEqual([marks, kind, words], [[], "offline", "Vermilion 暫時沒有回應，文字已保存在本頁。"]);
    assert.ok(waits > 500 && waits <= 2200);
    await it.page.keyboard.type("and tomorow ");
    assert.equal(await state(), "away", "each key is no new try");
    await it.context.setOffline(false);
    await until("checked");
    assert.deepEqual(await it.painted(), ["recieved", "mesage", "tomorow"]);
    assert.equal(await it.page.evaluate(() => session.failure), undefined);
});

test("the service is killed under the page and comes back", async () => {
    let service = await startService();
    try {
        await it.page.evaluate((url) => {
            window.kept = window.vermilion;
            window.vermilion = client.createVermilion({ baseUrl: url });
        }, service.url);
        await textarea("We recieved it");
        assert.deepEqual(await it.painted(), ["recieved"]);
        await service.stop("SIGKILL");
        await it.page.keyboard.type(" and a mesage ");
        await until("away");
        assert.deepEqual(await it.painted(), []);
        service = await startService({ port: service.port });
        await until("checked");
        assert.deepEqual(await it.painted(), ["recieved", "mesage"]);
        await service.stop("SIGKILL");
        await it.page.keyboard.type("again ");
        await until("away");
        const waits = await it.page.evaluate(() => session.retryAt - Date.now());
        assert.ok(waits <= 2200, "the wait begins anew after a success");
    } finally {
        await service.stop();
        await it.page.evaluate(() => {
            session.detach();
            window.vermilion = window.kept;
        });
    }
});

test("a service that is busy: the marks that hold stay, and the wait is what the service says", async () => {
    await textarea("We recieved it");
    await it.page.evaluate(() => {
        const { check } = vermilion;
        let refused = false;
        vermilion.check = async (...args) => {
            if (refused) return check(...args);
            refused = true;
            throw new client.VermilionFailure({ kind: "busy", reason: "OVERLOADED", message: "", requestId: "", retryMs: 1500 });
        };
        window.restore = () => (vermilion.check = check);
    });
    await it.page.keyboard.type(" and a mesage ");
    await until("away");
    assert.deepEqual(await it.painted(), ["recieved"]);
    await until("checked");
    assert.deepEqual(await it.painted(), ["recieved", "mesage"]);
    await it.page.evaluate(() => restore());
});

test("a text that is too long is told, and checked when it is shorter", async () => {
    await textarea("a mesage ".repeat(40_000));
    assert.deepEqual([await state(), await it.page.evaluate(() => session.failure.reason)], ["stopped", "TEXT_TOO_LONG"]);
    await it.page.evaluate(() => (session.element.value = "a mesage"));
    await until("checked");
    assert.equal((await it.marks()).length, 1);
});

test("an answer that is overtaken is aborted and never painted", async () => {
    await textarea("We recieved it");
    const seen = await it.page.evaluate(async () => {
        const { check } = vermilion;
        const signals = [];
        vermilion.check = async (document, options) => {
            signals.push(options.signal);
            await new Promise((resolve) => setTimeout(resolve, 50));
            return check(document, { ...options, signal: undefined });
        };
        session.element.value = "one mesage";
        await new Promise((resolve) => setTimeout(resolve, 20));
        session.element.value = "two things";
        await new Promise((resolve) => setTimeout(resolve, 300));
        vermilion.check = check;
        return [signals.map(({ aborted }) => aborted), painted(), session.marks.length];
    });
    assert.deepEqual(seen, [[true, false], [], 0]);
});

test("5,000 characters typed fast: no mark is ever painted that is not of the text as it is", async () => {
    await textarea("", { debounceMs: 150 });
    await it.page.evaluate(() => {
        window.frames = 0;
        window.wrong = [];
        window.most = 0;
        const mine = session;
        const look = () => {
            if (window.session !== mine) return;
            frames++;
            const { value } = session.element;
            for (const range of CSS.highlights.get("vermilion-error") ?? []) {
                const [text, before, after] = [String(range), value[range.startOffset - 1] ?? " ", value[range.endOffset] ?? " "];
                if (!text || value.slice(range.startOffset, range.endOffset) !== text) wrong.push(text);
                // A word that goes on is another word.
                if (/\w/.test(before) || /\w/.test(after)) wrong.push(`${before}|${text}|${after}`);
            }
            most = Math.max(most, painted().length);
            requestAnimationFrame(look);
        };
        look();
    });
    const words = "We have recieved your mesage and will definately answer it tomorow at this adress. ".split("");
    for (let n = 0; n < 5000; n++) {
        await it.page.keyboard.press(words[n % words.length] === " " ? "Space" : words[n % words.length]);
        if (n % 500 === 250) for (let back = 0; back < 9; back++) await it.page.keyboard.press("Backspace");
        if (n % 700 === 350) await it.page.evaluate(() => session.element.setSelectionRange(100, 100));
        if (n % 700 === 390) await it.page.evaluate(() => session.element.setSelectionRange(1e6, 1e6));
    }
    await until("checked");
    const { wrong, frames, most, length } = await it.page.evaluate(() => ({ wrong, frames, most, length: session.element.value.length }));
    assert.deepEqual(wrong, []);
    assert.ok(length > 4800 && frames > 100 && most > 100, `${length} characters, ${frames} frames, ${most} marks`);
});

test("HTML typed fast into bold and plain text: the same", async () => {
    await it.fresh("<div id=e contenteditable><p>We <b>recieved</b> a mesage</p></div>");
    await it.attach("#e", { language: "en", debounceMs: 30 });
    await it.page.evaluate(() => {
        window.wrong = [];
        const mine = session;
        const look = () => {
            if (window.session !== mine) return;
            const now = session.surface.read().content.replace(/<[^>]*>/g, "").replaceAll("&nbsp;", " ");
            for (const mark of session.marks) {
                const text = mark.ranges.map(String).join("");
                if (text !== mark.text || !new RegExp(`(?<!\\w)${text}(?!\\w)`).test(now)) wrong.push(`${text} in ${now}`);
            }
            requestAnimationFrame(look);
        };
        look();
    });
    await it.page.focus("#e");
    await it.page.keyboard.press("Control+End");
    for (const character of " and definately an adress, recieved again tomorow and so on ") {
        await it.page.keyboard.press(character === " " ? "Space" : character);
        if (character === ",") await it.page.keyboard.press("Control+b");
    }
    await it.page.keyboard.press("Control+Home");
    for (let n = 0; n < 14; n++) await it.page.keyboard.press(n % 3 ? "ArrowRight" : "x");
    await until("checked");
    assert.deepEqual(await it.page.evaluate(() => wrong), []);
    assert.ok((await it.marks()).length >= 4);
});

test("a token that has expired is renewed under the page", async () => {
    const secret = "0123456789abcdef0123456789abcdef";
    const service = await startService({
        environment: {
            VERMILION_AUTH__MODE: "jwt",
            VERMILION_AUTH__JWT__ISSUER: "https://login.example.com/",
            VERMILION_AUTH__JWT__AUDIENCE: "vermilion",
            VERMILION_AUTH__JWT__SECRET: secret,
        },
    });
    try {
        const { createHmac } = await import("node:crypto");
        const token = (exp) => {
            const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
            const claims = { iss: "https://login.example.com/", aud: "vermilion", sub: "ana", tenant: "acme", agent: "ana", roles: ["agent"], exp };
            const body = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
            return `${body}.${createHmac("sha256", secret).update(body).digest("base64url")}`;
        };
        const now = Math.floor(Date.now() / 1000);
        const seen = await it.page.evaluate(
            async ([baseUrl, expired, fresh]) => {
                let token = expired;
                let renewals = 0;
                const mine = client.createVermilion({
                    baseUrl,
                    identity: async () => token,
                    onUnauthenticated: async () => {
                        renewals++;
                        token = fresh;
                    },
                });
                const { misspellings } = await mine.check("a mesage", { language: "en" });
                const stuck = client.createVermilion({ baseUrl, identity: () => expired });
                const failure = await stuck.check("a mesage").catch((failure) => failure);
                return [misspellings.length, renewals, failure.kind];
            },
            [service.url, token(now - 3600), token(now + 3600)],
        );
        assert.deepEqual(seen, [1, 1, "auth"]);
    } finally {
        await service.stop();
    }
});

const LANGUAGES = [
    ["en", "Olá! O seu pedido foi enviado hoje e vai chegar em três dias.", "pt"],
    ["pt-BR", "Thank you for your message, we have received it and will answer soon.", "en"],
    ["en", "您好，您的订单已经发货，请耐心等待。", "zh"],
];
for (const [language, text, proposed] of LANGUAGES) {
    test(`${proposed} is proposed for a text that is checked as ${language}, and one switch does it`, async () => {
        await textarea(text, { language });
        const seen = await it.page.evaluate(async () => {
            const proposed = session.proposedLanguage;
            session.setLanguage(proposed);
            await settled();
            return [proposed, session.proposedLanguage, session.usedLanguage];
        });
        assert.ok(seen[0]?.startsWith(proposed), `${seen}`);
        assert.equal(seen[1], undefined);
        assert.ok(seen[2].startsWith(proposed));
    });
}

test("the client in a worker", async () => {
    const found = await it.page.evaluate(
        () =>
            new Promise((resolve, reject) => {
                const worker = new Worker("/worker.js", { type: "module" });
                worker.onmessage = ({ data }) => (worker.terminate(), resolve(data));
                worker.onerror = reject;
                worker.postMessage({ baseUrl, content: "a mesage" });
            }),
    );
    assert.deepEqual(found, ["mesage"]);
});

test("a language that is kept is not proposed again", async () => {
    await textarea(LANGUAGES[0][1]);
    await it.page.evaluate(() => session.keepLanguage());
    await it.page.keyboard.type(" Obrigado. ");
    await it.settled();
    assert.equal(await it.page.evaluate(() => session.proposedLanguage), undefined);
});

test("what is skipped has its place and its reason", async () => {
    await textarea("See https://example.com/x about AB-12345.");
    const skipped = await it.page.evaluate(() => session.skipped.map(({ reason, text, ranges }) => [reason, text, String(ranges[0])]));
    assert.deepEqual(skipped, [["URL", "https://example.com/x", "https://example.com/x"], ["CODE", "AB-12345", "AB-12345"]]);
});

test("nothing of all this was an error of the page", () => assert.deepEqual(it.errors, []));
