// When to check: some time after the last key, at the latest some time after the first, and after a failure when it may pass. Knows
// neither the text nor the service.

/** Times in milliseconds. */
export interface Pace {
    /** After the last change. */
    debounceMs: number;
    /** After the first change that is not checked, however fast others follow. */
    mostMs: number;
}

/** When a change is due to be checked, on the clock of both arguments. */
export function due(firstUnchecked: number, lastChange: number, { debounceMs, mostMs }: Pace): number {
    return Math.min(lastChange + debounceMs, Math.max(firstUnchecked + mostMs, firstUnchecked + debounceMs));
}

const FIRST_MS = 2000;
const MOST_MS = 30_000;

/** How long to wait after failures in a row: 2, 4, 8 ... 30 seconds, or longer if the service says so. */
export class Backoff {
    #failures = 0;
    readonly #random: () => number;

    /** `random`: 0 to 1, so that many clients do not come back at the same moment. */
    constructor(random: () => number = Math.random) {
        this.#random = random;
    }

    /** After one more failure, in milliseconds. */
    next(retryMs: number | undefined, offline: boolean): number {
        const step = Math.min(MOST_MS, FIRST_MS * 2 ** this.#failures++);
        const base = offline || retryMs === undefined ? Math.max(step, retryMs ?? 0) : retryMs;
        return Math.round(base * (1 + 0.1 * this.#random()));
    }

    reset(): void {
        this.#failures = 0;
    }
}

/** One timer that is set anew. */
export class Timer {
    #timer: ReturnType<typeof setTimeout> | undefined;

    set(ms: number, run: () => void): void {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => {
            this.#timer = undefined;
            run();
        }, ms);
    }

    clear(): void {
        clearTimeout(this.#timer);
        this.#timer = undefined;
    }

    get pending(): boolean {
        return this.#timer !== undefined;
    }
}
