// TipTap, Quill and TinyMCE as they are: marks by highlights alone, replacements through their own commands and their own undo.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startModel } from "../../scripts/model.mjs";
import { open } from "./harness.mjs";

const ENTRY = `
import { Editor } from "@tiptap/core";
import StarterKit from "@tiptap/starter-kit";
import Quill from "quill";
import tinymce from "tinymce";
import "tinymce/models/dom";
import "tinymce/themes/silver";
import "tinymce/icons/default";
import "tinymce/plugins/lists";

const place = () => {
    document.body.innerHTML = "<div id=place></div>";
    return document.getElementById("place");
};
window.editors = {
    async tiptap(html) {
        const editor = new Editor({ element: place(), extensions: [StarterKit], content: html });
        return { element: editor.view.dom, adapter: dom.tiptapEditor(editor), html: () => editor.getHTML(), undo: () => editor.commands.undo() };
    },
    async quill(html) {
        const quill = new Quill(place(), { theme: false });
        quill.clipboard.dangerouslyPasteHTML(html);
        quill.history.clear();
        return { element: quill.root, adapter: dom.quillEditor(quill), html: () => quill.getSemanticHTML(), undo: () => quill.history.undo() };
    },
    async tinymce(html) {
        place();
        const [editor] = await tinymce.init({
            selector: "#place", plugins: "lists", toolbar: false, menubar: false, statusbar: false,
            skin: false, content_css: false, promotion: false, license_key: "gpl",
        });
        editor.setContent(html);
        editor.undoManager.clear();
        editor.undoManager.add();
        const adapter = dom.tinymceEditor(editor);
        return { element: editor.getBody(), adapter, html: () => editor.getContent(), undo: () => editor.undoManager.undo(), remove: () => editor.remove() };
    },
};
window.begin = async (name, html, options) => {
    window.session?.detach();
    window.editor?.remove?.();
    window.editor = await editors[name](html);
    window.session = dom.attach(editor.element, vermilion, { language: "en", debounceMs: 0, editor: editor.adapter, ...options });
    await settled();
};
/** In an editor's frame the highlights are those of its window. */
window.paintedIn = () => {
    const view = session.element.ownerDocument.defaultView;
    const ranges = [...(view.CSS.highlights.get("vermilion-error") ?? [])];
    return ranges.sort((one, other) => one.compareBoundaryPoints(Range.START_TO_START, other)).map(String);
};
`;

let model;
let it;
before(async () => {
    model = await startModel();
    it = await open({ entry: ENTRY, service: { environment: model.environment } });
});
after(async () => {
    await it.close();
    model.close();
});

const begin = (...args) => it.page.evaluate((args) => window.begin(...args), args);
const html = () => it.page.evaluate(() => editor.html().replaceAll("\u00a0", " ").replaceAll("&nbsp;", " ").replace(/>\s+</g, "><"));

for (const name of ["tiptap", "quill", "tinymce"]) {
    test(`${name}: marks, typed and loaded`, async () => {
        await begin(name, "<p>We re<strong>ciev</strong>ed it.</p><ul><li>one mesage</li></ul>");
        assert.deepEqual(await it.page.evaluate(() => paintedIn()), ["re", "ciev", "ed", "mesage"]);
        await it.page.evaluate(() => {
            session.element.focus();
            const { ownerDocument } = session.element;
            ownerDocument.getSelection().collapse(ownerDocument.createTreeWalker(session.element, NodeFilter.SHOW_TEXT).nextNode(), 0);
        });
        await it.page.keyboard.type("Tomorow ok. ");
        await it.page.evaluate(() => settled());
        assert.deepEqual(await it.page.evaluate(() => paintedIn()), ["Tomorow", "re", "ciev", "ed", "mesage"]);
    });

    test(`${name}: a suggestion keeps markup, and one undo takes it back`, async () => {
        await begin(name, "<p>We re<strong>ciev</strong>ed a <em>mesage</em> today.</p>");
        const before = await html();
        assert.equal(await it.page.evaluate(() => session.marks[0].accept(0)), true);
        assert.equal(await html(), before.replace("ciev", "ceiv"));
        await it.page.evaluate(() => settled());
        assert.deepEqual(await it.page.evaluate(() => paintedIn()), ["mesage"]);
        assert.equal(await it.page.evaluate(() => session.marks[0].accept(0)), true);
        const both = before.replace("ciev", "ceiv").replace("mesage", "message");
        assert.equal(await html(), both);
        await it.page.evaluate(() => editor.undo());
        assert.equal(await html(), before.replace("ciev", "ceiv"));
        await it.page.evaluate(() => editor.undo());
        assert.equal(await html(), before);
        await it.page.waitForFunction(() => paintedIn().length === 4);
    });

    test(`${name}: a polish is one step of undo`, async () => {
        await begin(name, "<p>hi, ur <strong>parcel</strong> is here, sory for the wait.</p><p>It <em>wil</em> be with u in 3 days.</p>");
        const before = await html();
        const accepted = await it.page.evaluate(async (conversation) => {
            const review = await session.polish({ conversation }).review;
            return [review.result.outcome, review.accept()];
        }, name);
        assert.deepEqual(accepted, ["POLISHED", true]);
        const polished = before.replace("hi, ur", "Hello, your").replace("sory", "sorry").replace("wil", "will").replace(" u ", " you ");
        assert.equal(await html(), polished);
        await it.page.evaluate(() => editor.undo());
        assert.equal(await html(), before);
    });

    test(`${name}: without an adapter, by the browser's own command`, async () => {
        await begin(name, "<p>We have a mesage today.</p>", { editor: undefined });
        const before = await html();
        await it.page.evaluate(() => session.marks[0].accept(0));
        await it.page.waitForFunction((wanted) => editor.html().replaceAll("&nbsp;", " ").includes(wanted), "a message today");
        assert.equal(await html(), before.replace("mesage", "message"));
    });
}

test("nothing of all this was an error of the page", () => assert.deepEqual(it.errors, []));
