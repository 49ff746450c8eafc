// Editors whose model is the owner of the text, as they are: replacements go through their own commands and so into their own
// undo. Knows of each only what it calls: none of them is a dependency.
import type { EditorAdapter } from "./editable.js";
import type { RangeEdit } from "./reading.js";

/** The part of TipTap's `Editor` that is used. */
export interface TiptapLike {
    view: {
        state: { tr: ProseMirrorTransaction };
        dispatch(transaction: ProseMirrorTransaction): void;
        posAtDOM(node: Node, offset: number): number;
        focus(): void;
    };
}
interface ProseMirrorTransaction {
    insertText(text: string, from: number, to: number): ProseMirrorTransaction;
    delete(from: number, to: number): ProseMirrorTransaction;
    setMeta(key: string, value: unknown): ProseMirrorTransaction;
}

/** For TipTap, or any ProseMirror view as `{ view }`. Attach to `editor.view.dom`. */
export function tiptapEditor({ view }: TiptapLike): EditorAdapter {
    return {
        replace(edits) {
            // A transaction of its own is a step of undo of its own: this is what prosemirror-history's closeHistory sets.
            let transaction = view.state.tr.setMeta("closeHistory$", true);
            for (const { range, text } of edits.toReversed()) {
                const from = view.posAtDOM(range.startContainer, range.startOffset);
                const to = view.posAtDOM(range.endContainer, range.endOffset);
                transaction = text === "" ? transaction.delete(from, to) : transaction.insertText(text, from, to);
            }
            view.dispatch(transaction);
            view.focus();
            return true;
        },
    };
}

/** The part of Quill that is used. */
export interface QuillLike {
    scroll: { find(node: Node, bubble?: boolean): { offset(root: unknown): number } | null };
    getContents(index: number, length: number): { ops: { attributes?: Record<string, unknown> }[] };
    // What it takes and answers is of Quill's own types.
    updateContents(delta: never, source: "user"): unknown;
    history?: { cutoff(): void };
    focus(): void;
}

/** For Quill 2. Attach to `quill.root`. */
export function quillEditor(quill: QuillLike): EditorAdapter {
    const index = (node: Node, offset: number): number | undefined => {
        const blot = quill.scroll.find(node, true);
        return blot ? blot.offset(quill.scroll) + offset : undefined;
    };
    return {
        replace(edits) {
            const ops: Record<string, unknown>[] = [];
            let at = 0;
            for (const { range, text } of edits) {
                const from = index(range.startContainer, range.startOffset);
                const to = index(range.endContainer, range.endOffset);
                if (from === undefined || to === undefined) return false;
                const attributes = quill.getContents(from, Math.max(1, to - from)).ops[0]?.attributes;
                if (from > at) ops.push({ retain: from - at });
                if (text) ops.push({ insert: text, ...(attributes && { attributes }) });
                if (to > from) ops.push({ delete: to - from });
                at = to;
            }
            quill.history?.cutoff();
            quill.updateContents({ ops } as never, "user");
            quill.history?.cutoff();
            quill.focus();
            return true;
        },
    };
}

/** The part of TinyMCE's `Editor` that is used. */
export interface TinymceLike {
    undoManager: { transact(change: () => void): unknown };
    nodeChanged(): void;
    focus(): void;
}

/** For TinyMCE 6 and later. Attach to `editor.getBody()`. */
export function tinymceEditor(editor: TinymceLike): EditorAdapter {
    return {
        replace(edits) {
            // Its model is the DOM; a transaction is a step of its undo.
            editor.undoManager.transact(() => {
                for (const edit of edits.toReversed()) write(edit);
            });
            editor.nodeChanged();
            editor.focus();
            return true;
        },
    };
}

/** What stands in place of a range has the markup of its start. */
function write({ range, text }: RangeEdit): void {
    const { startContainer: start, startOffset: offset } = range;
    if (start.nodeType === Node.TEXT_NODE) {
        if (start !== range.endContainer) range.deleteContents();
        const length = start === range.endContainer ? range.endOffset - offset : 0;
        (start as Text).replaceData(offset, length, text);
    } else {
        range.deleteContents();
        range.insertNode(start.ownerDocument!.createTextNode(text));
    }
}
