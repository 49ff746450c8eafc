// Paints ranges without touching the text: by CSS Custom Highlights, else by boxes laid over the text. Knows no marks.
import { follows } from "./overlay.js";

/** What is painted, each by a highlight of the name `vermilion-` and this. */
export type Ink = "error" | "hint" | "open" | "edit" | "point";
const INKS: Ink[] = ["error", "hint", "open", "edit", "point"];

/** Two reds: that on white, and that on a dark ground, where the page says that it has one (`color-scheme`). */
const rules = (pick: (light: string, dark: string) => string) => `
::highlight(vermilion-error) { text-decoration: underline wavy 1.5px var(--vermilion-error, ${pick("#d0371f", "#ff6d54")}); text-underline-offset: 3px; text-decoration-skip-ink: none; }
::highlight(vermilion-hint) { text-decoration: underline dotted 2px var(--vermilion-hint, ${pick("#8d877d", "#7d766c")}); text-underline-offset: 3px; text-decoration-skip-ink: none; }
::highlight(vermilion-open) { background-color: var(--vermilion-open, ${pick("#d0371f1f", "#ff6d5433")}); }
::highlight(vermilion-edit) { background-color: var(--vermilion-edit, #8d877d33); }
::highlight(vermilion-point) { background-color: var(--vermilion-point, ${pick("#ffb8003d", "#f3c77733")}); text-decoration: underline 2px var(--vermilion-point-edge, ${pick("#c07d0c", "#c98f2b")}); text-underline-offset: 3px; }`;

/** In a layer, so that any rule of the page's own is stronger. */
const STYLES = `@layer vermilion { ${rules((light) => light)}
@supports (color: light-dark(#000, #fff)) { ${rules((light, dark) => `light-dark(${light}, ${dark})`)} } }`;

/** Paints the ranges of one session. */
export interface Painter {
    /** These and no others, from the next frame on. */
    paint(ink: Ink, ranges: readonly Range[]): void;
    /** The text has moved. */
    moved(): void;
    clear(): void;
}

/** `overlay`: where the ranges lie, if not in the element itself. */
export function painterOf(element: HTMLElement): Painter {
    const view = element.ownerDocument.defaultView as (Window & typeof globalThis) | null;
    return view?.CSS?.highlights && view.Highlight ? new HighlightPainter(element, view) : new BoxPainter(element);
}

const styled = new WeakSet<Node>();

/** Once for each document and each shadow root. */
function style(root: Node, view: Window & typeof globalThis): void {
    if (styled.has(root)) return;
    styled.add(root);
    const sheet = new view.CSSStyleSheet();
    sheet.replaceSync(STYLES);
    (root as Document | ShadowRoot).adoptedStyleSheets.push(sheet);
}

/** Sessions of one document share its highlights, each with ranges of its own. */
class HighlightPainter implements Painter {
    readonly #view: Window & typeof globalThis;
    readonly #painted = new Map<Ink, Set<Range>>();

    constructor(element: HTMLElement, view: Window & typeof globalThis) {
        this.#view = view;
        style(element.getRootNode(), view);
    }

    paint(ink: Ink, ranges: readonly Range[]): void {
        const before = this.#painted.get(ink) ?? new Set();
        const now = new Set(ranges);
        if (before.size === 0 && now.size === 0) return;
        const highlight = this.#highlight(ink);
        for (const range of before) if (!now.has(range)) highlight.delete(range);
        for (const range of now) if (!before.has(range)) highlight.add(range);
        this.#painted.set(ink, now);
    }

    moved(): void {}

    clear(): void {
        for (const ink of INKS) this.paint(ink, []);
    }

    #highlight(ink: Ink): Highlight {
        const { highlights } = this.#view.CSS;
        const name = `vermilion-${ink}`;
        let highlight = highlights.get(name);
        if (!highlight) {
            highlight = new this.#view.Highlight();
            // Washes lie below lines, whichever came first.
            highlight.priority = ink === "error" || ink === "hint" ? 2 : 1;
            highlights.set(name, highlight);
        }
        return highlight;
    }
}

/** Where there are no highlights (Firefox before 140, Safari before 17.2): a line below each range, laid on the element. */
class BoxPainter implements Painter {
    readonly #element: HTMLElement;
    readonly #layer: HTMLElement;
    readonly #ranges = new Map<Ink, readonly Range[]>();
    readonly #abort = new AbortController();
    readonly #sizes: ResizeObserver;

    constructor(element: HTMLElement) {
        this.#element = element;
        const document = element.ownerDocument;
        this.#layer = document.createElement("div");
        this.#layer.setAttribute("aria-hidden", "true");
        this.#layer.dataset["vermilion"] = "boxes";
        const fixed = { position: "absolute", overflow: "hidden", "pointer-events": "none", margin: "0", padding: "0" };
        for (const [name, value] of Object.entries(fixed)) this.#layer.style.setProperty(name, value, "important");
        element.after(this.#layer);
        const { signal } = this.#abort;
        const draw = () => this.moved();
        document.addEventListener("scroll", draw, { signal, capture: true, passive: true });
        document.defaultView?.addEventListener("resize", draw, { signal });
        this.#sizes = new ResizeObserver(draw);
        this.#sizes.observe(element);
    }

    paint(ink: Ink, ranges: readonly Range[]): void {
        this.#ranges.set(ink, [...ranges]);
        this.moved();
    }

    moved(): void {
        const layer = this.#layer;
        if (this.#element.isConnected && !follows(layer, this.#element)) this.#element.after(layer);
        const box = this.#element.getBoundingClientRect();
        layer.style.width = `${this.#element.offsetWidth}px`;
        layer.style.height = `${this.#element.offsetHeight}px`;
        const lies = layer.getBoundingClientRect();
        layer.style.left = `${(Number.parseFloat(layer.style.left) || 0) + box.left - lies.left}px`;
        layer.style.top = `${(Number.parseFloat(layer.style.top) || 0) + box.top - lies.top}px`;
        const lines: HTMLElement[] = [];
        for (const [ink, ranges] of this.#ranges) {
            for (const range of ranges) for (const rect of range.getClientRects()) lines.push(this.#line(ink, rect, box));
        }
        layer.replaceChildren(...lines);
    }

    clear(): void {
        this.#abort.abort();
        this.#sizes.disconnect();
        this.#ranges.clear();
        this.#layer.remove();
    }

    #line(ink: Ink, rect: DOMRect, box: DOMRect): HTMLElement {
        const line = this.#element.ownerDocument.createElement("div");
        line.dataset["ink"] = ink;
        const { style } = line;
        style.position = "absolute";
        style.left = `${rect.left - box.left}px`;
        style.top = `${rect.top - box.top}px`;
        style.width = `${rect.width}px`;
        style.height = `${rect.height}px`;
        style.boxSizing = "border-box";
        if (ink === "error") style.borderBottom = "2px dotted var(--vermilion-error, #d0371f)";
        else if (ink === "hint") style.borderBottom = "2px dotted var(--vermilion-hint, #8d877d)";
        else style.background = "var(--vermilion-open, #d0371f1f)";
        return line;
    }
}
