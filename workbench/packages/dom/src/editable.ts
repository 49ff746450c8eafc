// A contenteditable as a surface: its text is HTML, its ranges lie in itself. An editor that owns it is asked to do what is to be
// done to the text. Knows no marks.
import { replacementCore } from "./change.js";
import type { RangeEdit, Reading } from "./reading.js";
import { serialize } from "./serialize.js";
import { insertText, watch, type Place, type Surface, type SurfaceEvents } from "./surface.js";

/** An editor whose model is the owner of the text. */
export interface EditorAdapter {
    /** Several replacements, in the order of the text, as one step of the editor's own undo. False: it could not. */
    replace(edits: RangeEdit[]): boolean;
}

/** Attached until `detach`. */
export class EditableSurface implements Surface {
    readonly element: HTMLElement;
    readonly #protect: string | undefined;
    readonly #editor: EditorAdapter | undefined;
    readonly #abort = new AbortController();
    readonly #mutations: MutationObserver;
    /** Of replacements in several places: the text before the first step, after it, ... after the last. */
    #groups: string[][] = [];
    #regrouping = false;

    constructor(element: HTMLElement, events: SurfaceEvents, options: { protect?: string | undefined; editor?: EditorAdapter | undefined }) {
        this.element = element;
        this.#protect = options.protect;
        this.#editor = options.editor;
        const { signal } = this.#abort;
        watch(element, events, signal);
        element.addEventListener("input", (event) => this.#regroup((event as InputEvent).inputType), { signal });
        // Also what editors and programs write: told before it is painted.
        this.#mutations = new MutationObserver(() => events.changed());
        this.#mutations.observe(element, { subtree: true, childList: true, characterData: true });
    }

    read(whole = false): Reading {
        return serialize(this.element, { withoutData: !whole, protect: this.#protect });
    }

    caret(): Place | undefined {
        const selection = this.#selection();
        if (!selection?.isCollapsed || !selection.focusNode || !this.element.contains(selection.focusNode)) return undefined;
        return { node: selection.focusNode, offset: selection.focusOffset };
    }

    moveCaret(range: Range): void {
        this.element.focus({ preventScroll: true });
        this.#selection()?.collapse(range.endContainer, range.endOffset);
        range.endContainer.parentElement?.scrollIntoView({ block: "nearest", inline: "nearest" });
    }

    replace(edits: RangeEdit[]): boolean {
        if (edits.length === 0 || !this.element.isContentEditable) return false;
        if (this.#editor) return this.#editor.replace(edits);
        const selection = this.#selection();
        if (!selection) return false;
        this.element.focus({ preventScroll: true });
        const states = [this.read(true).content];
        let caret: Range | undefined;
        // From the last to the first, so that those before stay where they are.
        for (const edit of joined(edits).map(least).toReversed()) {
            this.#write(selection, edit, states);
            if (!caret && selection.rangeCount > 0) caret = selection.getRangeAt(0).cloneRange();
        }
        if (caret) selection.collapse(caret.endContainer, caret.endOffset);
        if (states.length > 2) this.#groups.push(states);
        return true;
    }

    /**
     * One replacement, by one command if that leaves all markup as it was. At the edge of a block or of an element browsers take
     * spaces and markup away with the text. Then what is new is written behind the first letter of what is
     * old, and that letter is deleted afterwards.
     */
    #write(selection: Selection, { range, text }: RangeEdit, states: string[]): void {
        const document = this.element.ownerDocument;
        const reading = this.read(true);
        const span = reading.span(range);
        const { startContainer: node, startOffset: start, endOffset: end } = range;
        const command = (from: number, to: number, text: string) => {
            selection.setBaseAndExtent(node, from, node, to);
            insertText(document, text);
            return this.read(true).content;
        };
        const before = reading.content;
        selection.removeAllRanges();
        selection.addRange(range);
        insertText(document, text);
        const after = this.read(true).content;
        const wanted = span && before.slice(0, span.start) + escapeText(text) + before.slice(span.end);
        const divisible = node === range.endContainer || (node as Text).data !== undefined;
        if (wanted === undefined || spaces(after) === spaces(wanted) || !divisible || end - start < 2 || text === "") {
            states.push(after);
            return;
        }
        for (let left = 3; left > 0 && this.read(true).content !== before; left--) document.execCommand("undo");
        if (this.read(true).content !== before) return void states.push(this.read(true).content);
        const middle = start + 1;
        states.push(command(middle, end, text));
        states.push(command(start, middle, ""));
        selection.collapse(selection.focusNode, selection.focusOffset);
    }

    detach(): void {
        this.#abort.abort();
        this.#mutations.disconnect();
    }

    /**
     * The browser has no way to make one step of undo of several commands. So when the first of them is undone the others are as
     * well, before anything is painted; and the same with redo.
     */
    #regroup(inputType: string): void {
        const command = { historyUndo: "undo", historyRedo: "redo" }[inputType];
        if (!command || this.#regrouping || this.#groups.length === 0) return;
        const now = this.read(true).content;
        const group = this.#groups.find((states) => now === (command === "undo" ? states.at(-2) : states[1]));
        const goal = command === "undo" ? group?.[0] : group?.at(-1);
        if (!group || goal === undefined) return;
        // Not within a command that a program runs, where others are not allowed.
        queueMicrotask(() => {
            this.#regrouping = true;
            for (let left = group.length; left > 0 && this.read(true).content !== goal; left--) {
                this.element.ownerDocument.execCommand(command);
            }
            this.#regrouping = false;
        });
    }

    #selection(): Selection | null {
        const root = this.element.getRootNode() as Document & { getSelection?: () => Selection | null };
        return root.getSelection?.() ?? this.element.ownerDocument.getSelection();
    }
}

/** What has to be written of a replacement within one text node: the farther from its ends, the less a browser mends there. */
function least({ range, text }: RangeEdit): RangeEdit {
    const node = range.startContainer;
    if (node !== range.endContainer || node.nodeType !== Node.TEXT_NODE) return { range, text };
    const core = replacementCore(range.toString(), text);
    const narrow = range.cloneRange();
    narrow.setStart(node, range.startOffset + core.start);
    narrow.setEnd(node, range.startOffset + core.end);
    return { range: narrow, text: core.text };
}

/** As it is written in the source. */
function escapeText(text: string): string {
    return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** Browsers write some spaces as ones that do not break a line. */
function spaces(source: string): string {
    return source.replace(/&nbsp;/g, " ");
}

/** Replacements within one text node are one: of all from the first to the last. */
function joined(edits: RangeEdit[]): RangeEdit[] {
    const out: RangeEdit[] = [];
    for (const { range, text } of edits) {
        const last = out.at(-1);
        const node = range.startContainer as Text;
        const within = node.nodeType === Node.TEXT_NODE && node === range.endContainer;
        if (last && within && last.range.startContainer === node && last.range.endContainer === node) {
            const between = node.data.slice(last.range.endOffset, range.startOffset);
            const whole = last.range.cloneRange();
            whole.setEnd(node, range.endOffset);
            out[out.length - 1] = { range: whole, text: last.text + between + text };
        } else {
            out.push({ range, text });
        }
    }
    return out;
}
