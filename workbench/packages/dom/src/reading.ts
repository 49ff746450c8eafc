// A text as it was read from the page, with the way back from its offsets to the DOM. Knows not where it was read.
import type { Span } from "@vermilion/client";

/** Text on its way to the service, and its inverse. Good until the DOM changes. */
export interface Reading {
    readonly content: string;
    readonly format: "plain" | "html";
    /** What must be neither checked nor changed. */
    readonly protectedSpans: Span[];
    /** One Range for each span; undefined if a span is no place of text. */
    ranges(spans: readonly Span[]): Range[] | undefined;
    /** The span of a Range; undefined if it lies outside. */
    span(range: AbstractRange): Span | undefined;
}

/** The text of several ranges, one after the other. */
export function textOf(ranges: readonly Range[]): string {
    return ranges.map(String).join("");
}

/** Replace what is in `range` by `text`. */
export interface RangeEdit {
    range: Range;
    text: string;
}
