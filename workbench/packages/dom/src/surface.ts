// Where text is typed, as the session sees it: read, watched, replaced. Knows neither marks nor the service.
import type { RangeEdit, Reading } from "./reading.js";

/** A place in the DOM. */
export interface Place {
    node: Node;
    offset: number;
}

/** A textarea or a contenteditable. */
export interface Surface {
    readonly element: HTMLElement;
    /** The text as it is now. `whole`: with `data:` addresses. */
    read(whole?: boolean): Reading;
    /** Where the caret is, if it is in here and nothing is selected. */
    caret(): Place | undefined;
    /** Puts the caret to the end of a range and shows it. */
    moveCaret(range: Range): void;
    /** Several replacements, in the order of the text, as one step of undo if the platform can. False: nothing was changed. */
    replace(edits: RangeEdit[]): boolean;
    detach(): void;
}

/** What a surface tells. */
export interface SurfaceEvents {
    /** The text may have changed: told before the change is painted. */
    changed(): void;
    /** The caret has moved. */
    caretMoved(): void;
    /** A composition has begun, or has ended with what it wrote in the text. */
    composing(composing: boolean): void;
}

/** What both kinds of surfaces tell by the same events: all but changes. Everything ends with the signal. */
export function watch(element: HTMLElement, events: SurfaceEvents, signal: AbortSignal): void {
    const document = element.ownerDocument;
    element.addEventListener("compositionstart", () => events.composing(true), { signal });
    element.addEventListener("compositionend", () => events.composing(false), { signal });
    document.addEventListener("selectionchange", () => events.caretMoved(), { signal });
    for (const name of ["keyup", "pointerup", "focus", "blur"]) {
        element.addEventListener(name, () => events.caretMoved(), { signal });
    }
}

/** Writes in place of what is selected, by the browser's own command: it is in the browser's history of undo. */
export function insertText(document: Document, text: string): boolean {
    // Deprecated and without a successor: nothing else writes to the history of undo.
    return text === "" ? document.execCommand("delete") : document.execCommand("insertText", false, text);
}
