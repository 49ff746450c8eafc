// The caller's own words: added, removed, listed. Knows no DOM.
import { createClient, type Client } from "@connectrpc/connect";
import type { Caller } from "./caller.js";
import { VermilionFailure } from "./failure.js";
import { SettingsService, type DictionaryWord as WireWord } from "./gen/vermilion/v1/settings_pb.js";
import type { Connection } from "./transport.js";

/** Whose words: those of the calling agent, or those of all agents of the tenant, which its administrator may change. */
export type DictionaryScope = "agent" | "tenant";

/** A word of a dictionary. */
export interface DictionaryWord {
    /** The resource's name, by which it is removed. */
    name: string;
    text: string;
}

/** What adding did. */
export interface AddedWord {
    word: DictionaryWord;
    /** Whether it was not there before. */
    added: boolean;
    /** Takes it out again, unless it was there before. */
    undo(): Promise<void>;
}

/** So many words a page of a list has. */
const PAGE = 1000;

/** Dictionaries over a connection. */
export class Dictionary {
    readonly #connection: Connection;
    readonly #timeoutMs: number;
    readonly #caller: () => Promise<Pick<Caller, "tenant" | "agent">>;
    /** The generated client of all settings. */
    readonly raw: Client<typeof SettingsService>;

    constructor(connection: Connection, timeoutMs: number, caller: () => Promise<Pick<Caller, "tenant" | "agent">>) {
        this.#connection = connection;
        this.#timeoutMs = timeoutMs;
        this.#caller = caller;
        this.raw = createClient(SettingsService, connection.transport);
    }

    /** A word that is there already is a success. */
    async add(text: string, scope: DictionaryScope = "agent"): Promise<AddedWord> {
        const parent = await this.#parent(scope);
        try {
            const made = await this.#connection.call(undefined, (headers) =>
                this.raw.createDictionaryWord({ parent, dictionaryWord: { text } }, this.#options(headers)),
            );
            const word = toWord(made);
            return { word, added: true, undo: () => this.remove(word) };
        } catch (thrown) {
            if (!(thrown instanceof VermilionFailure) || thrown.reason !== "ALREADY_EXISTS") throw thrown;
            // A batch leaves words that are there as they are, and says what they are called.
            const { dictionaryWords } = await this.#connection.call(undefined, (headers) =>
                this.raw.batchCreateDictionaryWords({ parent, texts: [text] }, this.#options(headers)),
            );
            return { word: toWord(dictionaryWords[0]!), added: false, undo: async () => {} };
        }
    }

    /** A word that is gone already is a success. */
    async remove(word: DictionaryWord | string): Promise<void> {
        const name = typeof word === "string" ? word : word.name;
        try {
            await this.#connection.call(undefined, (headers) => this.raw.deleteDictionaryWord({ name }, this.#options(headers)));
        } catch (thrown) {
            if (!(thrown instanceof VermilionFailure) || thrown.reason !== "NOT_FOUND") throw thrown;
        }
    }

    /** In the order in which they were added. One call for each thousand words. */
    async *list(scope: DictionaryScope = "agent"): AsyncGenerator<DictionaryWord, void, undefined> {
        const parent = await this.#parent(scope);
        let pageToken = "";
        do {
            const request = { parent, pageSize: PAGE, pageToken };
            const page = await this.#connection.call(undefined, (headers) =>
                this.raw.listDictionaryWords(request, this.#options(headers)),
            );
            for (const word of page.dictionaryWords) yield toWord(word);
            pageToken = page.nextPageToken;
        } while (pageToken !== "");
    }

    async #parent(scope: DictionaryScope): Promise<string> {
        const { tenant, agent } = await this.#caller();
        return scope === "tenant" ? `tenants/${tenant}` : `tenants/${tenant}/agents/${agent}`;
    }

    #options(headers: HeadersInit): { headers: HeadersInit; timeoutMs: number } {
        return { headers, timeoutMs: this.#timeoutMs };
    }
}

function toWord({ name, text }: WireWord): DictionaryWord {
    return { name, text };
}
