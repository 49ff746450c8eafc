// A polish of a field: preview, review clause by clause, acceptance as one step of undo. Knows the session, not its marks.
import type { GuardFinding, Polish, PolishDelta, PolishOptions, PolishResult, ReviewPoint, Span, TextEdit } from "@vermilion/client";
import { changeBetween, shifted } from "./change.js";
import { clausesOf, diffParts, proseOf, textEdits, type ClauseEdits, type DiffPart } from "./clauses.js";
import type { RangeEdit, Reading } from "./reading.js";
import type { Session } from "./session.js";

/** A part of the polished text that is taken or left as one. */
export interface Clause {
    /** As it was and as it would be, in plain text. */
    readonly before: string;
    readonly after: string;
    /** What would change, in the field. Empty once it is written. */
    readonly ranges: readonly Range[];
    /** What a person should look at in it. */
    readonly points: readonly FieldPoint[];
    /** Whether `accept` writes it; true at first. */
    taken: boolean;
    /** Whether it is written. */
    readonly written: boolean;
}

/** A review point with its place in the field. */
export interface FieldPoint extends ReviewPoint {
    readonly ranges: readonly Range[];
}

/** Why an answer was not used, with its place in the field. */
export interface FieldFinding extends GuardFinding {
    readonly ranges: readonly Range[];
}

/** A polish in progress. */
export interface FieldPolish extends AsyncIterable<PolishDelta> {
    /** Fails as `Polish.result` does; the field is as it was. */
    readonly review: Promise<Review>;
    readonly requestId: string;
    abort(): void;
}

/** Polishes what is in a field. Nothing is written before `accept`. */
export function polishField(session: Session, options: PolishOptions): FieldPolish {
    const reading = session.surface.read(true);
    const polish: Polish = session.client.polish(
        { content: reading.content, format: reading.format, channel: session.channel, protectedSpans: reading.protectedSpans },
        options,
    );
    const review = polish.result.then((result) => new Review(session, reading, result));
    // Whoever reads only the preview sees the failure there.
    review.catch(() => {});
    return {
        requestId: polish.requestId,
        review,
        abort: () => polish.abort(),
        [Symbol.asyncIterator]: () => polish[Symbol.asyncIterator](),
    };
}

/** A clause while its edits wait in the source. */
interface Pending extends Clause {
    ranges: readonly Range[];
    written: boolean;
    edits: TextEdit[];
}

/** What came of a polish, over the field that it is about. */
export class Review {
    readonly result: PolishResult;
    /** In the order of the text; empty unless the outcome is POLISHED. */
    readonly clauses: readonly Clause[];
    /** The draft with its changes, to be drawn. */
    readonly parts: readonly DiffPart[];
    readonly points: readonly FieldPoint[];
    readonly findings: readonly FieldFinding[];
    /** False: the changes are none of text alone and can only be taken from `result.content`. */
    readonly applicable: boolean;
    readonly #session: Session;
    readonly #pending: Pending[];
    /** The text of the field as long as nobody else writes. */
    #expected: string;
    #open: boolean;

    constructor(session: Session, reading: Reading, result: PolishResult) {
        this.#session = session;
        this.result = result;
        this.#expected = reading.content;
        const html = reading.format === "html";
        const draft = reading.content;
        const polished = result.outcome === "POLISHED";
        const whole = (edit: TextEdit) => ({ ...edit, source: edit.text });
        const edits = !polished ? [] : html ? textEdits(draft, result.content, result.edits) : result.edits.map(whole);
        this.applicable = edits !== undefined;
        const clauses = clausesOf(draft, edits ?? [], html);
        // The field may have changed while the model wrote: then there are no places in it.
        const places = session.surface.read(true).content === draft ? session.surface.read(true) : undefined;
        const ranges = (spans: readonly Span[]) => places?.ranges(spans) ?? [];
        // A point that the draft says nothing of is shown at what the clause with it changes.
        const near = (point: ReviewPoint) => clauses.filter((clause) => concerns(point, clause)).flatMap((clause) => clause.edits);
        const placesOf = (point: ReviewPoint) =>
            ranges(point.draftSpans.length > 0 ? point.draftSpans : near(point).map(({ span }) => span)).filter(({ collapsed }) => !collapsed);
        this.points = result.reviewPoints.map((point) => ({ ...point, ranges: placesOf(point) }));
        this.findings = result.findings.map((finding) => ({ ...finding, ranges: ranges(finding.draftSpans) }));
        this.#pending = clauses.map((clause) => ({
            before: proseOf(draft.slice(clause.span.start, clause.span.end), html),
            after: written(draft, clause, html),
            ranges: ranges(clause.edits.map(({ span }) => span)),
            points: this.points.filter((point) => concerns(point, clause)),
            taken: true,
            written: false,
            edits: clause.edits,
        }));
        this.clauses = this.#pending;
        this.parts = diffParts(draft, clauses, html);
        this.#open = polished;
        if (polished) this.#paint();
    }

    /** Whether it can still be accepted or discarded, and the field has the text that it is about. */
    get valid(): boolean {
        return this.#open && this.#session.surface.read(true).content === this.#expected;
    }

    /** Writes all clauses that are taken, as one step of undo. False: the text has changed meanwhile, and nothing was written. */
    accept(): boolean {
        const chosen = this.#pending.filter(({ taken, written }) => taken && !written);
        if (!this.valid || !this.applicable || !this.#write(chosen)) return false;
        const all = this.#pending.every(({ written }) => written);
        const none = this.#pending.every(({ written }) => !written);
        this.#close(all ? "accepted" : none ? "discarded" : "edited");
        return true;
    }

    /** Writes one clause now; the others can be decided on later. False: the text has changed meanwhile. */
    acceptOne(clause: Clause): boolean {
        const pending = this.#pending.find((other) => other === clause && !other.written);
        if (!pending || !this.valid || !this.applicable || !this.#write([pending])) return false;
        if (this.#pending.every(({ written }) => written)) this.#close("accepted");
        else this.#paint();
        return true;
    }

    /** Writes nothing more. */
    discard(): void {
        if (this.#open) this.#close(this.#pending.some(({ written }) => written) ? "edited" : "discarded");
    }

    #write(clauses: Pending[]): boolean {
        if (clauses.length === 0) return true;
        const reading = this.#session.surface.read(true);
        const edits: RangeEdit[] = [];
        for (const { span, text } of clauses.flatMap((clause) => clause.edits)) {
            const range = reading.ranges([span])?.[0];
            if (!range) return false;
            edits.push({ range, text });
        }
        if (!this.#session.surface.replace(edits)) return false;
        const now = this.#session.surface.read(true).content;
        const change = changeBetween(this.#expected, now);
        this.#expected = now;
        for (const clause of clauses) [clause.written, clause.edits, clause.ranges] = [true, [], []];
        if (change && clauses.length === 1) {
            for (const pending of this.#pending) {
                pending.edits = pending.edits.flatMap(({ span, text }) => {
                    const moved = shifted(span, change);
                    return moved ? [{ span: moved, text }] : [];
                });
            }
        }
        return true;
    }

    #paint(): void {
        const waiting = this.#pending.filter(({ written }) => !written);
        this.#session.paint("edit", waiting.flatMap(({ ranges }) => ranges).filter((range) => !range.collapsed));
        this.#session.paint("point", this.points.flatMap(({ ranges }) => ranges));
    }

    #close(feedback: "accepted" | "edited" | "discarded"): void {
        this.#open = false;
        this.#session.paint("edit", []);
        this.#session.paint("point", []);
        if (!this.result.polishId) return;
        // A count that is lost is no matter for the agent.
        this.#session.client.feedback(this.result.polishId, feedback).catch(() => {});
    }
}

function written(draft: string, { edits, span }: ClauseEdits, html: boolean): string {
    let text = "";
    let at = span.start;
    for (const edit of edits) {
        text += proseOf(draft.slice(at, edit.span.start), html) + edit.text;
        at = edit.span.end;
    }
    return text;
}

/** Whether a point is about what a clause changes, on either side. */
function concerns({ draftSpans, contentSpans }: ReviewPoint, clause: ClauseEdits): boolean {
    return draftSpans.some((span) => overlaps(span, clause.span)) || contentSpans.some((span) => overlaps(span, clause.contentSpan));
}

function overlaps(one: Span, other: Span): boolean {
    return one.start <= other.end && other.start <= one.end;
}
