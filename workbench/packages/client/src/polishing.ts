// Polishing: availability, the stream of a polish with its result, feedback. Knows no DOM; the draft stays with whoever calls.
import { createClient, type Client } from "@connectrpc/connect";
import { AvailabilityCache, toAvailability, type Availability, type Operation, type Tone } from "./availability.js";
import { toWire, type DocumentInput, type Span } from "./document.js";
import { VermilionFailure } from "./failure.js";
import {
    ConversationTurn_Speaker as Speaker,
    Operation as WireOperation,
    PolishingService,
    PolishResult_Outcome as WireOutcome,
    RecordPolishFeedbackRequest_Feedback as WireFeedback,
    Tone as WireTone,
    type PolishResult as WireResult,
} from "./gen/vermilion/v1/polishing_pb.js";
import { OffsetEncoding } from "./gen/vermilion/v1/spelling_pb.js";
import type { TextEdit } from "./spelling.js";
import { abortError, uuid, type Connection } from "./transport.js";

/** What came of a polish. */
export interface PolishResult {
    /** Only with POLISHED is `content` another text than the draft. */
    outcome: Exclude<keyof typeof WireOutcome, "UNSPECIFIED">;
    /** Always safe to insert: the polished reply, else the draft as sent. */
    content: string;
    /** What changed, in the order of the draft; together they make `content` of it. */
    edits: TextEdit[];
    /** Why the model's answer was not used. */
    findings: GuardFinding[];
    /** What the agent should look at before sending. */
    reviewPoints: ReviewPoint[];
    /** How many values of each kind the model did not see. */
    masked: { kind: string; count: number }[];
    /** Polishes left in the conversation. */
    left: number;
    /** For `feedback`. */
    polishId: string;
}

/** A rule that the model's answer broke. */
export interface GuardFinding {
    /** Stable: AMOUNT_CHANGED, NAME_CHANGED ... */
    code: string;
    /** In English. */
    message: string;
    count: number;
    /** Where in the draft, if the service says. */
    draftSpans: Span[];
}

/** Something of a polished reply that a person should look at. */
export interface ReviewPoint {
    /** Stable: CHANGED, ADDED, OMITTED, or a code of a guard finding about meaning. */
    kind: string;
    /** HIGH: it could mislead or bind someone. */
    severity: "LOW" | "HIGH";
    /** Where in the draft. */
    draftSpans: Span[];
    /** Where in the polished content. */
    contentSpans: Span[];
    /** Who says so. */
    source: "RULE" | "MODEL";
    /** In English; `messages(locale).guard(kind)` has others. */
    message: string;
}

/** One message of the conversation before. */
export interface Turn {
    speaker: "customer" | "agent";
    /** Plain text. */
    text: string;
}

/** How to polish. */
export interface PolishOptions {
    /** The conversation, 1 to 128 characters of your own: polishes are counted by it. */
    conversation: string;
    tone?: Tone;
    operation?: Operation;
    /** What was said before, oldest first: at most 20 turns. */
    turns?: Turn[];
    signal?: AbortSignal | undefined;
    /** Default: made for this polish. The same id with the same draft is charged once. */
    requestId?: string;
}

/** A step of the preview. */
export interface PolishDelta {
    /** What came. */
    text: string;
    /** All that came: begins anew if a lost connection made the service begin anew. */
    preview: string;
}

/** A polish in progress. It runs whether or not the deltas are read. */
export interface Polish extends AsyncIterable<PolishDelta> {
    /** Fails with a VermilionFailure, or with an AbortError; then the draft stays valid and nothing is charged. */
    readonly result: Promise<PolishResult>;
    readonly requestId: string;
    abort(): void;
}

/** What the agent did with a result. */
export type Feedback = "accepted" | "edited" | "discarded";

const FEEDBACK: Record<Feedback, WireFeedback> = {
    accepted: WireFeedback.ACCEPTED,
    edited: WireFeedback.EDITED,
    discarded: WireFeedback.DISCARDED,
};
const SPEAKERS = { customer: Speaker.CUSTOMER, agent: Speaker.AGENT };

/** A stream that breaks off is asked for so often in all, with the same request id. */
const ATTEMPTS = 3;
/** Before the second try, and twice that before the third. */
const RETRY_MS = 500;

/** Polishing over a connection. */
export class Polishing {
    readonly #connection: Connection;
    readonly #timeoutMs: number;
    readonly #polishTimeoutMs: number;
    readonly #cache = new AvailabilityCache();
    /** The generated client. */
    readonly raw: Client<typeof PolishingService>;

    constructor(connection: Connection, timeoutMs: number, polishTimeoutMs: number) {
        this.#connection = connection;
        this.#timeoutMs = timeoutMs;
        this.#polishTimeoutMs = polishTimeoutMs;
        this.raw = createClient(PolishingService, connection.transport);
    }

    /** Remembered for the time that the service names; `fresh` asks anew. */
    availability(conversation = "", options: { fresh?: boolean } = {}): Promise<Availability> {
        if (options.fresh) this.#cache.forget(conversation);
        return this.#cache.get(conversation, async () => {
            const answer = await this.#connection.call(undefined, (headers) =>
                this.raw.getPolishingAvailability({ conversationId: conversation }, { headers, timeoutMs: this.#timeoutMs }),
            );
            return toAvailability(answer);
        });
    }

    /** After another agent has signed in. */
    forget(): void {
        this.#cache.forget();
    }

    polish(document: DocumentInput, options: PolishOptions): Polish {
        const requestId = options.requestId ?? uuid();
        const abort = new AbortController();
        const signal = options.signal ? AbortSignal.any([options.signal, abort.signal]) : abort.signal;
        const deltas = new Channel<PolishDelta>();
        const request = {
            document: toWire(document),
            tone: options.tone ? WireTone[options.tone] : WireTone.UNSPECIFIED,
            operation: options.operation ? WireOperation[options.operation] : WireOperation.UNSPECIFIED,
            conversationId: options.conversation,
            turns: (options.turns ?? []).map(({ speaker, text }) => ({ speaker: SPEAKERS[speaker], text })),
            requestId,
            offsetEncoding: OffsetEncoding.UTF16,
        };
        const deadline = Date.now() + this.#polishTimeoutMs;

        const attempt = () =>
            this.#connection.call(
                signal,
                async (headers) => {
                    let preview = "";
                    let result: WireResult | undefined;
                    const timeoutMs = Math.max(1, deadline - Date.now());
                    for await (const { event } of this.raw.streamPolishReply(request, { headers, signal, timeoutMs })) {
                        if (event.case === "delta") {
                            preview += event.value.text;
                            deltas.put({ text: event.value.text, preview });
                        } else if (event.case === "result") {
                            result = event.value;
                        }
                    }
                    if (result) return toResult(result);
                    const message = "the stream ended without a result";
                    throw new VermilionFailure({ kind: "offline", reason: "STREAM_CUT", message, requestId });
                },
                requestId,
            );

        const run = async (): Promise<PolishResult> => {
            for (let tried = 1; ; tried++) {
                try {
                    return await attempt();
                } catch (thrown) {
                    const again = thrown instanceof VermilionFailure && mayBeTriedAgain(thrown);
                    const wait = thrown instanceof VermilionFailure ? (thrown.retryMs ?? RETRY_MS * tried) : 0;
                    if (!again || tried >= ATTEMPTS || Date.now() + wait >= deadline) throw thrown;
                    await sleep(wait, signal);
                }
            }
        };
        const result = run().finally(() => this.#cache.forget(options.conversation));
        result.then(
            () => deltas.close(),
            (thrown) => deltas.close(thrown),
        );

        return { requestId, result, abort: () => abort.abort(), [Symbol.asyncIterator]: () => deltas.read() };
    }

    /** What the agent did with a result: counted by tenant, without any text. */
    async feedback(polishId: string, feedback: Feedback): Promise<void> {
        const request = { polishId, feedback: FEEDBACK[feedback] };
        await this.#connection.call(undefined, (headers) =>
            this.raw.recordPolishFeedback(request, { headers, timeoutMs: this.#timeoutMs }),
        );
    }
}

/** What a lost connection leaves behind; all else is for the agent to decide. */
function mayBeTriedAgain({ kind, reason }: VermilionFailure): boolean {
    return kind === "offline" || reason === "REQUEST_IN_PROGRESS";
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
        const timer = setTimeout(resolve, ms);
        signal.addEventListener("abort", () => (clearTimeout(timer), reject(abortError())), { once: true });
    });
}

function toResult(wire: WireResult): PolishResult {
    const later = wire as WireResult & { reviewPoints?: WirePoint[] };
    return {
        outcome: WireOutcome[wire.outcome] as PolishResult["outcome"],
        content: wire.content,
        edits: wire.edits.map(({ span, text }) => ({ span: toSpan(span), text })),
        findings: wire.findings.map((finding) => ({
            code: finding.code,
            message: finding.message,
            count: finding.count,
            draftSpans: ((finding as { draftSpans?: Span[] }).draftSpans ?? []).map(toSpan),
        })),
        reviewPoints: (later.reviewPoints ?? []).map(toPoint),
        masked: wire.masked.map(({ kind, count }) => ({ kind, count })),
        left: wire.remainingInConversation,
        polishId: wire.polishId,
    };
}

/** A review point as the contract has it. */
interface WirePoint {
    kind: string;
    severity: number;
    draftSpans: Span[];
    contentSpans: Span[];
    source: number;
    message: string;
}

function toPoint({ kind, severity, draftSpans, contentSpans, source, message }: WirePoint): ReviewPoint {
    return {
        kind,
        severity: severity === 2 ? "HIGH" : "LOW",
        draftSpans: draftSpans.map(toSpan),
        contentSpans: contentSpans.map(toSpan),
        source: source === 2 ? "MODEL" : "RULE",
        message,
    };
}

function toSpan(span: Span | undefined): Span {
    return { start: span?.start ?? 0, end: span?.end ?? 0 };
}

/** Values put by one side and read by any number of readers, each from the first on. */
class Channel<T> {
    readonly #values: T[] = [];
    #closed = false;
    #error: unknown;
    #wake: () => void = () => {};
    #more = new Promise<void>((resolve) => (this.#wake = resolve));

    put(value: T): void {
        this.#values.push(value);
        this.#signal();
    }

    close(error?: unknown): void {
        this.#closed = true;
        this.#error = error;
        this.#signal();
    }

    async *read(): AsyncGenerator<T, void, undefined> {
        for (let at = 0; ; ) {
            while (at < this.#values.length) yield this.#values[at++]!;
            if (this.#closed) {
                if (this.#error !== undefined) throw this.#error;
                return;
            }
            await this.#more;
        }
    }

    #signal(): void {
        const wake = this.#wake;
        this.#more = new Promise((resolve) => (this.#wake = resolve));
        wake();
    }
}
