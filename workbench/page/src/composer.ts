// One reply being written: the field with its marks, the status line, and what polishing shows in their place. Knows one
// conversation and no other.
import { VermilionFailure, type Availability, type Operation, type Tone, type Turn, type Vermilion } from "@vermilion/client";
import { messages, type Messages } from "@vermilion/client/messages";
import { attach, type FieldPolish, type IgnoreList, type Mark, type Review, type Session } from "@vermilion/dom";
import { conditions } from "./conditions.js";
import { CTRL, h, icon, segments, select, wave, type Drawing } from "./elements.js";
import { Menu } from "./menu.js";
import { ResultView } from "./result.js";
import { LANGUAGES, type Sample, type SampleMessage } from "./samples.js";
import { wordsOf, type Locale, type Say, type Word } from "./words.js";

/** What a composer needs of the page. */
export interface ComposerHost {
    client: Vermilion;
    locale: Locale;
    ignored: IgnoreList;
    /** Fixed rules stand in for a model. */
    demoModel: boolean;
    /** Who asks, for the request that an agent may copy. */
    caller: { tenant: string; agent: string };
    /** Of the polishes. */
    conversation: string;
    /** What was said so far. */
    messages(): readonly SampleMessage[];
    sent(paragraphs: string[]): void;
    /** To screen readers. */
    announce(text: string): void;
}

/** Remembered for all conversations. */
const wish = { tone: "FRIENDLY" as Tone, operation: "IMPROVE" as Operation };
const OPERATIONS: [Operation, Word][] = [
    ["IMPROVE", "opImprove"],
    ["FIX_GRAMMAR", "opGrammar"],
    ["SHORTEN", "opShorten"],
    ["EXPAND", "opExpand"],
    ["SIMPLIFY", "opSimplify"],
];
const TOOLS: [Drawing, Word, string, string?][] = [
    ["bold", "bold", "bold"],
    ["italic", "italic", "italic"],
    ["bullets", "bullets", "insertUnorderedList"],
    ["numbers", "numbers", "insertOrderedList"],
    ["quote", "quote", "formatBlock", "blockquote"],
];
/** After the last change, before screen readers are told. */
const ANNOUNCE_MS = 1200;

/** Who presses the keys of Accept twice does not send. */
const SEND_AFTER_MS = 800;
/** Whether polishing is on offer is asked again so soon, if there was no answer. */
const ASK_AGAIN_MS = 3000;

type Mode = "writing" | "preview" | "result";

export class Composer {
    readonly element: HTMLElement;
    readonly sample: Sample;
    readonly #host: ComposerHost;
    readonly #say: Say;
    readonly #messages: Messages;
    readonly #field: HTMLElement;
    #session!: Session;
    readonly #sheet = h("div", { class: "sheet" });
    readonly #notes = h("aside", { class: "notes" });
    readonly #status: HTMLElement;
    readonly #marks = h("button", { class: "tag", type: "button" });
    readonly #skipped = h("div", { class: "why-slot" });
    readonly #strip = h("div", { class: "strip-slot" });
    readonly #foot = h("div", { class: "foot" });
    readonly #language: HTMLSelectElement;
    #mode: Mode = "writing";
    #menu: Menu | undefined;
    #availability: Availability | undefined;
    #most = 0;
    #polish: FieldPolish | undefined;
    #result: ResultView | undefined;
    /** What came of the last polish, until the next key. */
    #outcome: HTMLElement | undefined;
    #countdown = 0;
    #announced = 0;
    #said = "";
    #wasAway = false;
    /** Where the caret was before a mark was gone to. */
    #caret: (() => void) | undefined;
    #askedAt = 0;
    #acceptedAt = -Infinity;

    constructor(sample: Sample, draft: string, host: ComposerHost) {
        this.sample = sample;
        this.#host = host;
        this.#say = wordsOf(host.locale);
        this.#messages = messages(host.locale);
        const say = this.#say;
        this.#field = this.#drawField(draft);
        const languages = LANGUAGES.map(([value, word]) => ({ value, text: say(word) }));
        const choice = select(say("langChecked"), languages, sample.language, (value) => this.#switch(value));
        this.#language = choice.querySelector("select")!;
        this.#marks.addEventListener("click", () => this.#openNext());
        this.#status = h(
            "div",
            { class: "status" },
            choice,
            this.#marks,
            this.#skipped,
            h("span", { class: "end" }, h("kbd", {}, `${CTRL} .`), ` ${say("nextMark")}`),
        );
        this.#sheet.append(...this.#mailHead(), this.#field, this.#status, this.#strip, this.#foot);
        this.#notes.setAttribute("aria-label", say("notes"));
        this.element = h(
            "section",
            { class: "composer line", "aria-label": say("replyTo", { name: sample.name }) },
            h("p", { class: "g", "aria-hidden": "true" }, say("you")),
            this.#sheet,
            this.#notes,
        );
        this.element.addEventListener("keydown", (event) => this.#key(event));
    }

    /** Once the element is in the document. */
    start(): void {
        const { sample } = this;
        this.#session = attach(this.#field, this.#host.client, {
            language: sample.language,
            channel: sample.channel,
            ignored: this.#host.ignored,
        });
        this.#session.addEventListener("change", () => this.#update());
        this.#field.addEventListener("input", () => this.#forgetOutcome());
        this.#field.addEventListener("click", (event) => this.#clicked(event));
        void this.refresh();
        this.#update();
    }

    /** The draft as it stands. */
    get draft(): string {
        return this.#session.surface.read(true).content;
    }

    focus(): void {
        this.#field.focus();
    }

    close(): void {
        this.#polish?.abort();
        this.#menu?.close(false);
        this.#session.detach();
        clearTimeout(this.#countdown);
        clearTimeout(this.#announced);
        document.body.classList.remove("result-view");
    }

    /** Asks anew whether polishing is on offer. */
    async refresh(fresh = false): Promise<void> {
        this.#askedAt = performance.now();
        try {
            this.#availability = await this.#host.client.availability(this.#host.conversation, { fresh });
            this.#most = Math.max(this.#most, this.#availability.left ?? 0);
        } catch {
            // The session tells that the service is away, and asks again when it is back.
            this.#availability = undefined;
        }
        if (this.#mode === "writing") {
            this.#drawFoot();
            this.#disableEmpty();
        }
    }

    // --- the field -------------------------------------------------------------------------------------------------------------

    #drawField(draft: string): HTMLElement {
        const { sample } = this;
        const label = this.#say("replyTo", { name: sample.name });
        if (!sample.mail) {
            return h("textarea", { class: "draft", id: "reply", lang: sample.language, "aria-label": label, rows: 5, ".value": draft });
        }
        const field = h("div", {
            class: "draft mail",
            id: "reply",
            role: "textbox",
            "aria-multiline": "true",
            "aria-label": label,
            tabindex: 0,
            contenteditable: "true",
            lang: sample.language,
        });
        field.append(...new DOMParser().parseFromString(draft, "text/html").body.childNodes);
        field.style.setProperty("--off-signature", `"${this.#say("skSig")}"`);
        field.style.setProperty("--off-history", `"${this.#say("skQuote")}"`);
        return field;
    }

    #mailHead(): HTMLElement[] {
        const { mail, name } = this.sample;
        if (!mail) return [];
        const say = this.#say;
        const tools = TOOLS.map(([drawing, word, command, value]) => {
            const run = () => {
                this.#field.focus();
                document.execCommand(command, false, value);
            };
            const keep = (event: Event) => event.preventDefault();
            return h("button", { class: "icon", type: "button", "aria-label": say(word), onmousedown: keep, onclick: run }, icon(drawing));
        });
        tools.splice(2, 0, h("span", { class: "gap" }) as unknown as HTMLButtonElement);
        tools.splice(5, 0, h("span", { class: "gap" }) as unknown as HTMLButtonElement);
        return [
            h(
                "div",
                { class: "mailhead" },
                h("div", {}, h("span", {}, say("to")), h("p", {}, `${name} `, h("span", {}, mail.address))),
                h(
                    "div",
                    {},
                    h("label", { for: "subject" }, say("subject")),
                    h("input", { id: "subject", ".value": mail.subject, spellcheck: "false", lang: this.sample.language }),
                ),
            ),
            h("div", { class: "tools", role: "toolbar", "aria-label": say("format") }, ...tools),
        ];
    }

    #switch(language: string): void {
        this.#field.lang = language;
        this.#language.value = language;
        this.#session.setLanguage(language);
    }

    #key(event: KeyboardEvent): void {
        const command = event.ctrlKey || event.metaKey;
        // A key that is held down must not accept, and then send what nobody has read.
        if (event.repeat && event.key === "Enter" && command) return event.preventDefault();
        if (this.#mode === "result") this.#result?.key(event);
        if (event.defaultPrevented) return;
        if (command && (event.key === "." || event.key === ">")) this.#openNext(event.shiftKey);
        else if (command && event.shiftKey && event.key.toLowerCase() === "p") void this.#start();
        else if (command && event.key === "Enter" && this.#mode === "writing") {
            if (performance.now() - this.#acceptedAt > SEND_AFTER_MS) this.#send();
        }
        else if (event.key === "Escape" && this.#mode === "preview") this.#polish?.abort();
        else return;
        event.preventDefault();
    }

    #clicked(event: MouseEvent): void {
        const mark = this.#session.markAt(event);
        if (mark) this.#open(mark);
    }

    #openNext(backwards = false): void {
        const mark = this.#session.nextMark(backwards);
        if (!mark || this.#mode !== "writing") return;
        this.#caret ??= this.#rememberCaret();
        this.#session.select(mark);
        this.#open(mark);
    }

    #open(mark: Mark): void {
        const caret = this.#caret;
        this.#menu?.close(false);
        this.#caret = caret;
        this.#session.open = mark;
        this.#menu = new Menu(mark, {
            messages: this.#messages,
            language: this.#field.lang,
            closed: (focus, chosen) => {
                this.#session.open = undefined;
                this.#menu = undefined;
                if (focus) {
                    this.#field.focus();
                    if (!chosen) this.#caret?.();
                }
                this.#caret = undefined;
            },
            next: (backwards) => this.#openNext(backwards),
            added: (undo) => this.#tell(this.#messages.text("menu.added", { word: mark.word || mark.text }), [{ text: this.#messages.text("menu.undo"), act: () => void undo() }]),
        });
    }

    /** Puts the caret back where it is now. */
    #rememberCaret(): () => void {
        if (this.#field instanceof HTMLTextAreaElement) {
            const { selectionStart, selectionEnd } = this.#field;
            return () => (this.#field as HTMLTextAreaElement).setSelectionRange(selectionStart, selectionEnd);
        }
        const selection = getSelection();
        const range = selection?.rangeCount && this.#field.contains(selection.focusNode) ? selection.getRangeAt(0).cloneRange() : undefined;
        return () => {
            if (!range) return;
            selection?.removeAllRanges();
            selection?.addRange(range);
        };
    }

    #send(): void {
        const text = this.sample.mail ? this.#field.innerText : (this.#field as HTMLTextAreaElement).value;
        const own = this.sample.mail ? text.split(/\n(?=On .*wrote:)/)[0]! : text;
        const paragraphs = own.split(/\n\s*\n?/).map((line) => line.trim()).filter((line) => line !== "");
        if (paragraphs.length === 0) return;
        this.#field.focus();
        document.execCommand("selectAll");
        document.execCommand("delete");
        this.#session.recheck();
        this.#host.sent(paragraphs);
        this.#host.announce(this.#say("sent"));
    }

    // --- the status line -------------------------------------------------------------------------------------------------------

    #update(): void {
        if (this.#mode !== "writing") return;
        const say = this.#say;
        const session = this.#session;
        const away = session.state === "away";
        this.#status.hidden = away;
        const count = session.marks.length;
        const known = session.state === "checked" || session.state === "idle" || count > 0;
        const text = known ? this.#messages.text(count === 0 ? "status.none" : count === 1 ? "status.one" : "status.many", { n: count }) : "";
        if (this.#marks.dataset["count"] !== text) {
            this.#marks.dataset["count"] = text;
            this.#marks.replaceChildren(...(count > 0 ? [wave()] : []), text);
            this.#marks.disabled = count === 0;
        }
        this.#drawSkipped();
        this.#drawStrip();
        if (away !== this.#wasAway) {
            this.#wasAway = away;
            this.#drawFoot();
            if (!away) {
                // A text without a word is not checked, so that nothing is known of the service.
                if (session.state === "checked") {
                    this.#tell(say("backAgain"));
                    setTimeout(() => this.#forgetOutcome(), 4000);
                }
                void this.refresh(true);
            }
        }
        // Nothing else asks again when the service went while a polish was in hand.
        if (session.state === "checked" && !this.#availability && performance.now() - this.#askedAt > ASK_AGAIN_MS) void this.refresh(true);
        this.#disableEmpty();
        if (session.state === "checked" && text !== this.#said) {
            clearTimeout(this.#announced);
            this.#announced = window.setTimeout(() => this.#host.announce((this.#said = text)), ANNOUNCE_MS);
        }
    }

    /** What cannot be done to nothing. */
    #disableEmpty(): void {
        const empty = this.draft.replace(/<[^>]*>|&nbsp;/g, "").trim() === "";
        for (const button of this.#foot.querySelectorAll<HTMLButtonElement>(".needs-text")) button.disabled = empty;
    }

    #drawSkipped(): void {
        const say = this.#say;
        const parts = this.#session.skipped;
        const shown = parts.map(({ reason, text }) => `${reason} ${text}`).join("\n");
        if (this.#skipped.dataset["shown"] === shown) return;
        this.#skipped.dataset["shown"] = shown;
        if (parts.length === 0) {
            this.#skipped.replaceChildren();
            return;
        }
        const open = this.#skipped.querySelector("details")?.open ?? false;
        const list = h("dl", { class: "why-list" });
        for (const { reason, text } of parts.slice(0, 20)) {
            list.append(h("dt", { lang: this.#field.lang }, text.replace(/\s+/g, " ").trim().slice(0, 80)), h("dd", {}, this.#messages.skip(reason)));
        }
        const title = say(parts.length === 1 ? "skipped1" : "skipped", { n: parts.length });
        const details = h("details", { class: "why" }, h("summary", { class: "tag" }, title, h("span", { class: "chev" })), list);
        details.open = open;
        this.#skipped.replaceChildren(details);
    }

    #drawStrip(): void {
        const say = this.#say;
        const session = this.#session;
        clearTimeout(this.#countdown);
        if (session.state === "away") {
            const now = { text: say("tryNow"), act: () => session.recheck() };
            this.#putStrip("away", strip(say("away"), say("awaySub"), [now]));
            const left = Math.ceil(((session.retryAt ?? 0) - Date.now()) / 1000);
            const note = this.#foot.querySelector<HTMLElement>(".away-note");
            if (note) note.textContent = left >= 1 ? `${say("awayMarks")} · ${say("retryIn", { n: left })}` : say("awayMarks");
            if (left > 0) this.#countdown = window.setTimeout(() => this.#drawStrip(), 500);
            return;
        }
        const proposed = session.proposedLanguage;
        if (proposed) {
            const known = LANGUAGES.find(([tag]) => tag === proposed || tag.startsWith(`${proposed}-`));
            const name = (tag: string) => say(LANGUAGES.find(([known]) => known === tag)?.[1] ?? "lgEn");
            if (known) {
                const lang = name(known[0]);
                const keep = { text: say("keepLang", { lang: name(this.#language.value) }), quiet: true, act: () => session.keepLanguage() };
                const change = { text: say("switchTo", { lang }), act: () => this.#switch(known[0]) };
                this.#putStrip(`language ${proposed}`, strip(say("looksLike", { lang }), undefined, [keep, change]));
                return;
            }
        }
        if (session.state === "stopped" && session.failure) {
            this.#putStrip("stopped", strip(this.#messages.failure(session.failure), undefined, []));
            return;
        }
        this.#putStrip(this.#outcome ? "outcome" : "", this.#outcome);
    }

    #putStrip(key: string, content: HTMLElement | undefined): void {
        if (this.#strip.dataset["key"] === key && key !== "outcome") return;
        this.#strip.dataset["key"] = key;
        this.#strip.replaceChildren(...(content ? [content] : []));
    }

    /** A sentence that stays until the next key. */
    #tell(text: string, acts: Act[] = [], sub?: string): void {
        this.#outcome = strip(text, sub, acts);
        this.#drawStrip();
        this.#host.announce(text);
    }

    #forgetOutcome(): void {
        if (this.#mode !== "writing" || !this.#outcome) return;
        this.#outcome = undefined;
        this.#session.paint("edit", []);
        this.#putNotes([]);
        this.#drawStrip();
    }

    #putNotes(notes: HTMLElement[]): void {
        this.#notes.replaceChildren(...notes);
        this.element.classList.toggle("has-notes", notes.length > 0);
    }

    // --- polishing -------------------------------------------------------------------------------------------------------------

    #drawFoot(): void {
        const say = this.#say;
        const send = h("button", { class: "btn main needs-text", type: "button", onclick: () => this.#send() }, say("send"));
        const end = h("span", { class: "end" }, send);
        if (this.#session.state === "away") {
            const note = h("span", { class: "left num away-note" }, say("awayMarks"));
            this.#foot.replaceChildren(h("form", { class: "bar" }, note, end));
            return;
        }
        const availability = this.#availability;
        if (!availability) {
            this.#foot.replaceChildren(h("form", { class: "bar" }, end));
            return;
        }
        if (!availability.canPolish) {
            const again = () => void this.refresh(true);
            const copy = async () => {
                const codes = availability.reasons.map(({ code }) => code).join(", ");
                const { tenant, agent } = this.#host.caller;
                await navigator.clipboard.writeText(`Vermilion: tenant ${tenant}, agent ${agent}: ${codes}`);
                this.#tell(say("copied"));
            };
            this.#foot.replaceChildren(
                conditions(availability, say),
                h(
                    "form",
                    { class: "bar" },
                    h("button", { class: "btn quiet", type: "button", onclick: again }, say("checkAgain")),
                    h("button", { class: "btn quiet", type: "button", onclick: () => void copy() }, say("copyReq")),
                    end,
                ),
            );
            return;
        }
        const tones: { value: Tone; text: string }[] = [
            { value: "FRIENDLY", text: say("friendly") },
            { value: "PROFESSIONAL", text: say("professional") },
        ];
        const operations = OPERATIONS.map(([value, word]) => ({ value, text: say(word) }));
        const submit = (event: Event) => {
            event.preventDefault();
            void this.#start();
        };
        const left = say("left", { n: availability.left ?? 0, m: this.#most });
        this.#foot.replaceChildren(
            h(
                "form",
                { class: "bar", onsubmit: submit },
                segments(`tone-${this.sample.id}`, say("tone"), tones, wish.tone, (tone) => (wish.tone = tone)),
                select(say("operation"), operations, wish.operation, (value) => (wish.operation = value as Operation)),
                h("button", { class: "btn needs-text", type: "submit", title: `${CTRL} Shift P` }, say("polish")),
                h("span", { class: "left num" }, left, h("span", { class: "vh" }, ` ${say("leftLong")}`)),
                end,
                this.#host.demoModel && h("span", { class: "demo" }, say("demoModel")),
            ),
        );
    }

    async #start(): Promise<void> {
        if (this.#mode !== "writing" || !this.#availability?.canPolish || this.draft.trim() === "") return;
        this.#menu?.close(false);
        this.#forgetOutcome();
        const say = this.#say;
        const turns: Turn[] = this.#host
            .messages()
            .slice(-20)
            .map(({ from, paragraphs }) => ({ speaker: from, text: paragraphs.join("\n") }));
        const polish = this.#session.polish({ conversation: this.#host.conversation, tone: wish.tone, operation: wish.operation, turns });
        this.#polish = polish;
        const text = h("span", {});
        const draft = h("div", { class: "draft", lang: this.#field.lang, "aria-live": "off" }, text, h("span", { class: "caret" }));
        const tone = say(wish.tone === "FRIENDLY" ? "friendly" : "professional");
        const operation = say(OPERATIONS.find(([value]) => value === wish.operation)![1]);
        this.#setMode("preview");
        this.#foot.replaceChildren(
            h(
                "section",
                { class: "preview", "aria-label": say("preview"), "aria-busy": "true" },
                h("p", { class: "label" }, h("b", {}, say("preview")), ` ${say("previewSub")}`),
                draft,
            ),
            h(
                "form",
                { class: "bar" },
                h("span", { class: "busy" }, `${say("polishing")} · ${tone} · ${operation}`),
                h(
                    "span",
                    { class: "end" },
                    h("button", { class: "btn stop", type: "button", onclick: () => polish.abort() }, say("stop"), h("kbd", {}, "Esc")),
                ),
                this.#host.demoModel && h("span", { class: "demo" }, say("demoModel")),
            ),
        );
        this.#foot.querySelector<HTMLElement>(".stop")?.focus();
        this.#host.announce(say("polishing"));
        try {
            for await (const { preview } of polish) text.textContent = preview;
            this.#show(await polish.review);
        } catch (thrown) {
            this.#setMode("writing");
            this.focus();
            if (thrown instanceof VermilionFailure) this.#tell(say("failed"), [], this.#messages.failure(thrown));
            await this.refresh(true);
        } finally {
            this.#polish = undefined;
        }
    }

    #show(review: Review): void {
        const say = this.#say;
        const { outcome } = review.result;
        if (outcome === "POLISHED") {
            this.#setMode("result");
            this.#result = new ResultView(review, {
                say,
                messages: this.#messages,
                language: this.#field.lang,
                left: say("left", { n: review.result.left, m: this.#most }),
                notes: (notes) => this.#putNotes(notes),
                done: (accepted) => this.#close(accepted, review),
            });
            this.#foot.replaceChildren(this.#result.element);
            this.#result.focus();
            this.#host.announce(this.#result.summary);
            return;
        }
        this.#setMode("writing");
        void this.refresh(true);
        if (outcome === "UNCHANGED") {
            this.#tell(say("unchanged"));
        } else {
            const grammar = () => {
                wish.operation = "FIX_GRAMMAR";
                this.#drawFoot();
                void this.#start();
            };
            this.#tell(say("refused"), wish.operation === "FIX_GRAMMAR" ? [] : [{ text: say("tryGrammar"), act: grammar }], say("refusedSub"));
            this.#session.paint("edit", review.findings.flatMap(({ ranges }) => ranges));
            this.#putNotes(review.findings.map((finding, index) => refusal(index + 1, this.#messages.guard(finding.code), finding.ranges)));
        }
        this.focus();
    }

    #close(accepted: boolean, review: Review): void {
        let written = true;
        if (accepted) {
            this.#acceptedAt = performance.now();
            this.#setMode("writing");
            this.#field.focus();
            written = review.applicable ? review.accept() : this.#writeWhole(review.result.content);
        } else {
            review.discard();
            this.#setMode("writing");
        }
        this.#putNotes([]);
        this.focus();
        void this.refresh(true);
        if (!written) this.#tell(this.#say("textChanged"));
    }

    /** Where the changes cannot be told as changes of text alone. */
    #writeWhole(content: string): boolean {
        document.execCommand("selectAll");
        return document.execCommand(this.sample.mail ? "insertHTML" : "insertText", false, content);
    }

    #setMode(mode: Mode): void {
        const say = this.#say;
        this.#mode = mode;
        this.#sheet.querySelector(":scope > .label")?.remove();
        const writing = mode === "writing";
        document.body.classList.toggle("result-view", mode === "result");
        for (const part of [this.#status, this.#strip]) part.hidden = !writing;
        for (const part of this.#sheet.querySelectorAll<HTMLElement>(":scope > :is(.mailhead, .tools)")) part.hidden = !writing;
        this.#field.hidden = mode === "result";
        if (this.#field instanceof HTMLTextAreaElement) this.#field.readOnly = !writing;
        else this.#field.contentEditable = String(writing);
        this.#field.setAttribute("aria-readonly", String(!writing));
        if (mode === "preview") {
            this.#field.before(h("p", { class: "label" }, h("b", {}, say("yourDraft")), ` ${say("keptAsIs")}`));
        }
        if (writing) {
            this.#result = undefined;
            this.#drawFoot();
            this.#update();
        }
    }
}

interface Act {
    text: string;
    act: () => void;
    quiet?: boolean;
}

function strip(text: string, sub: string | undefined, acts: Act[]): HTMLElement {
    const buttons = acts.map(({ text: name, act, quiet }) =>
        h("button", { class: `btn small${quiet ? " quiet" : ""}`, type: "button", onclick: act }, name),
    );
    return h(
        "div",
        { class: "strip" },
        h("p", {}, text, sub ? h("br") : undefined, sub ? h("span", { class: "sub" }, sub) : undefined),
        buttons.length > 0 && h("span", { class: "acts" }, ...buttons),
    );
}

/** A note beside the draft: why, and at which words. */
function refusal(number: number, message: string, ranges: readonly Range[]): HTMLElement {
    const words = ranges.map((range) => range.toString()).join(" … ");
    return h(
        "div",
        { class: "note" },
        h("span", { class: "no" }, String(number)),
        h("h2", {}, message),
        words ? h("p", {}, h("q", {}, words)) : undefined,
    );
}
