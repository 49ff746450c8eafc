// A page in Chromium with the packages in it, the real program behind it, and what tests ask of them.
import { createServer } from "node:http";
import { join } from "node:path";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { alias } from "../../scripts/alias.mjs";
import { root } from "../../scripts/paths.mjs";
import { startService } from "../../scripts/service.mjs";

/** The sources as one script: `entry` is what the page runs. */
async function bundle(entry) {
    const { outputFiles } = await build({
        stdin: { contents: entry, resolveDir: join(root, "test/browser"), loader: "ts" },
        bundle: true,
        format: "esm",
        target: "es2022",
        write: false,
        alias,
        loader: { ".css": "text", ".svg": "text" },
        logLevel: "warning",
    });
    return outputFiles[0].text;
}

/** Runs in every page: the packages, by name. */
const ENTRY = `
import * as client from "@vermilion/client";
import * as dom from "@vermilion/dom";
import * as words from "@vermilion/client/messages";
Object.assign(window, { client, dom, words });
`;

/** Strict, but for the styles that the tests' own HTML has. */
const CSP = "default-src 'self'; connect-src *; style-src 'self' 'unsafe-inline'; img-src data:";

/** Runs in a worker: checks what it is sent. */
const WORKER = `
import { createVermilion } from "@vermilion/client";
addEventListener("message", async ({ data: { baseUrl, content } }) => {
    const { misspellings } = await createVermilion({ baseUrl }).check(content, { language: "en" });
    postMessage(misspellings.map(({ text }) => text));
});`;

/** A server of one page. */
async function serve(files, csp) {
    const server = createServer((request, response) => {
        const file = files[new URL(request.url, "http://x").pathname];
        response.writeHead(file ? 200 : 404, { "content-type": file?.type ?? "text/plain", ...(csp && { "content-security-policy": CSP }) });
        response.end(file?.text ?? "");
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

/**
 * Starts everything: `{ page, service, fresh(html), close }`. `fresh` empties the page and puts HTML into it. `entry` is more
 * script for the page; `service` what startService takes; `csp: false` lets tests add scripts.
 */
export async function open({ entry = "", service: options, csp = true } = {}) {
    const service = await startService(options);
    const script = await bundle(ENTRY + entry);
    const site = await serve({
        "/": { type: "text/html", text: PAGE },
        "/page.js": { type: "text/javascript", text: script },
        "/worker.js": { type: "text/javascript", text: await bundle(WORKER) },
    }, csp);
    const browser = await chromium.launch({
        executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
        args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
    const context = await browser.newContext({ viewport: { width: 900, height: 700 } });
    const page = await context.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(site.url);
    await page.waitForFunction(() => window.dom);
    await page.evaluate((baseUrl) => {
        window.baseUrl = baseUrl;
        window.vermilion = window.client.createVermilion({ baseUrl });
        /** What is painted in an ink, in the order of the document. */
        window.painted = (ink = "error") => {
            const ranges = [...(CSS.highlights.get(`vermilion-${ink}`) ?? [])];
            return ranges.sort((one, other) => one.compareBoundaryPoints(Range.START_TO_START, other)).map(String);
        };
        /** Resolves when the marks are those of the text. */
        window.settled = (session = window.session) =>
            new Promise((resolve) => {
                const look = () => ["checked", "idle", "stopped"].includes(session.state) && resolve(session.state);
                session.addEventListener("change", look);
                look();
            });
    }, service.url);
    return {
        page,
        context,
        service,
        errors,
        async fresh(html) {
            await page.evaluate((html) => {
                window.session?.detach();
                window.session = undefined;
                document.body.innerHTML = html;
            }, html);
        },
        /** Attaches to the first element that a selector finds, with a debounce of nothing. */
        async attach(selector, options = {}) {
            await page.evaluate(
                ([selector, options]) => {
                    const element = document.querySelector(selector);
                    window.session = window.dom.attach(element, window.vermilion, { debounceMs: 0, ...options });
                },
                [selector, options],
            );
            await page.evaluate(() => window.settled());
        },
        settled: () => page.evaluate(() => window.settled()),
        /** The marks' texts, piece by piece where markup divides them. */
        marks: () => page.evaluate(() => session.marks.map((mark) => mark.ranges.map(String).join("|"))),
        painted: (ink) => page.evaluate((ink) => window.painted(ink), ink),
        async close() {
            await browser.close();
            site.close();
            await service.stop();
        },
    };
}

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>test</title>
<style>body { font: 16px/1.6 sans-serif; margin: 16px } textarea { font: inherit; width: 400px; height: 120px }</style>
<body></body><script type="module" src="/page.js"></script></html>`;
