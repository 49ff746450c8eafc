// Checks and suggestions. Knows neither the DOM nor when to check.
import { createClient, type Client } from "@connectrpc/connect";
import { toWire, type DocumentInput, type Span } from "./document.js";
import {
    MisspellingKind as WireKind,
    OffsetEncoding,
    SpellingFeedback_Action as WireAction,
    SkipReason as WireReason,
    SpellingService,
    type CheckSpellingResponse,
    type Misspelling as WireMisspelling,
    type SkippedRegion as WireRegion,
    type Suggestion as WireSuggestion,
} from "./gen/vermilion/v1/spelling_pb.js";
import type { Connection } from "./transport.js";

/** Why a span is marked: the names of `MisspellingKind` in the contract. A later service may know more. */
export type MisspellingKind = Exclude<keyof typeof WireKind, "UNSPECIFIED">;

/** Why a region is not checked: the names of `SkipReason` in the contract. */
export type SkipReason = Exclude<keyof typeof WireReason, "UNSPECIFIED">;

/** Replace `span` by `text`. */
export interface TextEdit {
    span: Span;
    text: string;
}

/** What the writer probably meant. */
export interface Suggestion {
    /** Plain text in place of the whole misspelling. */
    text: string;
    /** 0 to 1, comparable within one list. */
    score: number;
    /** How to divide it over the spans of a misspelling that markup divides; empty: nothing to divide, or the service does not say. */
    edits: TextEdit[];
}

/** One wrongly written word, or character. */
export interface Misspelling {
    /** Where; more than one only where markup divides it. */
    spans: Span[];
    /** The text at the spans: compare it with your own before you paint. */
    text: string;
    /** The word around it, where the mark is a part of one: 报歉 for 报. Else the text. */
    word: string;
    kind: MisspellingKind;
    suggestions: Suggestion[];
    /** Whether a limit cut the suggestions: ask `suggest`. */
    suggestionsIncomplete: boolean;
    /** In English. */
    message: string;
    /** What the words mean that are taken for one another, in the language of the text; else empty. */
    explanation: string;
    /** Of lower certainty; only where asked for. */
    hint: boolean;
}

/** A part that was not checked. */
export interface SkippedRegion {
    span: Span;
    reason: SkipReason;
    /** The language it is in, of OTHER_LANGUAGE, where the service says. */
    language?: string;
}

/** What a check found. */
export interface CheckResult {
    misspellings: Misspelling[];
    skipped: SkippedRegion[];
    /** The language that was used: "en-GB", "pt-BR" ... */
    language: string;
    /** The language asked for is not supported and the text was read as English: its marks say little. */
    languageFallback: boolean;
    /** A limit cut something: suggestions, or the end of a very long text. */
    incomplete: boolean;
    /** As sent. */
    revision: number;
}

/** How to check. */
export interface CheckOptions {
    /** BCP 47; default: the tenant's language. */
    language?: string | undefined;
    signal?: AbortSignal | undefined;
    /** Comes back in the result: a way to tell an answer to an older text. */
    revision?: number;
    /** 0 to 20, default 5. */
    maxSuggestions?: number;
    /** Also findings of lower certainty (Chinese). */
    includeHints?: boolean;
    /** Also variants that a style guide would change (Chinese). */
    includeStyle?: boolean;
    /** Words that are right for this call: what the writer chose to ignore. */
    ignoredWords?: string[];
    /** Report only what touches these; all of the text is read. */
    onlySpans?: Span[];
}

/** What an agent did with a mark. */
export interface MarkFeedback {
    action: "accepted" | "ignored" | "added";
    kind: MisspellingKind;
    /** As the check's answer says. */
    language: string;
    /** Which suggestion was taken, 0 for the first. */
    suggestion?: number;
    /** The word that was ignored or added: read only where the tenant lets its dictionary learn. */
    word?: string;
}

/** The likeliest right spellings of one word. */
export interface Suggestions {
    suggestions: Suggestion[];
    /** Whether the word itself is right. */
    accepted: boolean;
    language: string;
}

/** Checks over a connection. */
export class Spelling {
    readonly #connection: Connection;
    readonly #timeoutMs: number;
    /** The generated client. */
    readonly raw: Client<typeof SpellingService>;

    constructor(connection: Connection, timeoutMs: number) {
        this.#connection = connection;
        this.#timeoutMs = timeoutMs;
        this.raw = createClient(SpellingService, connection.transport);
    }

    async check(document: DocumentInput, options: CheckOptions = {}): Promise<CheckResult> {
        const { signal } = options;
        const request = {
            document: toWire(document),
            languageCode: options.language ?? "",
            offsetEncoding: OffsetEncoding.UTF16,
            clientRevision: options.revision ?? 0,
            options: { includeHints: options.includeHints ?? false, includeStyle: options.includeStyle ?? false },
            ...(options.maxSuggestions === undefined ? {} : { maxSuggestions: options.maxSuggestions }),
            ignoredWords: (options.ignoredWords ?? []).slice(-MOST_IGNORED),
            onlySpans: options.onlySpans ?? [],
        };
        const answer = await this.#connection.call(signal, (headers) =>
            this.raw.checkSpelling(request, { headers, timeoutMs: this.#timeoutMs, ...(signal && { signal }) }),
        );
        return fromAnswer(answer);
    }

    async suggest(
        word: string,
        options: { language?: string | undefined; maxSuggestions?: number; signal?: AbortSignal | undefined } = {},
    ): Promise<Suggestions> {
        const { signal } = options;
        const request = {
            word,
            languageCode: options.language ?? "",
            ...(options.maxSuggestions === undefined ? {} : { maxSuggestions: options.maxSuggestions }),
        };
        const answer = await this.#connection.call(signal, (headers) =>
            this.raw.getSuggestions(request, { headers, timeoutMs: this.#timeoutMs, ...(signal && { signal }) }),
        );
        return { suggestions: answer.suggestions.map(suggestion), accepted: answer.accepted, language: answer.languageCode };
    }

    /** What was done with up to fifty marks: counted by tenant. A report that is lost may stay so. */
    async report(feedbacks: readonly MarkFeedback[]): Promise<void> {
        const wire = feedbacks.map(({ action, kind, language, suggestion, word }) => ({
            action: ACTIONS[action],
            kind: WireKind[kind],
            languageCode: language,
            suggestionRank: suggestion === undefined ? 0 : suggestion + 1,
            word: word ?? "",
        }));
        await this.#connection.call(undefined, (headers) =>
            this.raw.recordSpellingFeedback({ feedbacks: wire }, { headers, timeoutMs: this.#timeoutMs }),
        );
    }
}

const ACTIONS = { accepted: WireAction.ACCEPTED, ignored: WireAction.IGNORED, added: WireAction.ADDED };
/** The most words that a check takes; those that were ignored first are left out. */
const MOST_IGNORED = 100;

function fromAnswer(answer: CheckSpellingResponse): CheckResult {
    return {
        misspellings: answer.misspellings.map(misspelling),
        skipped: answer.skippedRegions.map(region),
        language: answer.languageCode,
        languageFallback: answer.languageFallback,
        incomplete: answer.incomplete,
        revision: answer.clientRevision,
    };
}

function misspelling(wire: WireMisspelling): Misspelling {
    return {
        spans: wire.spans.map(span),
        text: wire.text,
        word: wire.word || wire.text,
        kind: WireKind[wire.kind] as MisspellingKind,
        suggestions: wire.suggestions.map(suggestion),
        suggestionsIncomplete: wire.suggestionsIncomplete,
        message: wire.message,
        explanation: wire.explanation,
        hint: wire.hint,
    };
}

function suggestion(wire: WireSuggestion): Suggestion {
    const edits = wire.edits.flatMap(({ span: at, text }) => (at ? [{ span: span(at), text }] : []));
    return { text: wire.text, score: wire.score, edits };
}

function region(wire: WireRegion): SkippedRegion {
    const { languageCode } = wire as WireRegion & { languageCode?: string };
    const reason = WireReason[wire.reason] as SkipReason;
    return { span: span(wire.span ?? { start: 0, end: 0 }), reason, ...(languageCode && { language: languageCode }) };
}

function span({ start, end }: Span): Span {
    return { start, end };
}
