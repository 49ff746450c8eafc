// The edits of a polish as a person decides on them: clause by clause. Pure but for the reading of character references: knows no
// element and no session.
import type { Span, TextEdit } from "@vermilion/client";

/** An edit whose text is plain, with what stands for it in the polished content. */
export interface ClauseEdit extends TextEdit {
    source: string;
}

/** Edits of one clause: to take one and not another would leave neither grammar whole. */
export interface ClauseEdits {
    edits: ClauseEdit[];
    /** From the first to the last, in the draft. */
    span: Span;
    /** The same in the polished content. */
    contentSpan: Span;
}

/** A piece of the draft or of what stands in its place. */
export interface DiffPart {
    kind: "same" | "removed" | "added";
    /** Plain text. */
    text: string;
    /** Which clause; undefined of what is the same outside of them. */
    clause?: number;
}

/** What ends a clause: a mark with a space behind it, or one of Chinese; a line; in HTML an element that ends a line. */
const END = /[.!?;:,…](?=\s|$)|[。！？；：，、]|\n/;
const BLOCK_END = /<\/?(?:address|blockquote|br|div|dd|dl|dt|h[1-6]|hr|li|ol|p|pre|section|table|td|th|tr|ul)\b/i;
const TAG = /<!--[\s\S]*?-->|<[^>]*>/g;

/** Edits between which no clause ends go together. */
export function clausesOf(draft: string, edits: readonly ClauseEdit[], html: boolean): ClauseEdits[] {
    const clauses: ClauseEdits[] = [];
    let grown = 0;
    for (const edit of edits) {
        const start = edit.span.start + grown;
        grown += edit.source.length - (edit.span.end - edit.span.start);
        const end = edit.span.end + grown;
        const last = clauses.at(-1);
        const between = last && draft.slice(last.span.end, edit.span.start);
        // What an edit itself writes or takes away may end a clause, too.
        const ends = last && (END.test(between!) || (html && BLOCK_END.test(between!)) || endsClause(draft, last));
        if (last && !ends) {
            last.edits.push(edit);
            last.span = { start: last.span.start, end: edit.span.end };
            last.contentSpan = { start: last.contentSpan.start, end };
        } else {
            clauses.push({ edits: [edit], span: { ...edit.span }, contentSpan: { start, end } });
        }
    }
    return clauses;
}

function endsClause(draft: string, { edits }: ClauseEdits): boolean {
    const { span, text } = edits.at(-1)!;
    const last = /[.!?;:,…。！？；：，、\n]\s*$/;
    return last.test(text) && (span.start === span.end || last.test(draft.slice(span.start, span.end)));
}

/**
 * Edits of HTML as edits of its text alone, each within one run of text, with plain text to write. The service leaves markup as
 * it is, so that both sides have the same tags; undefined if they have not.
 */
export function textEdits(draft: string, content: string, edits: readonly TextEdit[]): ClauseEdit[] | undefined {
    const split = (some: readonly TextEdit[]) => {
        const parts = some.map((edit) => splitAtTags(draft, edit));
        return parts.includes(undefined) ? undefined : (parts as ClauseEdit[][]).flat();
    };
    return split(widened(draft, edits)) ?? split([{ span: { start: 0, end: draft.length }, text: content }]);
}

/** Edits that begin or end within a tag or a character reference, up to its ends; those that then touch become one. */
function widened(draft: string, edits: readonly TextEdit[]): TextEdit[] {
    const units = [...draft.matchAll(/<!--[\s\S]*?-->|<[^>]*>|&[#\w]+;/g)].map(({ index, 0: unit }) => ({ start: index, end: index + unit.length }));
    const out: TextEdit[] = [];
    for (const { span, text } of edits) {
        const cut = (at: number) => units.find(({ start, end }) => start < at && at < end);
        const start = cut(span.start)?.start ?? span.start;
        const end = cut(span.end)?.end ?? span.end;
        const wide = draft.slice(start, span.start) + text + draft.slice(span.end, end);
        const last = out.at(-1);
        if (last && start < last.span.end) {
            // Both took the same unit whole: it is changed by the first, and what follows by the second.
            const rest = draft.slice(last.span.end, span.start);
            const tail = draft.slice(span.start, last.span.end);
            const kept = tail && last.text.endsWith(tail) ? last.text.slice(0, -tail.length) : last.text;
            last.text = kept + rest + text + draft.slice(span.end, end);
            last.span = { start: last.span.start, end: Math.max(end, last.span.end) };
        } else {
            out.push({ span: { start, end }, text: wide });
        }
    }
    return out;
}

function splitAtTags(draft: string, { span, text }: TextEdit): ClauseEdit[] | undefined {
    const old = draft.slice(span.start, span.end);
    const [oldTags, newTags] = [old.match(TAG) ?? [], text.match(TAG) ?? []];
    if (oldTags.length !== newTags.length || oldTags.some((tag, index) => tag !== newTags[index])) return undefined;
    const [oldRuns, newRuns] = [old.split(TAG), text.split(TAG)];
    const out: ClauseEdit[] = [];
    let start = span.start;
    for (const [index, run] of oldRuns.entries()) {
        const wanted = newRuns[index]!;
        if (run !== wanted) out.push({ span: { start, end: start + run.length }, text: plain(wanted), source: wanted });
        start += run.length + (oldTags[index]?.length ?? 0);
    }
    return out;
}

const REFERENCES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

/** Plain text of HTML without tags. */
export function plain(html: string): string {
    return html.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (reference, name: string) => {
        if (/^#x/i.test(name)) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
        if (name.startsWith("#")) return String.fromCodePoint(Number(name.slice(1)));
        return REFERENCES[name.toLowerCase()] ?? named(reference);
    });
}

/** A reference by any other name, as a browser reads it. */
function named(reference: string): string {
    if (typeof document === "undefined") return reference;
    const reader = document.createElement("textarea");
    reader.innerHTML = reference;
    return reader.value;
}

/** Plain text of HTML with tags: elements that end a line end one. */
export function proseOf(source: string, html: boolean): string {
    if (!html) return source;
    const tag = (text: string) => (BLOCK_END.test(text) && !text.startsWith("</") ? "\n" : "");
    return plain(source.replace(TAG, tag));
}

/** The whole draft with what stands in place of its parts, to be drawn in one go. */
export function diffParts(draft: string, clauses: readonly ClauseEdits[], html: boolean): DiffPart[] {
    const parts: DiffPart[] = [];
    const put = (kind: DiffPart["kind"], text: string, clause?: number) => {
        if (text) parts.push({ kind, text, ...(clause === undefined ? {} : { clause }) });
    };
    let at = 0;
    for (const [index, { edits, span }] of clauses.entries()) {
        for (const edit of edits) {
            const within = edit.span.start > span.start ? index : undefined;
            put("same", proseOf(draft.slice(at, edit.span.start), html), within);
            put("removed", proseOf(draft.slice(edit.span.start, edit.span.end), html), index);
            put("added", edit.text, index);
            at = edit.span.end;
        }
    }
    put("same", proseOf(draft.slice(at), html));
    return parts;
}
