// The menu of a mark: suggestions, ignoring, the dictionary; by mouse, keyboard and screen reader. Knows the mark, not how it was
// found.
import type { Suggestion } from "@vermilion/client";
import type { Mark } from "@vermilion/dom";
import type { Messages } from "@vermilion/client/messages";

/** What the menu tells. */
export interface MenuEvents {
    /** It has closed; `done`: something was chosen. */
    closed(done: boolean): void;
    /** For a live region. */
    said(text: string): void;
    /** Adding a word failed. */
    failed(thrown: unknown): void;
}

/** Suggestions that have a digit as their key. */
const DIGITS = 5;

/** One menu, shown for one mark at a time. */
export class SuggestionMenu {
    readonly element: HTMLElement;
    #mark: Mark | undefined;
    #messages: Messages;
    readonly #events: MenuEvents;

    constructor(document: Document, messages: Messages, events: MenuEvents) {
        this.#messages = messages;
        this.#events = events;
        this.element = document.createElement("div");
        this.element.className = "menu";
        this.element.setAttribute("part", "menu");
        this.element.setAttribute("role", "menu");
        // Above everything, whatever clips or stacks around it.
        this.element.popover = "manual";
        this.element.addEventListener("keydown", (event) => this.#pressed(event));
        // The caret stays where it is.
        this.element.addEventListener("pointerdown", (event) => event.preventDefault());
        this.element.addEventListener("focusout", (event) => {
            const next = event.relatedTarget;
            if (this.#mark && next instanceof Node && !this.element.contains(next)) this.close(false);
        });
    }

    set messages(messages: Messages) {
        this.#messages = messages;
    }

    get mark(): Mark | undefined {
        return this.#mark;
    }

    /** Below the mark, or above it where there is no room. `focus`: it was asked for by the keyboard. */
    show(mark: Mark, focus: boolean): void {
        this.#mark = mark;
        this.element.replaceChildren(...this.#rows(mark));
        this.element.setAttribute("aria-label", this.#messages.text("menu.title", { word: mark.word }));
        this.element.lang = this.#messages.locale;
        this.element.showPopover();
        this.place();
        if (focus) this.#items[0]?.focus();
        if (mark.suggestionsIncomplete) void this.#complete(mark, mark.suggestions);
    }

    /** Suggestions that the check had no time for. */
    async #complete(mark: Mark, shown: readonly Suggestion[]): Promise<void> {
        const all = await mark.loadSuggestions();
        if (this.#mark !== mark || all === shown) return;
        const focused = this.#items.findIndex((item) => item.matches(":focus"));
        this.element.replaceChildren(...this.#rows(mark));
        this.place();
        if (focused >= 0) this.#items[0]?.focus();
    }

    /** After a scroll or a change of size. */
    place(): void {
        if (!this.#mark) return;
        const word = this.#mark.ranges[0]!.getBoundingClientRect();
        const frame = frameOffset(this.#mark.ranges[0]!);
        const { offsetWidth: width, offsetHeight: height } = this.element;
        const view = this.element.ownerDocument.documentElement;
        // Its text stands under the first letter.
        const left = Math.min(word.left + frame.x - 17, view.clientWidth - width - 8);
        const below = word.bottom + frame.y + 6;
        const above = word.top + frame.y - height - 6;
        const top = below + height <= view.clientHeight - 8 || above < 8 ? below : above;
        this.element.style.left = `${Math.max(8, left)}px`;
        this.element.style.top = `${Math.max(8, Math.min(top, view.clientHeight - height - 8))}px`;
    }

    close(done = false): void {
        if (!this.#mark) return;
        this.#mark = undefined;
        this.element.hidePopover();
        this.#events.closed(done);
    }

    get #items(): HTMLButtonElement[] {
        return [...this.element.querySelectorAll("button")];
    }

    #rows(mark: Mark): HTMLElement[] {
        const { text } = this.#messages;
        const rows = [this.#line("why", this.#messages.mark(mark.kind, mark.word))];
        for (const [index, suggestion] of mark.suggestions.entries()) {
            const key = index < DIGITS ? String(index + 1) : "";
            const row = this.#row(mark.inWord(suggestion), key, () => {
                if (!mark.accept(index)) return;
                this.#events.said(text("status.replaced", { word: mark.text, better: suggestion.text }));
            });
            row.lang = "";
            if (index === 0) row.classList.add("best");
            rows.push(row);
        }
        if (mark.suggestions.length === 0) rows.push(this.#line("none", text("menu.none")));
        const rule = this.element.ownerDocument.createElement("hr");
        rows.push(rule, this.#row(text("menu.ignore"), "I", () => mark.ignoreOnce()));
        rows.push(this.#row(text("menu.ignoreAll"), "E", () => mark.ignoreAll()));
        if (mark.addToDictionary) rows.push(this.#row(text("menu.add"), "D", () => void this.#add(mark)));
        return rows;
    }

    async #add(mark: Mark): Promise<void> {
        try {
            await mark.addToDictionary?.();
            this.#events.said(this.#messages.text("menu.added", { word: mark.text }));
        } catch (thrown) {
            this.#events.failed(thrown);
        }
    }

    #row(label: string, key: string, run: () => void): HTMLButtonElement {
        const row = this.element.ownerDocument.createElement("button");
        row.type = "button";
        row.tabIndex = -1;
        row.setAttribute("role", "menuitem");
        row.append(this.#line("label", label, "span"));
        if (key) {
            const hint = this.#line("", key, "kbd");
            hint.setAttribute("aria-hidden", "true");
            row.append(hint);
            row.setAttribute("aria-keyshortcuts", key);
            row.dataset["key"] = key.toLowerCase();
        }
        row.addEventListener("click", () => {
            this.close(true);
            run();
        });
        return row;
    }

    #line(className: string, text: string, name = "div"): HTMLElement {
        const line = this.element.ownerDocument.createElement(name);
        line.className = className;
        line.textContent = text;
        return line;
    }

    #pressed(event: KeyboardEvent): void {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const items = this.#items;
        const root = this.element.getRootNode() as Document | ShadowRoot;
        const at = items.indexOf(root.activeElement as HTMLButtonElement);
        const go = (index: number) => items.at(index % items.length)?.focus();
        const key = items.find((item) => item.dataset["key"] === event.key.toLowerCase());
        if (key) key.click();
        else if (event.key === "ArrowDown") go(at + 1);
        else if (event.key === "ArrowUp") go(at - 1);
        else if (event.key === "Home") go(0);
        else if (event.key === "End") go(-1);
        else if (event.key === "Escape" || event.key === "Tab") this.close(false);
        else return;
        event.preventDefault();
        event.stopPropagation();
    }
}

/** Where the frame of a range's document lies in the window of the page that the menu is in. */
function frameOffset(range: Range): { x: number; y: number } {
    const frame = range.startContainer.ownerDocument?.defaultView?.frameElement;
    if (!frame) return { x: 0, y: 0 };
    const { left, top } = frame.getBoundingClientRect();
    return { x: left + frame.clientLeft, y: top + frame.clientTop };
}
