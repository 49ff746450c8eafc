// The page: who is trying it, in which language, which conversation. Everything about a reply is the composer's.
import { createVermilion, type Vermilion } from "@vermilion/client";
import { IgnoreList } from "@vermilion/dom";
import { Composer } from "./composer.js";
import { brand, h, icon, select } from "./elements.js";
import { SAMPLES, type Sample, type SampleMessage } from "./samples.js";
import { LOCALES, preferred, wordsOf, type Locale, type Say } from "./words.js";

/** What the service says of itself at /workbench.json. */
interface Facts {
    identity: "headers" | "token";
    demoModel: boolean;
    tenants: { id: string; agents: string[] }[];
}

const NAMES: Record<Locale, string> = { en: "English", "pt-BR": "Português (Brasil)", "zh-Hans": "简体中文", "zh-Hant": "繁體中文" };

/** A choice that outlives the page, where the browser allows it. */
function remembered(key: string, value?: string): string | undefined {
    try {
        if (value !== undefined) localStorage.setItem(`vermilion.${key}`, value);
        return localStorage.getItem(`vermilion.${key}`) ?? undefined;
    } catch {
        return value;
    }
}

class Page {
    readonly #facts: Facts;
    readonly #ignored = new IgnoreList();
    readonly #sent = new Map<string, SampleMessage[]>();
    readonly #drafts = new Map<string, string>();
    readonly #visit = crypto.randomUUID?.().slice(0, 8) ?? String(Date.now());
    readonly #live = h("div", { class: "vh", role: "status", "aria-live": "polite" });
    #locale: Locale;
    #tenant: string;
    #agent: string;
    #token = "";
    #client: Vermilion;
    #composer: Composer | undefined;

    constructor(facts: Facts) {
        this.#facts = facts;
        this.#locale = (LOCALES as readonly string[]).includes(remembered("locale") ?? "")
            ? (remembered("locale") as Locale)
            : preferred(navigator.languages);
        this.#tenant = facts.tenants[0]?.id ?? "";
        this.#agent = facts.tenants[0]?.agents[0] ?? "";
        this.#client = this.#connect();
        const dark = remembered("theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
        document.documentElement.dataset["theme"] = dark;
        addEventListener("hashchange", () => this.draw());
    }

    #connect(): Vermilion {
        const caller = () => ({ tenant: this.#tenant, agent: this.#agent });
        const identity = () =>
            this.#facts.identity === "token" ? this.#token : { "x-tenant-id": this.#tenant, "x-agent-id": this.#agent };
        return createVermilion({ baseUrl: location.origin, identity, caller });
    }

    get #sample(): Sample {
        return SAMPLES.find(({ id }) => `#${id}` === location.hash) ?? SAMPLES[0]!;
    }

    /** Anew, from what is chosen; the drafts stay. */
    draw(): void {
        if (this.#composer) this.#drafts.set(this.#composer.sample.id, this.#composer.draft);
        this.#composer?.close();
        const say = wordsOf(this.#locale);
        document.documentElement.lang = this.#locale;
        document.title = `${this.#sample.name} · Vermilion`;
        const sample = this.#sample;
        const messages = () => [...sample.messages, ...(this.#sent.get(sample.id) ?? [])];
        const thread = h("div", { class: "thread", role: "log", tabindex: 0, "aria-label": say("messages") });
        const fill = () => {
            thread.replaceChildren(...messages().map((message) => this.#message(sample, message, say)));
            thread.scrollTop = thread.scrollHeight;
        };
        this.#composer = new Composer(sample, this.#drafts.get(sample.id) ?? sample.draft, {
            client: this.#client,
            locale: this.#locale,
            ignored: this.#ignored,
            demoModel: this.#facts.demoModel,
            caller: { tenant: this.#tenant, agent: this.#agent },
            conversation: `${sample.id}-${this.#visit}`,
            messages,
            announce: (text) => (this.#live.textContent = text),
            sent: (paragraphs) => {
                const time = new Date().toLocaleTimeString(this.#locale, { hour: "2-digit", minute: "2-digit", hour12: false });
                this.#sent.set(sample.id, [...(this.#sent.get(sample.id) ?? []), { from: "agent", time, paragraphs }]);
                fill();
            },
        });
        const list = () => document.body.classList.toggle("list-open");
        document.body.replaceChildren(
            h("a", { class: "skip", href: "#reply", onclick: (event: Event) => this.#skip(event) }, say("skipLink")),
            this.#top(say),
            this.#list(sample, say),
            h(
                "main",
                { class: "desk" },
                h(
                    "header",
                    { class: `head line${sample.mail ? " long" : ""}` },
                    h(
                        "div",
                        { class: "t" },
                        h("button", { class: "icon back", type: "button", "aria-label": say("back"), onclick: list }, icon("back", 18)),
                        h("h1", { lang: sample.language }, sample.name),
                        h("p", {}, `${say(sample.channelWord)} · ${say(sample.languageWord)}`),
                    ),
                ),
                thread,
                this.#composer.element,
            ),
            this.#live,
        );
        document.body.classList.remove("list-open", "settings-open");
        this.#composer.start();
        fill();
        // What the composer takes of the height it does not take from the last message.
        new ResizeObserver(() => (thread.scrollTop = thread.scrollHeight)).observe(thread);
    }

    #skip(event: Event): void {
        event.preventDefault();
        this.#composer?.focus();
    }

    #top(say: Say): HTMLElement {
        const { tenants, identity } = this.#facts;
        const who: HTMLElement[] = [];
        if (identity === "headers") {
            const ids = tenants.map(({ id }) => ({ value: id, text: id }));
            const agents = tenants.find(({ id }) => id === this.#tenant)?.agents ?? [];
            who.push(
                select(say("tenant"), ids, this.#tenant, (value) => this.#become(value, tenants.find(({ id }) => id === value)?.agents[0] ?? ""), true),
                select(say("agent"), agents.map((id) => ({ value: id, text: id })), this.#agent, (value) => this.#become(this.#tenant, value), true),
            );
        } else {
            const input = h("input", { type: "password", autocomplete: "off", onchange: () => this.#signIn(input.value) });
            who.push(h("label", { class: "field" }, h("span", {}, say("token")), input));
        }
        const languages = LOCALES.map((value) => ({ value, text: NAMES[value], lang: value }));
        const dark = document.documentElement.dataset["theme"] === "dark";
        const theme = () => {
            document.documentElement.dataset["theme"] = remembered("theme", dark ? "light" : "dark");
            this.draw();
        };
        const settings = () => document.body.classList.toggle("settings-open");
        return h(
            "header",
            { class: "top" },
            h("a", { class: "brand", href: "#harriet" }, brand(), h("b", {}, say("product")), " ", h("span", {}, say("workbench"))),
            h(
                "div",
                { class: "settings" },
                ...who,
                h("span", { class: "sep" }),
                select(say("uiLang"), languages, this.#locale, (value) => this.#speak(value as Locale)),
            ),
            h(
                "button",
                { class: "icon theme", type: "button", "aria-label": say(dark ? "themeLight" : "themeDark"), onclick: theme },
                icon("theme"),
            ),
            h("button", { class: "icon more", type: "button", "aria-label": say("settings"), onclick: settings }, icon("more", 18)),
        );
    }

    #list(current: Sample, say: Say): HTMLElement {
        const rows = SAMPLES.map((sample) =>
            h(
                "li",
                {},
                h(
                    "a",
                    {
                        class: "talk",
                        href: `#${sample.id}`,
                        "aria-current": sample === current ? "page" : undefined,
                        onclick: () => document.body.classList.remove("list-open"),
                    },
                    icon(sample.drawing),
                    h("b", { lang: sample.language }, sample.name),
                    h("time", { class: "num" }, sample.messages.at(-1)!.time.split(" ").at(-1)),
                    h("p", {}, say(sample.kind)),
                    h("span", { class: "lg" }, say(sample.languageWord)),
                ),
            ),
        );
        return h(
            "nav",
            { class: "list", "aria-label": say("conversations") },
            h("h2", {}, say("conversations")),
            h("ul", {}, ...rows),
            h("footer", {}, say("demoNote")),
        );
    }

    #message(sample: Sample, { from, time, paragraphs }: SampleMessage, say: Say): HTMLElement {
        const mine = from === "agent";
        const who = mine ? h("p", { class: "g" }, say("you")) : h("p", { class: "g", lang: sample.language }, sample.short);
        who.append(h("time", { class: "num" }, time));
        return h(
            "article",
            { class: `msg line${mine ? " mine" : ""}` },
            who,
            h("div", { class: "t", lang: sample.language }, ...paragraphs.map((text) => h("p", {}, text))),
        );
    }

    #become(tenant: string, agent: string): void {
        [this.#tenant, this.#agent] = [tenant, agent];
        this.#client = this.#connect();
        this.draw();
    }

    #signIn(token: string): void {
        this.#token = token.trim();
        this.#client = this.#connect();
        this.draw();
    }

    #speak(locale: Locale): void {
        this.#locale = locale;
        remembered("locale", locale);
        this.draw();
    }
}

const facts = (await (await fetch("/workbench.json")).json()) as Facts;
new Page(facts).draw();
