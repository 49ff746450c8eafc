// What changed between two texts, and where spans of the one lie in the other. Pure: knows no DOM.
import type { Span } from "@vermilion/client";

/** `[start, oldEnd)` of the old text became `[start, newEnd)` of the new one. */
export interface Change {
    start: number;
    oldEnd: number;
    newEnd: number;
}

/** The smallest single change that makes `after` of `before`; undefined if they are the same. Cost: one pass over both. */
export function changeBetween(before: string, after: string): Change | undefined {
    if (before === after) return undefined;
    const most = Math.min(before.length, after.length);
    let start = 0;
    while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start++;
    let tail = 0;
    while (
        tail < most - start &&
        before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
    ) {
        tail++;
    }
    return { start, oldEnd: before.length - tail, newEnd: after.length - tail };
}

/** Where a span lies after a change; undefined if the change touches what is between its ends. */
export function shifted({ start, end }: Span, change: Change): Span | undefined {
    if (end <= change.start) return { start, end };
    if (start < change.oldEnd) return undefined;
    const by = change.newEnd - change.oldEnd;
    return { start: start + by, end: end + by };
}

/** What continues a word: a mark with such a neighbour that it did not have is of another word. */
const WORD = /[\p{L}\p{M}\p{N}'’_@-]/u;
const BLOCK =
    /^<\/?(?:address|article|aside|blockquote|br|dd|details|div|dl|dt|figure|footer|h[1-6]|header|hr|li|main|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul)\b/i;

/**
 * The characters that stand directly before and after a span, "" where there is none or none of a word. In HTML tags that do
 * not end a line are looked through.
 */
export function neighbours(content: string, { start, end }: Span, html: boolean): [string, string] {
    let before = start;
    let after = end;
    if (html) {
        while (content[before - 1] === ">") {
            const open = content.lastIndexOf("<", before - 1);
            if (open < 0 || BLOCK.test(content.slice(open, before))) return ["", neighbourAfter()];
            before = open;
        }
    }
    return [word(lastCodePoint(content, before)), neighbourAfter()];

    function neighbourAfter(): string {
        if (html) {
            while (content[after] === "<") {
                const close = content.indexOf(">", after);
                if (close < 0 || BLOCK.test(content.slice(after, after + 16))) return "";
                after = close + 1;
            }
        }
        const next = content.codePointAt(after);
        return next === undefined ? "" : word(String.fromCodePoint(next));
    }
}

function word(character: string): string {
    return WORD.test(character) ? character : "";
}

function lastCodePoint(text: string, end: number): string {
    if (end <= 0) return "";
    const unit = text.charCodeAt(end - 1);
    return text.slice(unit >= 0xdc00 && unit <= 0xdfff ? end - 2 : end - 1, end);
}

/** Of a replacement: what has to be written, `text` in place of `[start, end)` of the old text. */
export interface Core {
    start: number;
    end: number;
    text: string;
}

/**
 * The least of `before` that has to be replaced to make `after`, in whole graphemes: what stands around it keeps its markup. Of
 * two different texts neither side of it is empty, unless a text is: what is written in place of something has the markup of that.
 * Cost: one pass over both, which are words.
 */
export function replacementCore(before: string, after: string): Core {
    const [old, now] = [graphemes(before), graphemes(after)];
    const most = Math.min(old.length, now.length);
    let head = 0;
    while (head < most && old[head] === now[head]) head++;
    let tail = 0;
    while (tail < most - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail++;
    if (head + tail === most && most > 0) {
        if (head > 0) head--;
        else tail--;
    }
    const start = lengthOf(old.slice(0, head));
    const end = before.length - lengthOf(old.slice(old.length - tail));
    return { start, end, text: now.slice(head, now.length - tail).join("") };
}

let segmenter: Intl.Segmenter | undefined;

function graphemes(text: string): string[] {
    if (!("Segmenter" in Intl)) return [...text];
    segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
    return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

function lengthOf(pieces: string[]): number {
    return pieces.reduce((sum, piece) => sum + piece.length, 0);
}
