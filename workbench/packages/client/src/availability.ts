// Whether the caller may polish, and if not, why: remembered for as long as the service allows. Knows no wording; that is in
// catalogue/.
import { PolishingCondition_Type as WireType, Operation as WireOperation, Tone as WireTone } from "./gen/vermilion/v1/polishing_pb.js";
import type { PolishingAvailability as WireAvailability } from "./gen/vermilion/v1/polishing_pb.js";
import { milliseconds } from "./failure.js";

/** The names of `Tone` in the contract. */
export type Tone = Exclude<keyof typeof WireTone, "UNSPECIFIED">;
/** The names of `Operation` in the contract. */
export type Operation = Exclude<keyof typeof WireOperation, "UNSPECIFIED">;
/** The four conditions, by their names in the contract. */
export type ConditionType = Exclude<keyof typeof WireType, "UNSPECIFIED">;

/** One of the four conditions. */
export interface Condition {
    type: ConditionType;
    met: boolean;
    /** Why it is not met; empty when met. */
    code: string;
    /** In English; empty when met. */
    message: string;
}

/** Why polishing is not on offer. */
export interface Reason {
    /** A condition's code, MODEL_NOT_CONFIGURED, or the limit that is used up: CONVERSATION_POLISHES, AGENT_DAILY_POLISHES. */
    code: string;
    /** In English; `messages(locale).code(code)` has others. */
    message: string;
}

/** Whether the caller may polish. */
export interface Availability {
    /** Whether a polish would be tried and not be refused for a limit. */
    canPolish: boolean;
    /** Why not, each code once. */
    reasons: Reason[];
    /** Polishes left in the conversation; undefined if none was named. */
    left?: number;
    /** Polishes left to the agent today; undefined if the service does not say. */
    leftToday?: number;
    /** All four, in the contract's order. */
    conditions: Condition[];
    modelConfigured: boolean;
    tones: Tone[];
    operations: Operation[];
    /** For how long this may be remembered. */
    maxAgeMs: number;
}

/** What is remembered is good for a second at least, so that a page may ask whenever it draws. */
const LEAST_AGE_MS = 1000;
/** Conversations remembered; those asked about longest ago are forgotten first. */
const MOST_REMEMBERED = 100;

/** Answers of one caller, by conversation. */
export class AvailabilityCache {
    readonly #entries = new Map<string, { answer: Promise<Availability>; until: number }>();
    readonly #now: () => number;

    constructor(now: () => number = () => Date.now()) {
        this.#now = now;
    }

    /** What is remembered, else what `ask` answers, which many callers at once share. Failures are not remembered. */
    get(conversation: string, ask: () => Promise<Availability>): Promise<Availability> {
        const known = this.#entries.get(conversation);
        if (known && this.#now() < known.until) return known.answer;
        const entry = { answer: ask(), until: Infinity };
        this.#entries.delete(conversation);
        this.#entries.set(conversation, entry);
        if (this.#entries.size > MOST_REMEMBERED) this.#entries.delete(this.#entries.keys().next().value!);
        entry.answer.then(
            (answer) => (entry.until = this.#now() + Math.max(LEAST_AGE_MS, answer.maxAgeMs)),
            () => this.#entries.get(conversation) === entry && this.#entries.delete(conversation),
        );
        return entry.answer;
    }

    /** Of one conversation, or of all. */
    forget(conversation?: string): void {
        if (conversation === undefined) this.#entries.clear();
        else this.#entries.delete(conversation);
    }
}

/** What the service's answer says. */
export function toAvailability(wire: WireAvailability): Availability {
    const { remainingToday } = wire as WireAvailability & { remainingToday?: number };
    const left = wire.remainingInConversation;
    const reasons = new Map<string, Reason>();
    const give = (code: string, message: string) => reasons.has(code) || reasons.set(code, { code, message });
    for (const { met, code, message } of wire.conditions) if (!met) give(code, message);
    if (!wire.modelConfigured) give("MODEL_NOT_CONFIGURED", "no language model is configured");
    if (left !== undefined && left <= 0) give("CONVERSATION_POLISHES", "no polishes are left in this conversation");
    if (remainingToday !== undefined && remainingToday <= 0) give("AGENT_DAILY_POLISHES", "no polishes are left today");
    return {
        canPolish: wire.available && reasons.size === 0,
        reasons: [...reasons.values()],
        ...(left === undefined ? {} : { left }),
        ...(remainingToday === undefined ? {} : { leftToday: remainingToday }),
        conditions: wire.conditions.map(({ type, met, code, message }) => ({
            type: WireType[type] as ConditionType,
            met,
            code,
            message,
        })),
        modelConfigured: wire.modelConfigured,
        tones: wire.tones.map((tone) => WireTone[tone] as Tone),
        operations: wire.operations.map((operation) => WireOperation[operation] as Operation),
        maxAgeMs: wire.maxAge ? milliseconds(wire.maxAge) : 0,
    };
}
