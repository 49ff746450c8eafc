// <vermilion-composer>: a field with red marks, a menu and a line of status, in one line of HTML. Knows no more of the service than
// its address, unless it is given a client.
import { createVermilion, VermilionFailure, type Channel, type Identity, type Vermilion } from "@vermilion/client";
import { messages, type Messages } from "@vermilion/client/messages";
import { attach, IgnoreList, type EditorAdapter, type Mark, type Session } from "@vermilion/dom";
import { SuggestionMenu } from "./menu.js";
import { STYLES } from "./styles.js";

/** Also in modules that no page loads: there it is nothing. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

/** How long what is announced waits for the next key. */
const QUIET_MS = 1200;

/** Ignored in every composer of the page. */
const ignored = new IgnoreList();

/**
 * Around a textarea or a contenteditable; without one it makes a textarea. Attributes: `base-url`, `language` (of the text),
 * `channel`, `locale` (of the words; default: the page's `lang`). Tells `vermilion-change`, which bubbles.
 */
export class VermilionComposer extends Base {
    static observedAttributes = ["base-url", "language", "channel", "locale"];

    /** Who calls; set it before the element is put into the page. */
    identity: (() => Promise<Identity> | Identity) | undefined;
    /** The editor that owns the field, if one does. */
    editor: EditorAdapter | undefined;
    #client: Vermilion | undefined;
    #session: Session | undefined;
    #messages: Messages = messages("en");
    #menu: SuggestionMenu | undefined;
    #parts: { status: HTMLElement; marks: HTMLButtonElement; note: HTMLElement; ask: HTMLElement; spoken: HTMLElement } | undefined;
    #abort: AbortController | undefined;
    #back: (() => void) | undefined;
    #spoken: ReturnType<typeof setTimeout> | undefined;

    /** The client that calls; by default one is made for `base-url` and `identity`. */
    get client(): Vermilion | undefined {
        return this.#client;
    }

    set client(client: Vermilion | undefined) {
        this.#client = client;
        if (this.isConnected) this.#restart();
    }

    /** What is attached to the field; undefined while the element is in no page. */
    get session(): Session | undefined {
        return this.#session;
    }

    /** The field. */
    get field(): HTMLElement | undefined {
        const found = this.querySelector<HTMLElement>("textarea, [contenteditable]:not([contenteditable=false])");
        return found ?? undefined;
    }

    connectedCallback(): void {
        if (!this.#parts) this.#build();
        // The parser adds the field after this; what is in the page by then is what the author wrote.
        queueMicrotask(() => this.isConnected && this.#restart());
    }

    disconnectedCallback(): void {
        this.#stop();
    }

    attributeChangedCallback(name: string): void {
        if (!this.#session) return;
        if (name === "language") this.#session.setLanguage(this.getAttribute("language") ?? "");
        else this.#restart();
    }

    #restart(): void {
        this.#stop();
        if (!this.isConnected) return;
        const field = this.field ?? this.#makeField();
        const baseUrl = this.getAttribute("base-url") ?? this.ownerDocument.location.origin;
        const { identity } = this;
        const client = this.#client ?? createVermilion({ baseUrl, ...(identity && { identity }) });
        this.#messages = messages(this.getAttribute("locale") ?? this.closest<HTMLElement>("[lang]")?.lang ?? "en");
        if (this.#menu) this.#menu.messages = this.#messages;
        const [language, channel] = [this.getAttribute("language"), this.getAttribute("channel")];
        this.#session = attach(field, client, {
            ignored,
            ...(language && { language }),
            ...(channel && { channel: channel as Channel }),
            ...(this.editor && { editor: this.editor }),
        });
        this.#abort = new AbortController();
        const { signal } = this.#abort;
        this.#session.addEventListener("change", () => this.#draw(), { signal });
        field.addEventListener("click", (event) => this.#clicked(event), { signal });
        field.addEventListener("keydown", (event) => this.#pressed(event), { signal });
        const document = this.ownerDocument;
        document.addEventListener("pointerdown", (event) => this.#leave(event), { signal, capture: true });
        document.addEventListener("scroll", () => this.#menu?.place(), { signal, capture: true, passive: true });
        document.defaultView?.addEventListener("resize", () => this.#menu?.place(), { signal });
        this.#draw();
    }

    #stop(): void {
        this.#menu?.close(true);
        this.#abort?.abort();
        this.#session?.detach();
        this.#session = undefined;
        clearTimeout(this.#spoken);
    }

    #makeField(): HTMLElement {
        const field = this.ownerDocument.createElement("textarea");
        this.append(field);
        return field;
    }

    #build(): void {
        const document = this.ownerDocument;
        const make = <Name extends keyof HTMLElementTagNameMap>(name: Name, className: string) => {
            const element = document.createElement(name);
            element.className = className;
            return element;
        };
        const root = this.attachShadow({ mode: "open", delegatesFocus: true });
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(STYLES);
        root.adoptedStyleSheets = [sheet];
        const [status, marks, note, ask, spoken] = [make("div", "status"), make("button", "marks"), make("span", "note"), make("span", "ask"), make("div", "spoken")];
        status.setAttribute("part", "status");
        marks.type = "button";
        marks.addEventListener("click", () => this.#next(false));
        spoken.setAttribute("role", "status");
        status.append(marks, note, ask);
        this.#menu = new SuggestionMenu(document, this.#messages, {
            closed: (done) => this.#closed(done),
            said: (text) => this.#say(text, 0),
            failed: (thrown) => this.#say(thrown instanceof VermilionFailure ? this.#messages.failure(thrown) : String(thrown), 0, true),
        });
        root.append(make("slot", ""), status, spoken, this.#menu.element);
        this.#parts = { status, marks, note, ask, spoken };
    }

    // --- the menu --------------------------------------------------------------------------------------------------------------

    #clicked(event: MouseEvent): void {
        const mark = this.#session?.markAt(event);
        if (mark) this.#show(mark, false);
        else this.#menu?.close(false);
    }

    #pressed(event: KeyboardEvent): void {
        if ((event.ctrlKey || event.metaKey) && event.key === ".") {
            event.preventDefault();
            this.#next(event.shiftKey);
        } else if (event.key === "Escape" && this.#menu?.mark) {
            event.preventDefault();
            this.#menu.close(false);
        } else if (this.#menu?.mark && event.key === "ArrowDown") {
            event.preventDefault();
            this.#menu.element.querySelector("button")?.focus();
        } else {
            this.#menu?.close(true);
        }
    }

    #leave(event: Event): void {
        const path = event.composedPath();
        if (this.#menu?.mark && !path.includes(this.#menu.element) && !path.includes(this.field!)) this.#menu.close(true);
    }

    /** The next mark, or the one before, with its menu. */
    #next(backwards: boolean): void {
        const session = this.#session;
        const mark = session?.nextMark(backwards);
        if (!session || !mark) return;
        const back = this.#back ?? keepCaret(session);
        session.select(mark);
        this.#show(mark, true);
        this.#back = back;
    }

    #show(mark: Mark, focus: boolean): void {
        this.#menu?.close(true);
        if (this.#session) this.#session.open = mark;
        this.#menu?.show(mark, focus);
    }

    #closed(done: boolean): void {
        if (this.#session) this.#session.open = undefined;
        const back = this.#back;
        this.#back = undefined;
        const root = this.shadowRoot;
        if (root?.activeElement && this.#menu?.element.contains(root.activeElement)) this.field?.focus({ preventScroll: true });
        if (!done) back?.();
    }

    // --- the line of status ----------------------------------------------------------------------------------------------------

    #draw(): void {
        const [session, parts] = [this.#session, this.#parts];
        if (!session || !parts) return;
        if (this.#menu?.mark && !session.marks.includes(this.#menu.mark)) {
            // The mark was made anew by another answer, or is gone.
            const again = session.open;
            if (!again) this.#menu.close(true);
        }
        const { text } = this.#messages;
        const count = session.marks.length;
        const told = count === 0 ? text("status.none") : count === 1 ? text("status.one") : text("status.many", { n: count });
        const away = session.failure ? this.#messages.failure(session.failure) : "";
        show(parts.marks, session.state !== "idle" && !away && count > 0 ? told : "");
        show(parts.note, away);
        this.#drawProposal(session, parts.ask);
        if (session.state === "checked" || away) this.#say(away || told, QUIET_MS);
        this.dispatchEvent(new CustomEvent("vermilion-change", { bubbles: true, composed: true }));
    }

    #drawProposal(session: Session, ask: HTMLElement): void {
        const proposed = session.proposedLanguage;
        if (ask.dataset["language"] === (proposed ?? "")) return;
        ask.dataset["language"] = proposed ?? "";
        ask.hidden = !proposed;
        if (!proposed) return;
        const { text, locale } = this.#messages;
        const name = (tag: string) => new Intl.DisplayNames([locale], { type: "language" }).of(tag) ?? tag;
        const button = (label: string, run: () => void) => {
            const made = this.ownerDocument.createElement("button");
            made.type = "button";
            made.textContent = label;
            made.addEventListener("click", run);
            return made;
        };
        const used = session.usedLanguage ?? session.language ?? "en";
        ask.replaceChildren(
            `${text("language.proposed", { language: name(proposed) })} `,
            button(text("language.switch", { language: name(proposed) }), () => this.setAttribute("language", proposed)),
            " ",
            button(text("language.keep", { language: name(used) }), () => session.keepLanguage()),
        );
    }

    /** To a screen reader, when the keys rest; `shown`: also in the line of status. */
    #say(words: string, afterMs: number, shown = false): void {
        const parts = this.#parts;
        if (!parts) return;
        if (shown) show(parts.note, words);
        clearTimeout(this.#spoken);
        this.#spoken = setTimeout(() => {
            if (parts.spoken.textContent !== words) parts.spoken.textContent = words;
        }, afterMs);
    }
}

function show(element: HTMLElement, text: string): void {
    element.hidden = text === "";
    if (element.textContent !== text) element.textContent = text;
}

/** Where the caret is now. */
function keepCaret(session: Session): () => void {
    const field = session.element;
    if (field instanceof HTMLTextAreaElement) {
        const { selectionStart, selectionEnd } = field;
        return () => {
            field.focus({ preventScroll: true });
            field.setSelectionRange(selectionStart, selectionEnd);
        };
    }
    const selection = field.ownerDocument.getSelection();
    const range = selection && selection.rangeCount > 0 ? selection.getRangeAt(0).cloneRange() : undefined;
    return () => {
        field.focus({ preventScroll: true });
        if (!selection || !range) return;
        selection.removeAllRanges();
        selection.addRange(range);
    };
}

/** Defines the element, once. */
export function define(name = "vermilion-composer"): void {
    if (globalThis.customElements && !customElements.get(name)) customElements.define(name, VermilionComposer);
}
