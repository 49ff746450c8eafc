// The door: one object for all calls of one caller. Knows no DOM.
import type { Availability } from "./availability.js";
import { CallerCache, type Caller } from "./caller.js";
import { Dictionary } from "./dictionary.js";
import type { DocumentInput } from "./document.js";
import { Polishing, type Feedback, type Polish, type PolishOptions } from "./polishing.js";
import { Spelling, type CheckOptions, type CheckResult, type MarkFeedback, type Suggestions } from "./spelling.js";
import { connect, type ConnectionOptions } from "./transport.js";

/** How to reach the service. */
export interface VermilionOptions extends ConnectionOptions {
    /** For every call but a polish, in milliseconds. Default: 5,000. */
    timeoutMs?: number;
    /** For a polish with all its retries, in milliseconds. Default: 30,000. */
    polishTimeoutMs?: number;
    /** Whose dictionary it is, for pages that know; by default the service is asked, once. */
    caller?: DictionaryOwner | (() => Promise<DictionaryOwner> | DictionaryOwner);
}

/** The ids of a tenant and an agent. */
export type DictionaryOwner = Pick<Caller, "tenant" | "agent">;

/** The service, as one caller sees it. Every call fails with a VermilionFailure, or an AbortError if its signal says so. */
export interface Vermilion {
    /** The misspellings of one document. */
    check(document: DocumentInput, options?: CheckOptions): Promise<CheckResult>;
    /** The likeliest right spellings of one word. */
    suggest(
        word: string,
        options?: { language?: string | undefined; maxSuggestions?: number; signal?: AbortSignal | undefined },
    ): Promise<Suggestions>;
    /** What an agent did with marks: kept as counts. */
    report(feedbacks: readonly MarkFeedback[]): Promise<void>;
    readonly dictionary: Dictionary;
    /** Who calls, as the service sees it: asked once. */
    caller(): Promise<Caller>;
    /** Whether the caller may polish in this conversation, remembered for as long as the service allows. */
    availability(conversation?: string, options?: { fresh?: boolean }): Promise<Availability>;
    /** Starts a polish at once. */
    polish(document: DocumentInput, options: PolishOptions): Polish;
    /** What the agent did with a result. */
    feedback(polishId: string, feedback: Feedback): Promise<void>;
    /** Forgets what is remembered of the caller: after another has signed in. */
    forget(): void;
    /** The generated clients, over the same connection. */
    readonly raw: {
        spelling: Spelling["raw"];
        polishing: Polishing["raw"];
        settings: Dictionary["raw"];
        caller: CallerCache["raw"];
    };
}

/** Makes no call yet. */
export function createVermilion(options: VermilionOptions): Vermilion {
    const connection = connect(options);
    const { timeoutMs = 5000, polishTimeoutMs = 30_000 } = options;
    const spelling = new Spelling(connection, timeoutMs);
    const polishing = new Polishing(connection, timeoutMs, polishTimeoutMs);
    const caller = new CallerCache(connection, timeoutMs);
    const { caller: named } = options;
    const owner = async () => (typeof named === "function" ? named() : (named ?? caller.get()));
    const dictionary = new Dictionary(connection, timeoutMs, owner);
    return {
        check: (document, more) => spelling.check(document, more),
        suggest: (word, more) => spelling.suggest(word, more),
        report: (feedbacks) => spelling.report(feedbacks),
        dictionary,
        caller: () => caller.get(),
        availability: (conversation, more) => polishing.availability(conversation, more),
        polish: (document, more) => polishing.polish(document, more),
        feedback: (polishId, feedback) => polishing.feedback(polishId, feedback),
        forget: () => {
            polishing.forget();
            caller.forget();
        },
        raw: { spelling: spelling.raw, polishing: polishing.raw, settings: dictionary.raw, caller: caller.raw },
    };
}
