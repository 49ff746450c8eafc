// Why polishing is not on offer: all four conditions, and who can change those that are not met.
import type { Availability, ConditionType } from "@vermilion/client";
import { h, icon } from "./elements.js";
import type { Say, Word } from "./words.js";

const WORDS: Record<ConditionType, { on: Word; off: Word; by: Word }> = {
    REFINE_RESPONSE: { on: "c1on", off: "c1off", by: "byOperator" },
    VERSATILE_AGENT: { on: "c2on", off: "c2off", by: "byOperator" },
    INTELLIGENT_RECOGNITION: { on: "c3on", off: "c3off", by: "byAdmin" },
    REPLY_POLISHING: { on: "c4on", off: "c4off", by: "byAdmin" },
};
const LIMITS: Record<string, Word> = {
    MODEL_NOT_CONFIGURED: "noModel",
    CONVERSATION_POLISHES: "noneLeft",
    AGENT_DAILY_POLISHES: "limitDay",
    TENANT_DAILY_POLISHES: "limitDay",
};

/** The list in place of the controls. */
export function conditions(availability: Availability, say: Say): HTMLElement {
    const unmet = availability.conditions.filter(({ met }) => !met).length;
    const limits = availability.reasons.flatMap(({ code }) => LIMITS[code] ?? []);
    const rows = availability.conditions.map(({ type, met, code }) => {
        const words = WORDS[type];
        const off = code === "ADMINISTRATOR_AGENT_UNSET" ? "c2none" : words.off;
        return h(
            "li",
            { class: met ? "met" : "unmet" },
            icon(met ? "met" : "unmet"),
            met ? h("span", { class: "what" }, say(words.on)) : h("b", {}, say(off)),
            h("span", {}, say(met ? "met" : words.by)),
        );
    });
    const notes = limits.map((word) => h("p", { class: "limit" }, say(word)));
    return h(
        "section",
        { class: "cond", "aria-labelledby": "cond" },
        h("h2", { id: "cond" }, say("unavail")),
        ...(unmet > 0 ? [h("p", {}, say("unavailSub", { n: unmet }))] : []),
        ...notes,
        unmet > 0 && h("ul", {}, ...rows),
    );
}
