// HTML of a DOM with the way back: which offset of the source is which place of a text node. `innerHTML` does not tell that.
// Knows neither editors nor the service.
import type { Span } from "@vermilion/client";
import type { Reading } from "./reading.js";

/** What is left out of the source. */
export interface SerializeOptions {
    /** Leave `data:` addresses out: images of megabytes that no check reads. Tags stay where they are. */
    withoutData?: boolean;
    /** Elements that match are protected: neither checked nor changed. */
    protect?: string | undefined;
}

/** A text node within the source. */
interface Piece {
    node: Text;
    start: number;
    end: number;
    /** For each offset of the node its distance from `start`, where some characters are written as references. */
    offsets?: number[];
}

const VOID = new Set("area base br col embed hr img input link meta source track wbr".split(" "));
/** Elements whose text is no text: written as it is, and never marked. */
const RAW = new Set("iframe noembed noframes noscript plaintext script style xmp".split(" "));
/** Elements whose first line end a parser drops. */
const LINE_EATERS = new Set(["pre", "listing", "textarea"]);
const HTML = "http://www.w3.org/1999/xhtml";
const ESCAPED = /[&<>\u00a0]/;
const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\u00a0": "&nbsp;", '"': "&quot;" };
const DATA = /^\s*data:/i;
const DATA_IN_STYLE = /url\(\s*(?:"data:[^"]*"|'data:[^']*'|data:[^)]*)\s*\)/gi;

/** What is in `root`, without `root` itself. Cost: one pass. */
export function serialize(root: Node, options: SerializeOptions = {}): Reading {
    const pieces: Piece[] = [];
    const protectedSpans: Span[] = [];
    const out: string[] = [];
    let length = 0;

    const write = (text: string) => {
        out.push(text);
        length += text.length;
    };
    const writeText = (node: Text) => {
        const start = length;
        if (ESCAPED.test(node.data)) {
            const offsets: number[] = [];
            for (const unit of characters(node.data)) {
                offsets.push(length - start);
                write(ESCAPES[unit] ?? unit);
            }
            offsets.push(length - start);
            pieces.push({ node, start, end: length, offsets });
        } else {
            write(node.data);
            pieces.push({ node, start, end: length });
        }
    };
    const writeElement = (element: Element) => {
        const name = element.namespaceURI === HTML ? element.localName : element.tagName;
        const start = length;
        write(`<${name}`);
        for (const attribute of element.attributes) write(` ${attribute.name}="${attributeValue(attribute, options)}"`);
        write(">");
        if (VOID.has(name)) return;
        if (RAW.has(name)) {
            write(element.textContent ?? "");
        } else {
            const first = element.firstChild;
            if (LINE_EATERS.has(name) && first?.nodeType === Node.TEXT_NODE && (first as Text).data.startsWith("\n")) write("\n");
            writeChildren(name === "template" ? (element as HTMLTemplateElement).content : element);
        }
        write(`</${name}>`);
        if (options.protect && element.matches(options.protect)) protectedSpans.push({ start, end: length });
    };
    const writeChildren = (parent: Node) => {
        for (let child = parent.firstChild; child; child = child.nextSibling) {
            if (child.nodeType === Node.TEXT_NODE) writeText(child as Text);
            else if (child.nodeType === Node.ELEMENT_NODE) writeElement(child as Element);
            else if (child.nodeType === Node.COMMENT_NODE) write(`<!--${(child as Comment).data}-->`);
        }
    };
    writeChildren(root);
    return new HtmlReading(root, out.join(""), pieces, disjoint(protectedSpans));
}

function* characters(text: string): Generator<string> {
    for (let at = 0; at < text.length; at++) yield text[at]!;
}

function attributeValue({ name, value }: Attr, { withoutData }: SerializeOptions): string {
    let kept = value;
    if (withoutData && value.length > 64) {
        if (DATA.test(value)) kept = "data:,";
        else if (name === "style") kept = value.replace(DATA_IN_STYLE, "url(data:,)");
    }
    return kept.replace(/[&\u00a0"<>]/g, (character) => ESCAPES[character]!);
}

/** Without those that lie within others. */
function disjoint(spans: Span[]): Span[] {
    const sorted = spans.sort((one, other) => one.start - other.start || other.end - one.end);
    let end = 0;
    return sorted.filter((span) => span.start >= end && ((end = span.end), true));
}

class HtmlReading implements Reading {
    readonly format = "html";
    readonly content: string;
    readonly protectedSpans: Span[];
    readonly #root: Node;
    readonly #pieces: Piece[];
    #byNode: Map<Node, Piece> | undefined;

    constructor(root: Node, content: string, pieces: Piece[], protectedSpans: Span[]) {
        this.#root = root;
        this.content = content;
        this.#pieces = pieces;
        this.protectedSpans = protectedSpans;
    }

    ranges(spans: readonly Span[]): Range[] | undefined {
        const ranges: Range[] = [];
        for (const { start, end } of spans) {
            const [from, to] = [this.#place(start, false), this.#place(end, true)];
            if (!from || !to || start > end) return undefined;
            const range = from.node.ownerDocument.createRange();
            range.setStart(from.node, from.offset);
            range.setEnd(to.node, to.offset);
            ranges.push(range);
        }
        return ranges;
    }

    span(range: AbstractRange): Span | undefined {
        const start = this.#offset(range.startContainer, range.startOffset);
        const end = this.#offset(range.endContainer, range.endOffset);
        return start === undefined || end === undefined ? undefined : { start, end };
    }

    /** The place of an offset: the end of the text before it, or the start of the text behind it, where both are there. */
    #place(offset: number, isEnd: boolean): { node: Text; offset: number } | undefined {
        let low = 0;
        let high = this.#pieces.length;
        // The first piece that does not end before the offset.
        while (low < high) {
            const middle = (low + high) >> 1;
            if (this.#pieces[middle]!.end < offset) low = middle + 1;
            else high = middle;
        }
        if (!isEnd) {
            // A start belongs to the text behind it, if there is one there.
            let next = low;
            while (this.#pieces[next]?.end === offset && this.#pieces[next + 1] && this.#pieces[next + 1]!.start <= offset) next++;
            if (this.#pieces[next]?.start === offset || (this.#pieces[next]?.end ?? -1) > offset) low = next;
        }
        const piece = this.#pieces[low];
        if (!piece || piece.start > offset) return undefined;
        const distance = offset - piece.start;
        if (!piece.offsets) return { node: piece.node, offset: distance };
        const at = binarySearch(piece.offsets, distance);
        return at < 0 ? undefined : { node: piece.node, offset: at };
    }

    #offset(container: Node, offset: number): number | undefined {
        this.#byNode ??= new Map(this.#pieces.map((piece) => [piece.node, piece]));
        if (!this.#root.contains(container)) return undefined;
        const piece = this.#byNode.get(container);
        if (piece) return piece.start + (piece.offsets ? (piece.offsets[offset] ?? piece.end - piece.start) : offset);
        // A place between nodes is the start of the first text behind it, else the end of all text.
        const point = container.ownerDocument!.createRange();
        point.setStart(container, offset);
        for (const { node, start } of this.#pieces) if (point.comparePoint(node, 0) >= 0) return start;
        return this.#pieces.at(-1)?.end;
    }
}

function binarySearch(sorted: number[], value: number): number {
    let low = 0;
    let high = sorted.length - 1;
    while (low <= high) {
        const middle = (low + high) >> 1;
        const found = sorted[middle]!;
        if (found === value) return middle;
        if (found < value) low = middle + 1;
        else high = middle - 1;
    }
    return -1;
}
