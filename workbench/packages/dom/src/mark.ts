// One mark: where it is, what it says, what can be done about it. The session does it.
import type { AddedWord, Misspelling, MisspellingKind, Span, Suggestion } from "@vermilion/client";
import { replacementCore } from "./change.js";
import { textOf, type RangeEdit } from "./reading.js";

/** What a mark asks of its session. */
export interface MarkOwner {
    /** `index`: of the suggestion. */
    replace(mark: Mark, edits: RangeEdit[], index: number): boolean;
    ignoreOnce(mark: Mark): void;
    ignoreAll(mark: Mark): void;
    addToDictionary(mark: Mark): Promise<AddedWord>;
    suggest(mark: Mark): Promise<Suggestion[]>;
}

/** A word or character that is marked. Good until the text at it changes; then nothing happens. */
export class Mark {
    /** What is marked. */
    readonly text: string;
    /** The word around it, for menus and screen readers. */
    readonly word: string;
    readonly kind: MisspellingKind;
    /** Of lower certainty. */
    readonly hint: boolean;
    /** In English. */
    readonly message: string;
    /** What the words mean that are taken for one another, in the language of the text; else empty. */
    readonly explanation: string;
    /** Whether a limit cut the suggestions: `loadSuggestions` has all of them. */
    readonly suggestionsIncomplete: boolean;
    /** Puts the word into the calling agent's dictionary. Absent where that would silence too much: a single character. */
    readonly addToDictionary?: () => Promise<AddedWord>;
    readonly #owner: MarkOwner;
    #ranges: Range[];
    #spans: Span[];
    #suggestions: readonly Suggestion[];
    #loading: Promise<readonly Suggestion[]> | undefined;

    constructor(owner: MarkOwner, misspelling: Misspelling, ranges: Range[]) {
        this.#owner = owner;
        this.#ranges = ranges;
        this.#spans = misspelling.spans;
        this.text = misspelling.text;
        this.word = misspelling.word;
        this.kind = misspelling.kind;
        this.hint = misspelling.hint || misspelling.kind === "STYLE_VARIANT";
        this.message = misspelling.message;
        this.explanation = misspelling.explanation;
        this.#suggestions = misspelling.suggestions;
        this.suggestionsIncomplete = misspelling.suggestionsIncomplete;
        if (misspelling.kind === "NON_WORD" || misspelling.kind === "LIKELY_ACCENT") {
            this.addToDictionary = () => owner.addToDictionary(this);
        }
    }

    /** Best first. */
    get suggestions(): readonly Suggestion[] {
        return this.#suggestions;
    }

    /** Those that a limit of the check cut, too: asked for once, where there are any. */
    loadSuggestions(): Promise<readonly Suggestion[]> {
        if (!this.suggestionsIncomplete) return Promise.resolve(this.#suggestions);
        this.#loading ??= this.#owner.suggest(this).then(
            (found) => (this.#suggestions = found.length > 0 ? found : this.#suggestions),
            // What the check found is what there is.
            () => this.#suggestions,
        );
        return this.#loading;
    }

    /** A suggestion as a menu shows it: a character says too little by itself, so it stands in its word (抱歉, not 抱). */
    inWord(suggestion: Suggestion): string {
        const alone = this.kind === "WRONG_CHARACTER" && this.word.includes(this.text);
        return alone ? this.word.replace(this.text, () => suggestion.text) : suggestion.text;
    }

    /** Where it is: more than one only where markup divides it. For a textarea they lie in its mirror. */
    get ranges(): readonly Range[] {
        return this.#ranges;
    }

    /** Where it is in the source, as of the last change. */
    get spans(): readonly Span[] {
        return this.#spans;
    }

    /** From the first to the last. */
    get span(): Span {
        return { start: this.#spans[0]!.start, end: this.#spans.at(-1)!.end };
    }

    /** Whether the text at it is still what was marked. */
    get valid(): boolean {
        return textOf(this.#ranges) === this.text;
    }

    /** Replaces it by the suggestion of this index, in one step of undo. False: there is none, or the text has changed. */
    accept(index: number): boolean {
        const suggestion = this.suggestions[index];
        return suggestion !== undefined && this.valid && this.#owner.replace(this, this.#edits(suggestion), index);
    }

    /** Not here; elsewhere the same word is marked. */
    ignoreOnce(): void {
        this.#owner.ignoreOnce(this);
    }

    /** Nowhere, in all sessions that share the list of ignored words. */
    ignoreAll(): void {
        this.#owner.ignoreAll(this);
    }

    /** Whether a place lies in it or at one of its ends. */
    touches(node: Node, offset: number): boolean {
        const [first, last] = [this.#ranges[0]!, this.#ranges.at(-1)!];
        return touchesEnd(first, node, offset, -1) && touchesEnd(last, node, offset, 1);
    }

    /** Whether a point of the window lies on it. */
    covers(x: number, y: number): boolean {
        return this.#ranges.some((range) =>
            [...range.getClientRects()].some(({ left, right, top, bottom }) => x >= left && x <= right && y >= top && y <= bottom),
        );
    }

    /** For the session: the text around it has changed. */
    moveTo(spans: Span[], ranges: Range[]): void {
        this.#spans = spans;
        this.#ranges = ranges;
    }

    /** The least that has to be written. What it leaves alone keeps its markup. */
    #edits(suggestion: Suggestion): RangeEdit[] {
        const divided = this.#divided(suggestion);
        if (divided) return divided;
        const core = replacementCore(this.text, suggestion.text);
        const range = this.#ranges[0]!.cloneRange();
        let at = 0;
        let started = false;
        for (const piece of this.#ranges) {
            const length = piece.toString().length;
            const last = piece === this.#ranges.at(-1);
            if (!started && (core.start < at + length || last)) {
                const place = within(piece, core.start - at);
                range.setStart(place.node, place.offset);
                started = true;
            }
            if (started && (core.end <= at + length || last)) {
                const place = within(piece, core.end - at);
                range.setEnd(place.node, place.offset);
                break;
            }
            at += length;
        }
        return [{ range, text: core.text }];
    }

    /** As the service divides it over the pieces, if it does and more than one of them changes. */
    #divided(suggestion: Suggestion): RangeEdit[] | undefined {
        const edits: RangeEdit[] = [];
        for (const { span, text } of suggestion.edits) {
            const at = this.#spans.findIndex(({ start, end }) => span.start >= start && span.end <= end);
            const [piece, origin] = [this.#ranges[at], this.#spans[at]];
            if (!piece || !origin || piece.toString().length !== origin.end - origin.start) return undefined;
            const [from, to] = [within(piece, span.start - origin.start), within(piece, span.end - origin.start)];
            const range = piece.cloneRange();
            range.setStart(from.node, from.offset);
            range.setEnd(to.node, to.offset);
            if (range.toString() !== text) edits.push({ range, text });
        }
        return edits.length > 1 ? edits : undefined;
    }
}

/** The place so many code units into a range. */
function within(range: Range, distance: number): { node: Node; offset: number } {
    if (range.startContainer === range.endContainer) {
        return { node: range.startContainer, offset: range.startOffset + distance };
    }
    const root = range.commonAncestorContainer;
    const walker = range.startContainer.ownerDocument!.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    let rest = distance;
    for (let node = walker.nextNode() as Text | null; node; node = walker.nextNode() as Text | null) {
        if (!range.intersectsNode(node)) continue;
        const from = node === range.startContainer ? range.startOffset : 0;
        const to = node === range.endContainer ? range.endOffset : node.length;
        if (rest <= to - from) return { node, offset: from + rest };
        rest -= to - from;
    }
    return { node: range.endContainer, offset: range.endOffset };
}

/** Whether a place is not before the start (-1) or not behind the end (1) of a range. */
function touchesEnd(range: Range, node: Node, offset: number, end: -1 | 1): boolean {
    try {
        return end < 0 ? range.comparePoint(node, offset) >= 0 : range.comparePoint(node, offset) <= 0;
    } catch {
        // The place is in another tree.
        return false;
    }
}
