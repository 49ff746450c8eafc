// A textarea as a surface: its text is plain, its ranges lie in a mirror. Knows no marks.
import { Overlay } from "./overlay.js";
import type { RangeEdit, Reading } from "./reading.js";
import { insertText, watch, type Place, type Surface, type SurfaceEvents } from "./surface.js";
import type { Span } from "@vermilion/client";

/** Attached until `detach`. */
export class TextareaSurface implements Surface {
    readonly element: HTMLTextAreaElement;
    /** The mirror. */
    readonly overlay: Overlay;
    readonly #abort = new AbortController();
    readonly #release: () => void;

    constructor(element: HTMLTextAreaElement, events: SurfaceEvents) {
        this.element = element;
        this.overlay = new Overlay(element, () => events.changed());
        const changed = () => {
            this.overlay.update();
            events.changed();
        };
        watch(element, events, this.#abort.signal);
        element.addEventListener("input", changed, { signal: this.#abort.signal });
        // Values that a program sets come without an event, as after a form is reset or a message is sent.
        this.#release = watchValue(element, changed);
        const reset = () => queueMicrotask(changed);
        element.form?.addEventListener("reset", reset, { signal: this.#abort.signal });
    }

    read(): Reading {
        this.overlay.update();
        return new PlainReading(this.overlay.text);
    }

    caret(): Place | undefined {
        const { selectionStart, selectionEnd } = this.element;
        const root = this.element.getRootNode() as Document | ShadowRoot;
        if (root.activeElement !== this.element || selectionStart !== selectionEnd) return undefined;
        return { node: this.overlay.text, offset: selectionStart };
    }

    moveCaret(range: Range): void {
        this.element.focus({ preventScroll: true });
        this.element.setSelectionRange(range.endOffset, range.endOffset);
        const line = range.getBoundingClientRect();
        const box = this.element.getBoundingClientRect();
        if (line.top < box.top) this.element.scrollTop -= box.top - line.top;
        else if (line.bottom > box.bottom) this.element.scrollTop += line.bottom - box.bottom;
    }

    replace(edits: RangeEdit[]): boolean {
        const [first, last] = [edits[0], edits.at(-1)];
        if (!first || !last || this.element.disabled || this.element.readOnly) return false;
        this.overlay.update();
        const { value } = this.element;
        const [start, end] = [first.range.startOffset, last.range.endOffset];
        let text = "";
        let at = start;
        for (const { range, text: replacement } of edits) {
            text += value.slice(at, range.startOffset) + replacement;
            at = range.endOffset;
        }
        const wanted = value.slice(0, start) + text + value.slice(end);
        if (this.element.maxLength >= 0 && wanted.length > this.element.maxLength) return false;
        const { scrollTop } = this.element;
        this.element.focus({ preventScroll: true });
        this.element.setSelectionRange(start, end);
        insertText(this.element.ownerDocument, text);
        if (this.element.value !== wanted) {
            // Where the browser has no such command for textareas: right, without undo.
            this.element.setRangeText(text, start, end + this.element.value.length - value.length, "end");
            this.element.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertReplacementText" }));
        }
        this.element.scrollTop = scrollTop;
        return true;
    }

    detach(): void {
        this.#abort.abort();
        this.#release();
        this.overlay.remove();
    }
}

class PlainReading implements Reading {
    readonly format = "plain";
    readonly content: string;
    readonly protectedSpans: Span[] = [];
    readonly #text: Text;

    constructor(text: Text) {
        this.#text = text;
        this.content = text.data;
    }

    ranges(spans: readonly Span[]): Range[] | undefined {
        const ranges: Range[] = [];
        for (const { start, end } of spans) {
            if (start < 0 || start > end || end > this.#text.length) return undefined;
            const range = this.#text.ownerDocument.createRange();
            range.setStart(this.#text, start);
            range.setEnd(this.#text, end);
            ranges.push(range);
        }
        return ranges;
    }

    span(range: AbstractRange): Span | undefined {
        if (range.startContainer !== this.#text || range.endContainer !== this.#text) return undefined;
        return { start: range.startOffset, end: range.endOffset };
    }
}

/** Tells of values that programs set on this element. Answers how to stop that. */
function watchValue(element: HTMLTextAreaElement, changed: () => void): () => void {
    // A framework may have put its own in the way already (React does): then that one is called.
    const own = Object.getOwnPropertyDescriptor(element, "value");
    const inherited = own ?? Object.getOwnPropertyDescriptor(Object.getPrototypeOf(element), "value");
    if (!inherited?.get || !inherited.set || own?.configurable === false) return () => {};
    const { get, set } = inherited;
    const mine = {
        configurable: true,
        enumerable: own?.enumerable ?? true,
        get: () => get.call(element),
        set(value: string) {
            set.call(element, value);
            changed();
        },
    };
    Object.defineProperty(element, "value", mine);
    const setRangeText = element.setRangeText;
    element.setRangeText = (...args: unknown[]) => {
        (setRangeText as (...args: unknown[]) => void).apply(element, args);
        changed();
    };
    return () => {
        if (Object.getOwnPropertyDescriptor(element, "value")?.set === mine.set) {
            delete (element as { value?: unknown }).value;
            if (own) Object.defineProperty(element, "value", own);
        }
        delete (element as { setRangeText?: unknown }).setRangeText;
    };
}
