// The life of one field: its text is checked while it is written, its marks are painted, moved and dropped with the text.
import type { AddedWord, Channel, CheckResult, PolishOptions, SkipReason, Vermilion, VermilionFailure } from "@vermilion/client";
import { changeBetween, neighbours, shifted, type Change } from "./change.js";
import { Checker, type CheckRequest, type SessionState } from "./checker.js";
import { EditableSurface, type EditorAdapter } from "./editable.js";
import { IgnoredPlaces, IgnoreList } from "./ignore.js";
import { proposedLanguage } from "./language.js";
import { Mark, type MarkOwner } from "./mark.js";
import { painterOf, type Ink, type Painter } from "./paint.js";
import { polishField, type FieldPolish } from "./polish.js";
import { textOf, type RangeEdit, type Reading } from "./reading.js";
import { Reports } from "./reports.js";
import { Timer } from "./schedule.js";
import type { Place, Surface, SurfaceEvents } from "./surface.js";
import { TextareaSurface } from "./textarea.js";

/** How a field is checked. */
export interface AttachOptions {
    /** BCP 47; default: the tenant's language. */
    language?: string;
    /** Where the text will be sent: with "email" quoted history and signatures are told apart. */
    channel?: Channel;
    /** After the last key, in milliseconds. Default: 150. */
    debounceMs?: number;
    /** Words that the writer ignores; give several sessions the same list. */
    ignored?: IgnoreList;
    /** A CSS selector of elements that are neither checked nor changed: chips, merge fields. */
    protect?: string;
    /** The editor that owns a contenteditable: `tiptapEditor`, `quillEditor`, `tinymceEditor`, or your own. */
    editor?: EditorAdapter;
    /** Whether the service is told, by counts, which suggestions are taken and which marks are ignored. Default: yes. */
    report?: boolean;
    /** Also findings of lower certainty, and variants that a style guide would change (Chinese). */
    includeHints?: boolean;
    includeStyle?: boolean;
}

/** A part of the text that was not checked. */
export interface SkippedPart {
    reason: SkipReason;
    text: string;
    language?: string;
    ranges: Range[];
}

/** A mark at the caret waits until the caret leaves it, or for so long. */
const REST_MS = 1000;
/** However fast keys follow each other, a text is checked so often. */
const MOST_MS = 1000;

/** What `attach` answers. Tells a "change" whenever anything of it has changed. */
export class Session extends EventTarget {
    readonly element: HTMLElement;
    readonly ignored: IgnoreList;
    /** For polish.ts and those that build on sessions. */
    readonly client: Vermilion;
    readonly surface: Surface;
    readonly painter: Painter;
    readonly channel: Channel | undefined;
    readonly #options: AttachOptions;
    readonly #abort = new AbortController();
    readonly #caretTimer = new Timer();
    readonly #checker: Checker;
    readonly #places = new IgnoredPlaces();
    readonly #owner: MarkOwner;
    readonly #reports: Reports;

    #language: string | undefined;
    #reading: Reading;
    #marks: Mark[] = [];
    #painted = new Set<Mark>();
    #open: Mark | undefined;
    /** The last answer, and the text that it is about. */
    #answer: { result: CheckResult; content: string } | undefined;
    #proposal: string | undefined;
    #keptLanguage = false;
    #lastTyped = -Infinity;

    constructor(element: HTMLElement, client: Vermilion, options: AttachOptions = {}) {
        super();
        this.element = element;
        this.client = client;
        this.channel = options.channel;
        this.#options = options;
        this.#language = options.language;
        this.ignored = options.ignored ?? new IgnoreList();
        this.#reports = new Reports(client, options.report ?? true);
        const events: SurfaceEvents = {
            changed: () => this.#changed(),
            caretMoved: () => this.#paint(),
            composing: (composing) => this.#compose(composing),
        };
        this.surface = isTextarea(element) ? new TextareaSurface(element, events) : new EditableSurface(element, events, options);
        this.painter = painterOf(element);
        this.#owner = {
            replace: (mark, edits, index) => this.#replace(mark, edits, index),
            ignoreOnce: (mark) => this.#ignoreOnce(mark),
            ignoreAll: (mark) => {
                this.#reports.put({ action: "ignored", kind: mark.kind, language: this.usedLanguage ?? "", word: mark.word });
                this.ignored.add(mark);
            },
            addToDictionary: (mark) => this.#addToDictionary(mark),
            suggest: async ({ text }) => (await client.suggest(text, { language: this.usedLanguage })).suggestions,
        };
        this.#reading = this.surface.read();
        const pace = { debounceMs: options.debounceMs ?? 150, mostMs: MOST_MS };
        this.#checker = new Checker(client, pace, {
            request: () => this.#request(),
            answered: (result, content) => this.#answered(result, content),
            emptied: () => this.#emptied(),
            changed: () => this.#tell(),
        });

        const { signal } = this.#abort;
        const document = element.ownerDocument;
        this.ignored.addEventListener("change", () => this.#show(), { signal });
        const back = () => this.state === "away" && this.recheck();
        document.defaultView?.addEventListener("online", back, { signal });
        document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && back(), { signal });
        // Two checkers would underline the same word twice.
        const spellcheck = element.getAttribute("spellcheck");
        element.setAttribute("spellcheck", "false");
        signal.addEventListener("abort", () => {
            if (spellcheck === null) element.removeAttribute("spellcheck");
            else element.setAttribute("spellcheck", spellcheck);
        });
        this.recheck();
    }

    /** In the order of the text, without those that are ignored; also one at the caret that is not painted yet. */
    get marks(): readonly Mark[] {
        return this.#marks;
    }

    get state(): SessionState {
        return this.#checker.state;
    }

    /** Why the state is `away` or `stopped`. */
    get failure(): VermilionFailure | undefined {
        return this.#checker.failure;
    }

    /** When an absent service is tried again, on the clock of `Date.now()`. */
    get retryAt(): number | undefined {
        return this.#checker.retryAt;
    }

    /** The language that was asked for; undefined: the tenant's. */
    get language(): string | undefined {
        return this.#language;
    }

    /** The language that the service used last. */
    get usedLanguage(): string | undefined {
        return this.#answer?.result.language;
    }

    /** The text reads as this language: offer to switch, by `setLanguage` or `keepLanguage`. */
    get proposedLanguage(): string | undefined {
        return this.#keptLanguage ? undefined : this.#proposal;
    }

    /** The language asked for is not supported, and so there are no marks. */
    get languageFallback(): boolean {
        return this.#answer?.result.languageFallback ?? false;
    }

    /** A limit cut something of the last answer. */
    get incomplete(): boolean {
        return this.#answer?.result.incomplete ?? false;
    }

    /** What was not checked, and why. */
    get skipped(): SkippedPart[] {
        if (!this.#answer || !this.#isCurrent) return [];
        return this.#answer.result.skipped.flatMap(({ span, reason, language }) => {
            const ranges = this.#reading.ranges([span]) ?? [];
            const text = ranges.length > 0 ? textOf(ranges) : this.#reading.content.slice(span.start, span.end);
            return [{ reason, text, ranges, ...(language && { language }) }];
        });
    }

    /** The mark under a pointer's event, or at the caret. */
    markAt(where: { clientX: number; clientY: number } | "caret"): Mark | undefined {
        if (where === "caret") {
            const place = this.surface.caret();
            return place && this.#marks.find((mark) => mark.touches(place.node, place.offset));
        }
        return this.#marks.find((mark) => mark.covers(where.clientX, where.clientY));
    }

    /** The next mark from the caret on, or the one before it; around the end. */
    nextMark(backwards = false): Mark | undefined {
        const open = this.#open && this.#marks.indexOf(this.#open);
        if (open !== undefined && open >= 0) {
            return this.#marks.at((open + (backwards ? -1 : 1)) % this.#marks.length);
        }
        const place = this.surface.caret();
        if (!place) return this.#marks.at(backwards ? -1 : 0);
        const side = ({ ranges }: Mark) => compare(backwards ? ranges[0]! : ranges.at(-1)!, place);
        const found = backwards ? this.#marks.findLast((mark) => side(mark) > 0) : this.#marks.find((mark) => side(mark) <= 0);
        return found ?? this.#marks.at(backwards ? -1 : 0);
    }

    /** Puts the caret to the end of a mark and shows it. */
    select(mark: Mark): void {
        this.surface.moveCaret(mark.ranges.at(-1)!);
    }

    /** Whose menu is open: painted with a wash. */
    get open(): Mark | undefined {
        return this.#open;
    }

    set open(mark: Mark | undefined) {
        if (this.#open === mark) return;
        this.#open = mark;
        this.#paint();
    }

    /** Checks now, whatever happened before. */
    recheck(): void {
        this.#checker.begin(0);
    }

    /** "": the tenant's. */
    setLanguage(language: string | undefined): void {
        this.#language = language || undefined;
        this.#proposal = undefined;
        this.#keptLanguage = false;
        this.#answer = undefined;
        this.#setMarks([]);
        this.recheck();
    }

    /** The language stays: nothing is proposed any more. */
    keepLanguage(): void {
        this.#keptLanguage = true;
        this.#tell();
    }

    /** Removes every mark and every trace. */
    detach(): void {
        this.#abort.abort();
        this.#checker.stop();
        this.#caretTimer.clear();
        this.#reports.send();
        this.#marks = [];
        this.painter.clear();
        this.surface.detach();
        this.#tell();
    }

    /** Polishes the field. Nothing is written before the review is accepted. */
    polish(options: PolishOptions): FieldPolish {
        return polishField(this, options);
    }

    /** For polish.ts: the painting of previews. */
    paint(ink: Ink, ranges: readonly Range[]): void {
        this.painter.paint(ink, ranges);
    }

    // --- the text changes ------------------------------------------------------------------------------------------------------

    #changed(): void {
        const before = this.#reading;
        const after = this.surface.read();
        this.#reading = after;
        const change = changeBetween(before.content, after.content);
        if (change) {
            this.#lastTyped = performance.now();
            this.#places.move(change);
        }
        this.#setMarks(this.#marks.filter((mark) => this.#follow(mark, change, before, after)));
        this.painter.moved();
        if (!change) return;
        if (!this.#isCurrent) return this.#checker.textChanged(this.#lastTyped);
        // What was taken back is as it was.
        this.#show();
        this.#checker.known();
    }

    /** Moves a mark with the text. False: it is one of this text no more. */
    #follow(mark: Mark, change: Change | undefined, before: Reading, after: Reading): boolean {
        let spans = [...mark.spans];
        if (change) {
            const whole = shifted(mark.span, change);
            if (!whole) return false;
            const html = after.format === "html";
            const [left, right] = neighbours(after.content, whole, html);
            const [wasLeft, wasRight] = neighbours(before.content, mark.span, html);
            if ((left && left !== wasLeft) || (right && right !== wasRight)) return false;
            const by = whole.start - mark.span.start;
            spans = spans.map(({ start, end }) => ({ start: start + by, end: end + by }));
        }
        // Live ranges have moved by themselves, unless an editor has made the text anew.
        const ranges = mark.valid && mark.ranges.every(isConnected) ? [...mark.ranges] : after.ranges(spans);
        if (!ranges || textOf(ranges) !== mark.text) return false;
        mark.moveTo(spans, ranges);
        return true;
    }

    #compose(composing: boolean): void {
        this.#checker.compose(composing, !this.#isCurrent);
        this.#paint();
    }

    // --- checking --------------------------------------------------------------------------------------------------------------

    #request(): CheckRequest {
        this.#reading = this.surface.read();
        const { content, format, protectedSpans } = this.#reading;
        const { includeHints = false, includeStyle = false } = this.#options;
        return {
            document: { content, format, channel: this.channel, protectedSpans },
            options: { language: this.#language, ignoredWords: this.ignored.words, includeHints, includeStyle },
        };
    }

    #answered(result: CheckResult, content: string): void {
        this.#answer = { result, content };
        this.#proposal = proposedLanguage(content, result);
        this.#show();
    }

    #emptied(): void {
        this.#proposal = undefined;
        this.#setMarks([]);
    }

    // --- marks -----------------------------------------------------------------------------------------------------------------

    /** The marks of the last answer, if it is one to this text. */
    #show(): void {
        const answer = this.#answer;
        if (!answer || !this.#isCurrent) {
            this.#setMarks(this.#marks.filter((mark) => !this.#isIgnored(mark)));
            this.#tell();
            return;
        }
        const marks: Mark[] = [];
        const known = new Map(this.#marks.map((mark) => [mark.span.start, mark]));
        // An unsupported language was read as English: better no mark than a wall of wrong ones.
        for (const misspelling of answer.result.languageFallback ? [] : answer.result.misspellings) {
            const ranges = this.#reading.ranges(misspelling.spans);
            if (!ranges || textOf(ranges) !== misspelling.text) continue;
            const mark = new Mark(this.#owner, misspelling, ranges);
            if (this.#isIgnored(mark)) continue;
            // What was seen stays seen, also at the caret.
            const old = known.get(mark.span.start);
            if (old?.text === mark.text) {
                if (this.#painted.has(old)) this.#painted.add(mark);
                if (this.#open === old) this.#open = mark;
            }
            marks.push(mark);
        }
        this.#setMarks(marks);
        this.#tell();
    }

    get #isCurrent(): boolean {
        return this.#answer?.content === this.#reading.content;
    }

    #isIgnored(mark: Mark): boolean {
        return this.ignored.has(mark) || this.#places.has(mark.span);
    }

    #setMarks(marks: Mark[]): void {
        this.#marks = marks;
        if (this.#open && !marks.includes(this.#open)) this.#open = undefined;
        this.#paint();
    }

    /** Paints what is to be seen: not yet the word under the pen, which is not wrong before it is done. */
    #paint(): void {
        if (this.#abort.signal.aborted) return;
        const place = this.surface.caret();
        const rest = this.#lastTyped + REST_MS - performance.now();
        const shown = this.#marks.filter((mark) => this.#painted.has(mark) || !(place && rest > 0 && isUnderPen(mark, place)));
        this.#caretTimer.clear();
        if (shown.length < this.#marks.length) this.#caretTimer.set(rest, () => this.#paint());
        this.#painted = new Set(shown);
        const ranges = (some: Mark[]) => some.flatMap((mark) => mark.ranges);
        this.painter.paint("error", ranges(shown.filter((mark) => !mark.hint)));
        this.painter.paint("hint", ranges(shown.filter((mark) => mark.hint)));
        this.painter.paint("open", this.#open ? [...this.#open.ranges] : []);
    }

    #replace(mark: Mark, edits: RangeEdit[], suggestion: number): boolean {
        if (!this.#marks.includes(mark)) return false;
        // What lies behind the mark stays as long as it is.
        const behind = this.#reading.content.length - mark.span.end;
        if (!this.surface.replace(edits)) return false;
        this.#reports.put({ action: "accepted", kind: mark.kind, language: this.usedLanguage ?? "", suggestion });
        this.#setMarks(this.#marks.filter((other) => other !== mark));
        this.#changed();
        // Only what differs was written, and the caret is there: who goes on writing goes on behind the word.
        const end = this.#reading.content.length - behind;
        const last = end > 0 && this.#reading.ranges([{ start: end - 1, end }])?.at(-1);
        if (last) this.surface.moveCaret(last);
        this.#checker.begin(0);
        return true;
    }

    #ignoreOnce(mark: Mark): void {
        this.#reports.put({ action: "ignored", kind: mark.kind, language: this.usedLanguage ?? "", word: mark.word });
        this.#places.add(mark.span);
        this.#show();
    }

    async #addToDictionary(mark: Mark): Promise<AddedWord> {
        const added = await this.client.dictionary.add(mark.text);
        this.#reports.put({ action: "added", kind: mark.kind, language: this.usedLanguage ?? "", word: mark.word });
        this.recheck();
        return {
            ...added,
            undo: async () => {
                await added.undo();
                this.recheck();
            },
        };
    }

    #tell(): void {
        this.dispatchEvent(new Event("change"));
    }
}

/** Starts to check a field. Detach the session when the field goes. */
export function attach(element: HTMLElement, client: Vermilion, options?: AttachOptions): Session {
    return new Session(element, client, options);
}

/** Also one of another window. */
function isTextarea(element: HTMLElement): element is HTMLTextAreaElement {
    return element.localName === "textarea";
}

function isConnected(range: Range): boolean {
    return range.startContainer.isConnected;
}

function isUnderPen(mark: Mark, place: Place): boolean {
    return mark.touches(place.node, place.offset);
}

/** Where a place lies: before a range (-1), in it (0), behind it (1). */
function compare(range: Range, { node, offset }: Place): number {
    try {
        return range.comparePoint(node, offset);
    } catch {
        return -1;
    }
}
