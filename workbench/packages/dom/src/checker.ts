// When a text is checked and what comes of the call: paced by keys, one call at a time, waiting for services that are away. Knows
// neither marks nor the DOM.
import { VermilionFailure, type CheckOptions, type CheckResult, type DocumentInput, type Vermilion } from "@vermilion/client";
import { Backoff, due, Timer, type Pace } from "./schedule.js";

/**
 * - `idle`: nothing to check; - `waiting`: changed, will be checked; - `checking`; - `checked`: the marks are those of the text;
 * - `away`: the service does not answer, tried again at `retryAt`; - `stopped`: it answers, but not this: tried again at the next change.
 */
export type SessionState = "idle" | "waiting" | "checking" | "checked" | "away" | "stopped";

/** A text to check, and how. */
export interface CheckRequest {
    document: Exclude<DocumentInput, string>;
    options: CheckOptions;
}

/** What a checker asks and tells. */
export interface CheckerEvents {
    /** The text as it is now. */
    request(): CheckRequest;
    /** An answer to the text as it is now. */
    answered(result: CheckResult, content: string): void;
    /** Nobody stands for what was answered before. */
    emptied(): void;
    /** The state has changed. */
    changed(): void;
}

/** Checks one text, again and again, until it is stopped. */
export class Checker {
    readonly #client: Vermilion;
    readonly #pace: Pace;
    readonly #events: CheckerEvents;
    readonly #timer = new Timer();
    readonly #backoff = new Backoff();
    #state: SessionState = "idle";
    #failure: VermilionFailure | undefined;
    #retryAt: number | undefined;
    #revision = 0;
    #call: AbortController | undefined;
    #composing = false;
    #firstUnchecked: number | undefined;
    #stopped = false;

    constructor(client: Vermilion, pace: Pace, events: CheckerEvents) {
        this.#client = client;
        this.#pace = pace;
        this.#events = events;
    }

    get state(): SessionState {
        return this.#state;
    }

    /** Why the state is `away` or `stopped`. */
    get failure(): VermilionFailure | undefined {
        return this.#failure;
    }

    /** When an absent service is tried again, on the clock of `Date.now()`. */
    get retryAt(): number | undefined {
        return this.#retryAt;
    }

    /** The text has changed at this time: what is on its way is of another one. */
    textChanged(now: number): void {
        this.#revision++;
        this.#call?.abort();
        this.#firstUnchecked ??= now;
        // An absent service is tried when its time has come, not at each key.
        if (this.#composing || this.#state === "away") return;
        this.begin(due(this.#firstUnchecked, now, this.#pace) - now);
    }

    /** The text is one whose answer is known. */
    known(): void {
        this.#revision++;
        this.#call?.abort();
        this.#timer.clear();
        this.#firstUnchecked = undefined;
        if (this.#state !== "away") this.#set("checked");
    }

    /** While a word is being composed nothing is checked. `unchecked`: it has ended, and the text is another one. */
    compose(composing: boolean, unchecked: boolean): void {
        this.#composing = composing;
        if (composing) this.#timer.clear();
        else if (unchecked && this.#state !== "away") this.begin(this.#pace.debounceMs);
    }

    /** Checks after so many milliseconds, whatever happened before. */
    begin(ms: number): void {
        this.#retryAt = undefined;
        this.#set("waiting");
        if (ms > 0) return this.#timer.set(ms, () => void this.#check());
        this.#timer.clear();
        void this.#check();
    }

    stop(): void {
        this.#stopped = true;
        this.#call?.abort();
        this.#timer.clear();
    }

    async #check(): Promise<void> {
        this.#call?.abort();
        const call = (this.#call = new AbortController());
        const revision = ++this.#revision;
        this.#firstUnchecked = undefined;
        if (this.#stopped || this.#composing) return;
        const { document, options } = this.#events.request();
        if (!/\p{L}/u.test(document.content)) {
            this.#failure = undefined;
            this.#events.emptied();
            return this.#set("idle");
        }
        this.#set("checking");
        try {
            // The contract has 32 bits for the revision.
            const more = { signal: call.signal, revision: revision & 0x7fffffff };
            const result = await this.#client.check(document, { ...options, ...more });
            if (revision !== this.#revision) return;
            this.#backoff.reset();
            this.#failure = undefined;
            this.#events.answered(result, document.content);
            this.#set("checked");
        } catch (thrown) {
            if (revision === this.#revision && !call.signal.aborted) this.#failed(thrown);
        }
    }

    #failed(thrown: unknown): void {
        if (!(thrown instanceof VermilionFailure)) throw thrown;
        this.#failure = thrown;
        const offline = thrown.kind === "offline";
        // A service that is only busy leaves the marks that still hold; one that is gone leaves none that nobody stands for.
        if (thrown.kind !== "busy") this.#events.emptied();
        if (!offline && thrown.kind !== "busy") return this.#set("stopped");
        const wait = this.#backoff.next(thrown.retryMs, offline);
        this.#retryAt = Date.now() + wait;
        this.#timer.set(wait, () => void this.#check());
        this.#set("away");
    }

    #set(state: SessionState): void {
        this.#state = state;
        this.#events.changed();
    }
}
