// Elements and drawings, made by script as the page's security policy asks for: no markup from strings. Knows no state.

type Value = string | number | boolean | undefined | ((event: never) => void);
type Child = Node | string | undefined | false;

/** An element: attributes by name, listeners as `onclick`, properties as `.value`. Undefined and false are left out. */
export function h<K extends keyof HTMLElementTagNameMap>(
    tag: K,
    attributes: Record<string, Value> = {},
    ...children: Child[]
): HTMLElementTagNameMap[K] {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (value === undefined || value === false) continue;
        if (typeof value === "function") element.addEventListener(name.slice(2), value as (event: Event) => void);
        else if (name.startsWith(".")) (element as unknown as Record<string, unknown>)[name.slice(1)] = value;
        else element.setAttribute(name, value === true ? "" : String(value));
    }
    element.append(...children.filter((child) => child !== undefined && child !== false));
    return element;
}

const PATHS = {
    chat: "M2.2 4.2c0-.9.7-1.6 1.6-1.6h8.4c.9 0 1.6.7 1.6 1.6v5.3c0 .9-.7 1.6-1.6 1.6H7.3L4.5 13.5v-2.4h-.7c-.9 0-1.6-.7-1.6-1.6Z",
    phone: "M6 1.6h4A1.7 1.7 0 0 1 11.7 3.3v9.4A1.7 1.7 0 0 1 10 14.4H6a1.7 1.7 0 0 1-1.7-1.7V3.3A1.7 1.7 0 0 1 6 1.6ZM7.2 12.2h1.6",
    shop: "M3 6.2h10l-.6 6.5c-.1.7-.6 1.1-1.3 1.1H4.9c-.7 0-1.2-.4-1.3-1.1ZM5.6 8V4.6a2.4 2.4 0 0 1 4.8 0V8",
    mail: "M3.4 3.2h9.2a1.6 1.6 0 0 1 1.6 1.6v6.4a1.6 1.6 0 0 1-1.6 1.6H3.4a1.6 1.6 0 0 1-1.6-1.6V4.8a1.6 1.6 0 0 1 1.6-1.6ZM2.3 4.6 8 8.9l5.7-4.3",
    back: "M9.8 3.2 5 8l4.8 4.8",
    previous: "M9.6 3.8 5.4 8l4.2 4.2",
    next: "M6.4 3.8 10.6 8l-4.2 4.2",
    theme: "M8 2.4a5.6 5.6 0 1 0 0 11.2A5.6 5.6 0 0 0 8 2.4Z",
    more: "M2.5 5h11M2.5 11h11",
    met: "m3.2 8.4 3.2 3.2 6.4-7",
    unmet: "M8 3.4a4.6 4.6 0 1 0 0 9.2 4.6 4.6 0 0 0 0-9.2Z",
    bold: "M5 3h3.6a2.4 2.4 0 0 1 0 4.9H5Zm0 4.9h4.2a2.6 2.6 0 0 1 0 5.1H5Z",
    italic: "M7 3h4.5M4.5 13H9M9.3 3 6.7 13",
    bullets: "M6.2 4.2h7.3M6.2 8h7.3M6.2 11.8h7.3M2.8 4.2h.01M2.8 8h.01M2.8 11.8h.01",
    numbers: "M6.6 4.2h6.9M6.6 8h6.9M6.6 11.8h6.9M2.2 3.2 3.2 2.7v3.1M2.2 9.9c.2-.7 1.7-.8 1.7.2 0 .8-1.7 1.4-1.7 2.7h1.9",
    quote: "M3 3v10M6.5 5.2h6.7M6.5 8h6.7M6.5 10.8h4",
} as const;

export type Drawing = keyof typeof PATHS;

const SVG = "http://www.w3.org/2000/svg";

function svg(width: number, height: number, box: string, path: Record<string, string>): SVGSVGElement {
    const drawing = document.createElementNS(SVG, "svg");
    for (const [name, value] of Object.entries({ width, height, viewBox: box, "aria-hidden": "true" })) {
        drawing.setAttribute(name, String(value));
    }
    const shape = document.createElementNS(SVG, "path");
    for (const [name, value] of Object.entries(path)) shape.setAttribute(name, value);
    drawing.append(shape);
    return drawing;
}

/** A line drawing of 16 units. */
export function icon(name: Drawing, size = 16): SVGSVGElement {
    const line = { fill: "none", stroke: "currentColor", "stroke-linecap": "round", "stroke-linejoin": "round" };
    const drawing = svg(size, size, "0 0 16 16", { ...line, d: PATHS[name], "stroke-width": name === "bold" ? "1.8" : "1.4" });
    if (name === "theme") {
        const half = drawing.firstElementChild!.cloneNode() as Element;
        half.setAttribute("d", "M8 2.4v11.2A5.6 5.6 0 0 0 8 2.4Z");
        half.setAttribute("fill", "currentColor");
        drawing.append(half);
    }
    return drawing;
}

/** The brush stroke. */
export function brand(): SVGSVGElement {
    const d =
        "M2.2 4.4c1.2-1.2 3.2-1.8 4.5-1C8.2 4.3 8.6 6.4 9.2 8.7c.6 2.3 1.3 4.3 2.2 6.2C13.5 10.4 16.7 5.8 21.4 1.6c.4-.3.9.1.6.6-3.1 4.8-5.8 10.2-7.9 16.4-.6 1.7-1.4 3.4-2.9 3.6-1.6.2-2.4-1.3-3.1-2.8C6.4 15.5 5 11.6 3.9 8c-.4-1.2-1.3-1.8-2-2.5-.4-.4-.1-.8.3-1.1Z";
    return svg(20, 20, "0 0 24 24", { fill: "currentColor", d });
}

/** The wave under a word. */
export function wave(): SVGSVGElement {
    const d = "M1.5 5.6C3 5.6 3.6 2.4 5.2 2.4S7.4 5.6 9 5.6s2.2-3.2 3.8-3.2 2.2 3.2 3.8 3.2c.9 0 1.4-.7 1.9-1.5";
    return svg(20, 8, "0 0 20 8", { fill: "none", stroke: "currentColor", "stroke-width": "1.6", "stroke-linecap": "round", d });
}

/** A choice of a few, as a native list. */
export function select(
    label: string,
    options: { value: string; text: string; lang?: string }[],
    value: string,
    choose: (value: string) => void,
    shown = false,
): HTMLLabelElement {
    const list = h("select", { onchange: () => choose(list.value) });
    for (const { value, text, lang } of options) list.append(h("option", { value, lang }, text));
    list.value = value;
    return h("label", { class: "field" }, h("span", shown ? {} : { class: "vh" }, label), list);
}

/** One of two, as a switch. */
export function segments<T extends string>(
    name: string,
    label: string,
    options: { value: T; text: string }[],
    value: T,
    choose: (value: T) => void,
): HTMLElement {
    const labels = options.map(({ value: own, text }) =>
        h(
            "label",
            {},
            h("input", { type: "radio", name, value: own, checked: own === value, onchange: () => choose(own) }),
            h("span", {}, text),
        ),
    );
    return h("div", { class: "seg", role: "radiogroup", "aria-label": label }, ...labels);
}

/** How a key is written here. */
export const CTRL = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";
