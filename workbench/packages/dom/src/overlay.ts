// A mirror of a textarea: the same text on the same lines, invisible, so that ranges of it can be painted. Knows no marks.

/** What decides where a letter stands. */
const COPIED = (
    "direction font-family font-feature-settings font-kerning font-optical-sizing font-size font-size-adjust font-stretch " +
    "font-style font-variant font-variation-settings font-weight hyphens letter-spacing line-break line-height overflow-wrap " +
    "padding-bottom padding-left padding-right padding-top tab-size text-align text-align-last text-indent text-rendering " +
    "text-transform text-autospace text-spacing-trim unicode-bidi white-space-collapse text-wrap-mode word-break word-spacing writing-mode"
).split(" ");

/** What pages may have said for all elements, and must not hold here. */
const FIXED: Record<string, string> = {
    position: "absolute",
    margin: "0",
    border: "0 solid transparent",
    "box-sizing": "border-box",
    "min-width": "0",
    "max-width": "none",
    "min-height": "0",
    "max-height": "none",
    background: "none",
    color: "transparent",
    overflow: "hidden",
    "pointer-events": "none",
    "user-select": "none",
    visibility: "visible",
    display: "block",
    float: "none",
    transform: "none",
    transition: "none",
    animation: "none",
    opacity: "1",
    "text-decoration": "none",
    "text-shadow": "none",
    columns: "auto",
    contain: "layout style",
};

/** The mirror lies on its textarea until it is removed. */
export class Overlay {
    /** The text of the textarea: the smallest change is made to it, so that live ranges move by themselves. */
    readonly text: Text;
    /** Laid on the textarea, its next sibling. */
    readonly box: HTMLElement;
    readonly #textarea: HTMLTextAreaElement;
    readonly #abort = new AbortController();
    readonly #sizes: ResizeObserver;
    readonly #siblings: MutationObserver;
    readonly #moved: () => void;
    #parent: Node | null = null;
    #moves: IntersectionObserver | undefined;
    #watched = "";

    /** `moved`: the mirror was put into another place, and ranges in it have collapsed. */
    constructor(textarea: HTMLTextAreaElement, moved: () => void) {
        this.#moved = moved;
        const document = textarea.ownerDocument;
        this.#textarea = textarea;
        this.text = document.createTextNode(textarea.value);
        this.box = document.createElement("div");
        this.box.setAttribute("aria-hidden", "true");
        this.box.dataset["vermilion"] = "overlay";
        // A line end at the end of a block makes no line; the element behind it does, as in a textarea.
        this.box.append(this.text, document.createElement("br"));
        for (const [name, value] of Object.entries(FIXED)) this.box.style.setProperty(name, value, "important");
        textarea.after(this.box);

        const { signal } = this.#abort;
        const place = () => this.place();
        textarea.addEventListener("scroll", () => this.#scroll(), { signal, passive: true });
        textarea.addEventListener("focus", place, { signal });
        document.defaultView?.addEventListener("resize", place, { signal });
        for (const name of ["transitionend", "animationend", "load", "toggle"]) {
            document.addEventListener(name, place, { signal, capture: true });
        }
        document.fonts?.addEventListener("loadingdone", place, { signal });
        this.#siblings = new MutationObserver(place);
        this.#sizes = new ResizeObserver(place);
        for (const element of [textarea, textarea.parentElement, document.body]) if (element) this.#sizes.observe(element);
        this.place();
    }

    /** Lays the mirror on the textarea, with its font and its width of lines. */
    place(): void {
        const { box } = this;
        const textarea = this.#textarea;
        if (!textarea.isConnected) return void box.remove();
        // A framework has moved the textarea. Not for less: ranges in what is moved collapse.
        if (box.parentNode !== textarea.parentNode || !follows(box, textarea)) {
            textarea.after(box);
            this.#moved();
        }
        if (this.#parent !== textarea.parentNode) {
            this.#parent = textarea.parentNode;
            this.#siblings.disconnect();
            if (this.#parent) this.#siblings.observe(this.#parent, { childList: true });
        }
        const style = getComputedStyle(textarea);
        for (const name of COPIED) {
            const value = style.getPropertyValue(name);
            if (value) set(box, name, value);
        }
        const size = textarea.getBoundingClientRect();
        const borders = px(style.borderLeftWidth) + px(style.borderRightWidth);
        const padding = px(style.paddingLeft) + px(style.paddingRight);
        const exact = style.boxSizing === "border-box" ? px(style.width) : px(style.width) + padding + borders;
        const scale = exact > 0 && size.width > 0 ? size.width / exact : 1;
        // clientWidth is rounded, and a line may turn on a fraction of a pixel: so from the exact width only the scrollbar goes.
        const scrollbar = Math.max(0, Math.round(textarea.offsetWidth - borders - textarea.clientWidth));
        set(box, "width", `${exact - borders - scrollbar}px`);
        set(box, "height", `${textarea.clientHeight}px`);

        // Whatever the containing block is: where it came to lie tells how far it must go.
        const lies = box.getBoundingClientRect();
        const [x, y] = [px(box.style.left), px(box.style.top)];
        const across = size.left + textarea.clientLeft * scale - lies.left;
        const down = size.top + textarea.clientTop * scale - lies.top;
        if (Math.abs(across) > 0.01 || box.style.left === "") set(box, "left", `${x + across / scale}px`);
        if (Math.abs(down) > 0.01 || box.style.top === "") set(box, "top", `${y + down / scale}px`);
        const index = style.zIndex;
        set(box, "z-index", index === "auto" ? "auto" : index);
        this.#scroll();
        this.#watchMoves();
    }

    /** The text as it is now. Answers whether the lines may have changed places. */
    update(): void {
        const [before, after] = [this.text.data, this.#textarea.value];
        if (before === after) return;
        const most = Math.min(before.length, after.length);
        let head = 0;
        while (head < most && before.charCodeAt(head) === after.charCodeAt(head)) head++;
        let tail = 0;
        while (tail < most - head && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) {
            tail++;
        }
        this.text.replaceData(head, before.length - head - tail, after.slice(head, after.length - tail));
        // A scrollbar may have come or gone.
        this.place();
    }

    remove(): void {
        this.#abort.abort();
        this.#sizes.disconnect();
        this.#siblings.disconnect();
        this.#moves?.disconnect();
        this.box.remove();
    }

    #scroll(): void {
        this.box.scrollTop = this.#textarea.scrollTop;
        this.box.scrollLeft = this.#textarea.scrollLeft;
    }

    /**
     * A move without a change of size has no event. An observer whose root is exactly the textarea's place tells when it is not
     * there any more.
     */
    #watchMoves(): void {
        const document = this.#textarea.ownerDocument;
        const { clientWidth, clientHeight } = document.documentElement;
        const { top, right, bottom, left, width, height } = this.#textarea.getBoundingClientRect();
        const inset = [top, clientWidth - right, clientHeight - bottom, left].map((side) => `${-Math.floor(side)}px`);
        if (inset.join(" ") === this.#watched) return;
        this.#watched = inset.join(" ");
        this.#moves?.disconnect();
        if (width === 0 || height === 0) return;
        let first = true;
        const options = { root: document, rootMargin: inset.join(" "), threshold: 1 };
        const moved = (entries: IntersectionObserverEntry[]) => {
            const inPlace = (entries[0]?.intersectionRatio ?? 0) >= 1;
            if (first) {
                first = false;
                // Partly out of sight: it cannot be watched so; scrolling moves mirror and textarea together.
                if (!inPlace) this.#moves?.disconnect();
                return;
            }
            this.place();
        };
        this.#moves = new IntersectionObserver(moved, options);
        this.#moves.observe(this.#textarea);
    }
}

function set(element: HTMLElement, name: string, value: string): void {
    if (element.style.getPropertyValue(name) !== value) element.style.setProperty(name, value, "important");
}

function px(value: string): number {
    return Number.parseFloat(value) || 0;
}

/** Whether `later` stands behind `earlier` in the document, and so is painted above it. */
export function follows(later: Node, earlier: Node): boolean {
    return (earlier.compareDocumentPosition(later) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
}
