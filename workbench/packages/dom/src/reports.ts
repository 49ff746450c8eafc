// What agents do with marks, told to the service some at a time. A report that is lost may stay so. Knows no mark.
import type { MarkFeedback, Vermilion } from "@vermilion/client";
import { Timer } from "./schedule.js";

/** After the last one, in milliseconds. */
const REST_MS = 5000;
/** So many go at once. */
const MOST = 20;

/** Those of one session. */
export class Reports {
    readonly #client: Vermilion;
    readonly #wanted: boolean;
    readonly #timer = new Timer();
    #waiting: MarkFeedback[] = [];

    constructor(client: Vermilion, wanted: boolean) {
        this.#client = client;
        this.#wanted = wanted;
    }

    put(feedback: MarkFeedback): void {
        if (!this.#wanted) return;
        this.#waiting.push(feedback);
        if (this.#waiting.length >= MOST) this.send();
        else this.#timer.set(REST_MS, () => this.send());
    }

    /** What waits, now. */
    send(): void {
        this.#timer.clear();
        const feedbacks = this.#waiting;
        this.#waiting = [];
        // A count that is lost is no matter for the agent.
        if (feedbacks.length > 0) this.#client.report(feedbacks).catch(() => {});
    }
}
