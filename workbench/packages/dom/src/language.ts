// Whether a text reads as another language than it is checked in: from what the service left out. Pure: knows no DOM.
import type { CheckResult } from "@vermilion/client";

/** Below so many letters nothing is proposed: a greeting says little. Han characters count for four. */
const LEAST = 12;
const LETTER = /\p{L}/u;
const HAN = /\p{Script=Han}/u;
const TRADITIONAL = /[們這會個說對時國過後來學為與無間開關長門問題點體電話經訂單貨運費幾號請謝嗎還沒]/u;

/**
 * The language to propose: that in which more than half of the letters are, though the text was checked in another one.
 * Undefined: none.
 */
export function proposedLanguage(content: string, result: CheckResult): string | undefined {
    if (result.languageFallback) return undefined;
    let foreign = 0;
    const votes = new Map<string, number>();
    for (const { span, reason, language } of result.skipped) {
        if (reason !== "OTHER_LANGUAGE" && reason !== "OTHER_SCRIPT") continue;
        const text = content.slice(span.start, span.end);
        const weight = weigh(text);
        foreign += weight;
        const tag = language ?? guess(text);
        if (tag) votes.set(tag, (votes.get(tag) ?? 0) + weight);
    }
    const all = weigh(withoutTags(content));
    if (foreign < LEAST || foreign * 2 <= all) return undefined;
    const [best] = [...votes].sort(([, one], [, other]) => other - one);
    const tag = best?.[0];
    return tag && primary(tag) !== primary(result.language) ? tag : undefined;
}

function primary(tag: string): string {
    return tag.split("-")[0]!.toLowerCase();
}

function weigh(text: string): number {
    let sum = 0;
    for (const character of text) if (LETTER.test(character)) sum += HAN.test(character) ? 4 : 1;
    return sum;
}

function withoutTags(content: string): string {
    return content.replace(/<[^>]*>/g, " ");
}

/** Frequent words of one language that the other lacks. */
const WORDS: Record<string, Set<string>> = {
    en: new Set("the and is are was you your we our to of for with this that have has it will not please thank thanks".split(" ")),
    pt: new Set("que não nao para com uma um os as do da em seu sua você voce por está obrigado obrigada mais foi olá ola é e o".split(" ")),
};

/** For services that do not say which language a region is in. */
function guess(text: string): string | undefined {
    if (HAN.test(text)) return TRADITIONAL.test(text) ? "zh-Hant" : "zh-Hans";
    const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
    const scores = Object.entries(WORDS).map(([tag, known]) => [tag, words.filter((word) => known.has(word)).length] as const);
    const [best, second] = scores.sort(([, one], [, other]) => other - one);
    return best && second && best[1] > second[1] ? best[0] : undefined;
}
