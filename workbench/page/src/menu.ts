// The menu of a mark: what is wrong, what may be meant, what else can be done. Knows the mark, not the composer.
import type { Suggestion } from "@vermilion/client";
import type { Messages } from "@vermilion/client/messages";
import type { Mark } from "@vermilion/dom";
import { h } from "./elements.js";

/** What the menu needs. */
export interface MenuHost {
    messages: Messages;
    /** Of the draft. */
    language: string;
    /** It is gone. `focus`: the draft has the keyboard again; `chosen`: something was done, so that its caret is where it should be. */
    closed(focus: boolean, chosen: boolean): void;
    /** The next mark, or the one before it. */
    next(backwards: boolean): void;
    /** A word was added; `undo` takes it out again. */
    added(undo: () => Promise<void>): void;
}

/** An open menu. */
export class Menu {
    readonly mark: Mark;
    readonly element: HTMLElement;
    readonly #host: MenuHost;
    readonly #abort = new AbortController();

    constructor(mark: Mark, host: MenuHost) {
        this.mark = mark;
        this.#host = host;
        this.element = h(
            "div",
            { class: "pop", onkeydown: (event: KeyboardEvent) => this.#key(event) },
            ...this.#content(),
        );
        (document.querySelector("main") ?? document.body).append(this.element);
        document.body.classList.add("menu-open");
        this.#place();
        this.#items[0]?.focus();
        const { signal } = this.#abort;
        const outside = (event: Event) => event.target instanceof Node && !this.element.contains(event.target) && this.close(false);
        document.addEventListener("pointerdown", outside, { signal });
        addEventListener("resize", () => this.#place(), { signal });
        addEventListener("scroll", () => this.#place(), { signal, capture: true, passive: true });
        if (mark.suggestionsIncomplete) void this.#complete(mark.suggestions);
    }

    /** Suggestions that the check had no time for. */
    async #complete(shown: readonly Suggestion[]): Promise<void> {
        const all = await this.mark.loadSuggestions();
        if (this.#abort.signal.aborted || all === shown) return;
        const focused = this.element.contains(document.activeElement);
        this.element.replaceChildren(...this.#content());
        this.#place();
        if (focused) this.#items[0]?.focus();
    }

    /** `focus`: the draft has the keyboard again. */
    close(focus = true, chosen = false): void {
        if (this.#abort.signal.aborted) return;
        this.#abort.abort();
        this.element.remove();
        document.body.classList.remove("menu-open");
        this.#host.closed(focus, chosen);
    }

    get #items(): HTMLElement[] {
        return [...this.element.querySelectorAll<HTMLElement>("[role=menuitem]")];
    }

    #content(): HTMLElement[] {
        const { mark } = this;
        const { messages, language } = this.#host;
        const word = mark.word || mark.text;
        const items: HTMLElement[] = mark.suggestions.slice(0, 5).map((suggestion, index) =>
            this.#item(
                `fix${index === 0 ? " first" : ""}`,
                mark.inWord(suggestion),
                index === 0 ? "↵" : String(index + 1),
                () => mark.accept(index),
                language,
            ),
        );
        if (items.length === 0) items.push(h("p", { class: "reason", role: "presentation" }, messages.text("menu.none")));
        items.push(h("div", { role: "separator" }));
        items.push(this.#item("", messages.text("menu.ignore"), "I", () => mark.ignoreOnce()));
        items.push(this.#item("", messages.text("menu.ignoreAll"), "E", () => mark.ignoreAll()));
        if (mark.addToDictionary) {
            items.push(
                this.#item("", messages.text("menu.add"), "D", () => {
                    mark.addToDictionary!().then(
                        ({ undo }) => this.#host.added(undo),
                        // The mark stays where it is, which says enough.
                        () => {},
                    );
                }),
            );
        }
        const senses = mark.explanation === "" ? [] : [h("p", { class: "senses", id: "senses", lang: language }, mark.explanation)];
        const described = senses.length === 0 ? "reason" : "reason senses";
        return [
            h("div", { class: "grab" }),
            h("p", { class: "reason", id: "reason" }, messages.mark(mark.kind, word)),
            ...senses,
            h("div", { role: "menu", "aria-label": messages.text("menu.title", { word }), "aria-describedby": described }, ...items),
        ];
    }

    #item(kind: string, text: string, key: string, act: () => void, lang?: string): HTMLElement {
        const run = () => {
            act();
            this.close(true, true);
        };
        return h(
            "button",
            { class: kind || undefined, role: "menuitem", type: "button", tabindex: -1, lang, "data-key": key, onclick: run },
            text,
            h("kbd", { "aria-hidden": "true" }, key),
        );
    }

    #key(event: KeyboardEvent): void {
        // A key that is held down chooses nothing twice, and writes nothing afterwards.
        if (event.repeat && event.key === "Enter") return event.preventDefault();
        if ((event.ctrlKey || event.metaKey) && (event.key === "." || event.key === ">")) {
            event.preventDefault();
            event.stopPropagation();
            return this.#host.next(event.shiftKey);
        }
        const items = this.#items;
        const at = items.indexOf(document.activeElement as HTMLElement);
        const wanted = event.key.toUpperCase();
        const direct = items.find((item) => item.dataset["key"] === wanted || (wanted === "1" && item.dataset["key"] === "↵"));
        if (event.key === "Escape" || event.key === "Tab") this.close();
        else if (event.key === "ArrowDown") items[(at + 1) % items.length]?.focus();
        else if (event.key === "ArrowUp") items.at(at - 1)?.focus();
        else if (event.key === "Home") items[0]?.focus();
        else if (event.key === "End") items.at(-1)?.focus();
        else if (direct && !event.ctrlKey && !event.metaKey && !event.altKey) direct.click();
        else return;
        event.preventDefault();
        event.stopPropagation();
    }

    /** Below the first letter of the word; above where there is no room. On a phone the stylesheet puts it at the bottom. */
    #place(): void {
        if (matchMedia("(max-width: 719px)").matches) {
            this.element.removeAttribute("style");
            return;
        }
        const rect = this.mark.ranges[0]?.getClientRects()[0];
        if (!rect) return this.close(false);
        const { offsetWidth, offsetHeight, style } = this.element;
        const below = rect.bottom + 6;
        const fits = below + offsetHeight <= innerHeight - 8;
        style.top = `${fits ? below : Math.max(8, rect.top - offsetHeight - 6)}px`;
        style.left = `${Math.max(8, Math.min(rect.left - 16, innerWidth - offsetWidth - 8))}px`;
    }
}
