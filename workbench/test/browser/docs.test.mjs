// The snippets of docs/integration.md run as they are printed: only the address is another one.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { alias } from "../../scripts/alias.mjs";
import { startModel } from "../../scripts/model.mjs";
import { repository, root } from "../../scripts/paths.mjs";
import { open } from "./harness.mjs";

const page = readFileSync(join(repository, "docs/integration.md"), "utf8");
const snippets = new Map(
    [...page.matchAll(/<!-- snippet: (\w+) -->\n```(\w+)\n([\s\S]*?)\n```/g)].map(([, name, , text]) => [name, text]),
);
const at = (name) => snippets.get(name).replaceAll("http://127.0.0.1:50051", it.service.url).replaceAll("127.0.0.1:50051", new URL(it.service.url).host);
/** Snippets that a test below runs. */
const RUN = ["tag", "client", "field", "editors", "polish", "connect", "node", "python"];

/** Bundles a script for the page or for Node. */
async function bundle(contents, platform = "browser") {
    const { outputFiles } = await build({
        stdin: { contents, resolveDir: join(root, "test/browser"), loader: "js" },
        bundle: true, format: "esm", platform, target: "es2022", write: false, alias, logLevel: "warning",
        ...(platform === "node" && { banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" } }),
    });
    return outputFiles[0].text;
}

/** Runs a snippet in the page, after `given`; answers what it logged. `then` runs behind it. */
async function inPage(name, given = "", then = "") {
    const imports = [];
    const body = at(name).replace(/^import .*$/gm, (line) => (imports.push(line), ""));
    const script = await bundle(`${imports.join("\n")}\nconst logged = (window.logged = []);\nconst console = { log: (...args) => logged.push(args) };\n${given}\n${body}\n${then}\nwindow.done = true;`);
    await it.page.evaluate(() => (window.done = false));
    await it.page.addScriptTag({ content: script, type: "module" });
    await it.page.waitForFunction(() => window.done, undefined, { timeout: 10_000 });
    return it.page.evaluate(() => logged);
}

/** Runs a script in Node; answers what it printed. */
async function inNode(name) {
    const file = join(scratch, `${name}.mjs`);
    writeFileSync(file, await bundle(at(name), "node"));
    return execFileSync(process.execPath, [file], { encoding: "utf8" }).trim();
}

let it;
let model;
let scratch;
before(async () => {
    model = await startModel();
    it = await open({ service: { environment: model.environment }, csp: false });
    scratch = mkdtempSync(join(tmpdir(), "vermilion-docs-"));
});
after(async () => {
    rmSync(scratch, { recursive: true, force: true });
    await it.close();
    model.close();
});

test("every snippet that is named is run here", () => {
    assert.deepEqual([...snippets.keys()].sort(), [...RUN].sort());
});

test("one tag", async () => {
    const script = await bundle('import "@vermilion/element";');
    await it.fresh(at("tag").replace(/<script.*<\/script>/, ""));
    await it.page.addScriptTag({ content: script, type: "module" });
    await it.page.waitForFunction(() => painted().join() === "recieved");
    await it.page.evaluate(() => document.querySelector("vermilion-composer").remove());
});

const SESSION = 'const session = { token: undefined, renew: async () => {} };';

test("a client", async () => {
    await it.fresh("");
    assert.deepEqual(await inPage("client", SESSION), [[8, 16, "recieved", "received"]]);
});

test("a client's failure has words", async () => {
    await it.fresh("");
    const given = SESSION.replace("undefined", '"nonsense"');
    const [[words]] = await inPage("client", given);
    assert.match(words, /signed in|may not/);
});

test("marks in a field", async () => {
    await it.fresh("<textarea id=reply>We recieved it</textarea><output id=status></output>");
    await inPage("field", "const vermilion = window.vermilion; const status = document.getElementById('status');", "window.session = marks;");
    await it.settled();
    assert.equal(await it.page.textContent("#status"), "1 marks");
    const [x, y] = await it.page.evaluate(() => {
        const { left, top } = session.marks[0].ranges[0].getBoundingClientRect();
        return [left + 5, top + 5];
    });
    await it.page.mouse.click(x, y);
    assert.equal(await it.page.evaluate(() => document.getElementById("reply").value), "We received it");
});

test("editors", async () => {
    await it.fresh("<div id=t></div><div id=q></div><div id=m></div>");
    const given = `
import { Editor } from "@tiptap/core";
import StarterKit from "@tiptap/starter-kit";
import Quill from "quill";
import tinymce from "tinymce";
import "tinymce/models/dom";
import "tinymce/themes/silver";
import "tinymce/icons/default";
const vermilion = window.vermilion;
const tiptap = new Editor({ element: document.getElementById("t"), extensions: [StarterKit], content: "<p>one recieved</p>" });
const quill = new Quill("#q", { theme: false });
quill.setText("two recieved");
await tinymce.init({ selector: "#m", skin: false, content_css: false, promotion: false });
tinymce.activeEditor.setContent("<p>three recieved</p>");`;
    const then = `window.frame = tinymce.activeEditor.getWin();`;
    await inPage("editors", given, then);
    await it.page.waitForFunction(() => painted().length === 2 && frame.CSS.highlights.get("vermilion-error")?.size === 1);
});

test("polishing", async () => {
    await it.fresh("<textarea>hi, ur parcel is here, sory for the wait.</textarea><button id=b></button><button id=s></button><p id=box></p>");
    await it.attach("textarea", { language: "en" });
    const given = `import { messages } from "@vermilion/client/messages";
const [vermilion, marks, words, conversation] = [window.vermilion, window.session, messages("en"), "docs"];
const [button, stop, box] = ["b", "s", "box"].map((id) => document.getElementById(id));`;
    const logged = await inPage("polish", given);
    assert.deepEqual(logged, [["hi", "->", "Hello", 0], ["ur", "->", "your", 0], ["sory", "->", "sorry", 0]]);
    const [value, title, preview] = await it.page.evaluate(() => [session.element.value, document.getElementById("b").title, document.getElementById("box").textContent]);
    assert.deepEqual([value, title, preview], ["hi, your parcel is here, sorry for the wait.", "10 left", "Hello, your parcel is here, sorry for the wait."]);
});

test("bare Connect, in a page and in Node", async () => {
    await it.fresh("");
    assert.deepEqual(await inPage("connect"), [[["recieved"]]]);
    assert.equal(await inNode("connect"), "[ 'recieved' ]");
});

test("a backend in Node", async () => assert.equal(await inNode("node"), "emviado enviado"));

// VERMILION_PYTHON: one with the packages of docs/integration.md.
const python = process.env.VERMILION_PYTHON;
test("a backend in Python", { skip: python ? false : "VERMILION_PYTHON names no interpreter with grpcio-tools" }, () => {
    const protos = join(repository, "proto");
    const files = readdirSync(join(protos, "vermilion/v1")).map((file) => join(protos, "vermilion/v1", file));
    mkdirSync(join(scratch, "python"));
    execFileSync(python, ["-m", "grpc_tools.protoc", "-I", protos, "--python_out=.", "--grpc_python_out=.", ...files], { cwd: join(scratch, "python") });
    writeFileSync(join(scratch, "python/check.py"), at("python"));
    assert.equal(execFileSync(python, ["check.py"], { cwd: join(scratch, "python"), encoding: "utf8" }).trim(), "5 6 报 抱");
});

test("the headers that the page names are those that the service allows", async () => {
    const preflight = await fetch(`${it.service.url}/vermilion.v1.SpellingService/CheckSpelling`, {
        method: "OPTIONS",
        headers: { origin: "http://localhost:5173", "access-control-request-method": "POST", "access-control-request-headers": "x-grpc-web" },
    });
    const allowed = preflight.headers.get("access-control-allow-headers").split(",").map((name) => name.trim());
    const [, list] = /\*\*Headers\*\* that a page may send: ([\s\S]*?); others/.exec(page);
    assert.deepEqual([...list.matchAll(/`([\w-]+)`/g)].map(([, name]) => name).sort(), allowed.sort());
});
