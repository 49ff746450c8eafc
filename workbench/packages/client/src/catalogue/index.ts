// What to tell people, by kind and code, in four languages. Knows no page; every word can be replaced by one's own.
import type { VermilionFailure } from "../failure.js";
import type { MisspellingKind, SkipReason } from "../spelling.js";
import { en } from "./en.js";
import { ptBR } from "./pt-BR.js";
import { zhHans } from "./zh-Hans.js";
import { zhHant } from "./zh-Hant.js";

/**
 * `failure.` a kind of failure; `code.` a reason of a failure, an unmet condition, or a limit; `guard.` a code of a guard finding
 * or of a review point; `skip.` a reason for not checking; `mark.` a kind of misspelling; the rest: words of menus and status lines.
 */
export type MessageKey = keyof typeof en;
/** All words of one language. `{word}` and the like are filled in. */
export type Words = Record<MessageKey, string>;
/** The languages there are words for. */
export type Locale = "en" | "pt-BR" | "zh-Hans" | "zh-Hant";

const CATALOGUE: Record<Locale, Words> = { en, "pt-BR": ptBR, "zh-Hans": zhHans, "zh-Hant": zhHant };

/** Words of one language. */
export interface Messages {
    readonly locale: Locale;
    /** One sentence for the agent: by its reason if there are words for that, else by its kind. */
    failure(failure: Pick<VermilionFailure, "kind" | "reason" | "violations">): string;
    /** Of a condition, a limit or a reason; a code that is not known is answered as it is. */
    code(code: string): string;
    /** Of a guard finding or a review point; a code that is not known is answered as it is. */
    guard(code: string): string;
    skip(reason: SkipReason): string;
    /** Why a word is marked. */
    mark(kind: MisspellingKind, word: string): string;
    /** Any word, with its blanks filled in. */
    text(key: MessageKey, blanks?: Record<string, string | number>): string;
}

/** The language of words for a BCP 47 tag: English if there are none. */
export function localeOf(tag: string): Locale {
    const [language, ...rest] = tag.toLowerCase().split(/[-_]/);
    if (language === "pt") return "pt-BR";
    if (language !== "zh" && language !== "yue") return "en";
    const traditional = rest.includes("hant") || (!rest.includes("hans") && rest.some((part) => ["tw", "hk", "mo"].includes(part)));
    return traditional || (language === "yue" && !rest.includes("hans")) ? "zh-Hant" : "zh-Hans";
}

/** The words for a BCP 47 tag. `own` has words that are better than ours. */
export function messages(tag: string, own: Partial<Words> = {}): Messages {
    const locale = localeOf(tag);
    const words: Words = { ...CATALOGUE[locale], ...own };
    const known = (key: string): string | undefined => words[key as MessageKey];
    const text = (key: MessageKey, blanks: Record<string, string | number> = {}) =>
        words[key].replace(/\{(\w+)\}/g, (blank, name: string) => String(blanks[name] ?? blank));
    return {
        locale,
        // Which limit is reached is worth more than that one is.
        failure: ({ kind, reason, violations }) =>
            violations.map(({ code }) => known(`code.${code}`)).find(Boolean) ?? known(`code.${reason}`) ?? text(`failure.${kind}`),
        code: (code) => known(`code.${code}`) ?? code,
        guard: (code) => known(`guard.${code}`) ?? code,
        skip: (reason) => known(`skip.${reason}`) ?? reason,
        mark: (kind, word) => (known(`mark.${kind}`) ? text(`mark.${kind}` as MessageKey, { word }) : word),
        text,
    };
}
