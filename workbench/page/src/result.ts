// What came of a polish, as running text with its edits: walked through, taken or left, accepted or discarded.
import type { Messages } from "@vermilion/client/messages";
import type { Clause, DiffPart, FieldPoint, Review } from "@vermilion/dom";
import { CTRL, h, icon, segments } from "./elements.js";
import type { Say } from "./words.js";

/** What the view needs of the composer. */
export interface ResultHost {
    say: Say;
    messages: Messages;
    language: string;
    /** "6 of 10 left". */
    left: string;
    notes(notes: HTMLElement[]): void;
    done(accepted: boolean): void;
}

export class ResultView {
    readonly element: HTMLElement;
    readonly #review: Review;
    readonly #host: ResultHost;
    readonly #text: HTMLElement;
    readonly #walk = h("div", { class: "walk" });
    readonly #counts = h("span", {});
    /** Points that the agent has seen are done with. */
    readonly #open: Set<FieldPoint>;
    #current = 0;
    #clean = false;

    constructor(review: Review, host: ResultHost) {
        this.#review = review;
        this.#host = host;
        this.#open = new Set(review.points);
        const { say } = host;
        this.#text = h("div", { class: "draft diff", lang: host.language, role: "group", tabindex: -1, "aria-label": say("result") });
        const views: { value: "changes" | "clean"; text: string }[] = [
            { value: "changes", text: say("showChanges") },
            { value: "clean", text: say("showClean") },
        ];
        const show = (value: "changes" | "clean") => {
            this.#clean = value === "clean";
            this.#draw();
        };
        this.element = h(
            "div",
            { class: "result" },
            h("p", { class: "label" }, h("b", {}, say("result")), " ", this.#counts),
            this.#text,
            this.#walk,
            h(
                "form",
                { class: "bar" },
                segments("show", say("show"), views, "changes", show),
                h("span", { class: "left num" }, host.left, h("span", { class: "vh" }, ` ${say("leftLong")}`)),
                h(
                    "span",
                    { class: "end" },
                    h("button", { class: "btn quiet", type: "button", onclick: () => host.done(false) }, say("discard"), h("kbd", {}, "Esc")),
                    h("button", { class: "btn main", type: "button", onclick: () => host.done(true) }, say("accept"), h("kbd", {}, `${CTRL} ↵`)),
                ),
            ),
        );
        this.#draw();
    }

    /** For screen readers. */
    get summary(): string {
        return `${this.#host.say("result")}, ${this.#counts.textContent}`;
    }

    focus(): void {
        (this.#text.querySelector<HTMLElement>(".edit") ?? this.#text).focus();
    }

    key(event: KeyboardEvent): void {
        const command = event.ctrlKey || event.metaKey;
        if (event.key === "Escape") this.#host.done(false);
        else if (command && event.key === "Enter") this.#host.done(true);
        else if (command || event.altKey || !this.#text.contains(document.activeElement)) return;
        else if ((event.key === "Enter" || event.key === " ") && document.activeElement?.matches(".edit")) {
            if (!event.repeat) this.#take(this.#clause, !this.#clause?.taken);
        } else if (event.key === "ArrowRight") this.#go(1);
        else if (event.key === "ArrowLeft") this.#go(-1);
        else if (event.key.toLowerCase() === "t") this.#take(this.#clause, true);
        else if (event.key.toLowerCase() === "m") this.#take(this.#clause, false);
        else return;
        event.preventDefault();
    }

    get #clause(): Clause | undefined {
        return this.#review.clauses[this.#current];
    }

    #go(by: number): void {
        const count = this.#review.clauses.length;
        if (count === 0) return;
        this.#current = (this.#current + by + count) % count;
        this.#draw();
        this.#text.querySelector<HTMLElement>("[aria-current]")?.focus();
    }

    #take(clause: Clause | undefined, taken: boolean): void {
        if (!clause) return;
        clause.taken = taken;
        if (!taken) for (const point of clause.points) this.#open.delete(point);
        this.#draw();
        this.#text.querySelector<HTMLElement>("[aria-current]")?.focus();
    }

    #draw(): void {
        const { say } = this.#host;
        const { clauses, parts } = this.#review;
        const edits = say(clauses.length === 1 ? "edits1" : "editsN", { n: clauses.length });
        this.#counts.textContent = this.#open.size > 0 ? `${edits} · ${say("lookN", { n: this.#open.size })}` : edits;
        const drawn: (Node | string)[] = [];
        for (let at = 0; at < parts.length; ) {
            const { clause, text } = parts[at]!;
            if (clause === undefined) {
                drawn.push(text);
                at++;
                continue;
            }
            let end = at;
            while (end < parts.length && parts[end]!.clause === clause) end++;
            drawn.push(this.#drawClause(clause, parts.slice(at, end)));
            at = end;
        }
        this.#text.replaceChildren(...drawn);
        this.#drawWalk();
        this.#host.notes([...this.#pointNotes(), ...this.#maskedNote()]);
    }

    #drawClause(index: number, parts: DiffPart[]): Node {
        const clause = this.#review.clauses[index]!;
        const points = clause.points.filter((point) => this.#open.has(point));
        const shown = parts.flatMap(({ kind, text }): (Node | string)[] => {
            if (kind === "same") return [text];
            if (!clause.taken) return kind === "removed" ? [text] : [];
            if (this.#clean) return kind === "added" ? [text] : [];
            const inner = points.length > 0 && kind === "added" ? h("span", { class: "look" }, text) : text;
            return [h(kind === "removed" ? "del" : "ins", {}, inner)];
        });
        for (const point of this.#clean ? [] : points) {
            shown.push(h("span", { class: "no amber", "aria-hidden": "true" }, String(this.#number(point))));
        }
        const choose = () => {
            this.#current = index;
            this.#draw();
            this.#text.querySelector<HTMLElement>("[aria-current]")?.focus();
        };
        return h(
            "span",
            {
                class: `edit${clause.taken ? "" : " kept"}`,
                tabindex: 0,
                role: "button",
                "aria-current": index === this.#current && !this.#clean ? "true" : undefined,
                "aria-pressed": String(clause.taken),
                "aria-describedby": points.length > 0 ? points.map((point) => `note-${this.#number(point)}`).join(" ") : undefined,
                onclick: choose,
                onfocus: () => {
                    if (index === this.#current) return;
                    choose();
                },
            },
            ...(shown as Node[]),
        );
    }

    #drawWalk(): void {
        const { say } = this.#host;
        const clause = this.#clause;
        this.#walk.hidden = this.#clean || !clause;
        if (!clause) return;
        const count = this.#review.clauses.length;
        const button = (text: string, key: string, taken: boolean) =>
            h(
                "button",
                {
                    class: `btn small${clause.taken === taken ? "" : " quiet"}`,
                    type: "button",
                    "aria-pressed": String(clause.taken === taken),
                    onclick: () => this.#take(clause, taken),
                },
                text,
                h("kbd", {}, key),
            );
        this.#walk.replaceChildren(
            h("button", { class: "icon", type: "button", "aria-label": say("prevEdit"), onclick: () => this.#go(-1) }, icon("previous", 14)),
            h("span", { class: "num" }, say("editOf", { i: this.#current + 1, n: count })),
            h("button", { class: "icon", type: "button", "aria-label": say("nextEdit"), onclick: () => this.#go(1) }, icon("next", 14)),
            h("span", { class: "acts" }, button(say("keepMine"), "M", false), button(say("take"), "T", true)),
        );
    }

    #number(point: FieldPoint): number {
        return this.#review.points.indexOf(point) + 1;
    }

    #pointNotes(): HTMLElement[] {
        const { say } = this.#host;
        return this.#review.points.filter((point) => this.#open.has(point)).map((point) => {
            const clause = this.#review.clauses.find(({ points }) => points.includes(point));
            const seen = () => {
                this.#open.delete(point);
                this.#draw();
            };
            return h(
                "div",
                { class: "note amber", id: `note-${this.#number(point)}` },
                h("span", { class: "no amber" }, String(this.#number(point))),
                h("h2", {}, say("lookHere")),
                h("p", {}, this.#host.messages.guard(point.kind)),
                clause && h("p", {}, h("q", {}, clause.before), " → ", h("q", {}, clause.after)),
                h(
                    "p",
                    { class: "acts" },
                    h("button", { class: "btn small quiet", type: "button", onclick: seen }, say("looksRight")),
                    clause && h("button", { class: "btn small quiet", type: "button", onclick: () => this.#take(clause, false) }, say("keepMine")),
                ),
            );
        });
    }

    #maskedNote(): HTMLElement[] {
        const { say } = this.#host;
        const count = this.#review.result.masked.reduce((sum, { count: one }) => sum + one, 0);
        if (count === 0) return [];
        return [h("div", { class: "note plain" }, h("h2", {}, say("masked")), h("p", {}, say(count === 1 ? "masked1" : "maskedN", { n: count })))];
    }
}
