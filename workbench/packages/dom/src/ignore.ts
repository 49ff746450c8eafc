// What the writer chose not to be told of: words everywhere, or one place of a text. Pure: knows no DOM.
import type { Misspelling, Span } from "@vermilion/client";
import { shifted, type Change } from "./change.js";

/** Words that are ignored everywhere, shared by the sessions that are given it. */
export class IgnoreList extends EventTarget {
    readonly #keys = new Set<string>();
    readonly #words = new Set<string>();

    constructor(words: Iterable<string> = []) {
        super();
        for (const word of words) this.#put(word, word);
    }

    /** Tells a "change". */
    add({ text, word }: Pick<Misspelling, "text" | "word">): void {
        this.#put(text, word);
        this.dispatchEvent(new Event("change"));
    }

    /** Of a mark: whether it is ignored. A wrong character is ignored in its word only. */
    has({ text, word }: Pick<Misspelling, "text" | "word">): boolean {
        return this.#keys.has(key(text, word));
    }

    /** To send with a check. */
    get words(): string[] {
        return [...this.#words];
    }

    clear(): void {
        this.#keys.clear();
        this.#words.clear();
        this.dispatchEvent(new Event("change"));
    }

    #put(text: string, word: string): void {
        this.#keys.add(key(text, word));
        if (isDictionaryWord(word)) this.#words.add(word);
    }
}

/** What the contract takes in `ignored_words`; what it does not is left out here alone, after the check. */
function isDictionaryWord(word: string): boolean {
    const length = [...word].length;
    const unspaced = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]$/u;
    return length <= 64 && word === word.trim() && /\p{L}/u.test(word) && !/[\p{Cc}\u2028\u2029]/u.test(word) && !unspaced.test(word);
}

function key(text: string, word: string): string {
    return `${text}\n${word}`;
}

/** Places of one text, which move with it and are forgotten when they change. */
export class IgnoredPlaces {
    #places: Span[] = [];

    add(span: Span): void {
        this.#places.push(span);
    }

    has({ start, end }: Span): boolean {
        return this.#places.some((place) => place.start === start && place.end === end);
    }

    move(change: Change): void {
        this.#places = this.#places.flatMap((place) => shifted(place, change) ?? []);
    }
}
