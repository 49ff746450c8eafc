// @vermilion/client: what the package offers.
export { createVermilion, type DictionaryOwner, type Vermilion, type VermilionOptions } from "./vermilion.js";
export type { Availability, Condition, ConditionType, Operation, Reason, Tone } from "./availability.js";
export type { Caller, Role } from "./caller.js";
export { Dictionary, type AddedWord, type DictionaryScope, type DictionaryWord } from "./dictionary.js";
export { contentOf, type Channel, type DocumentInput, type Span } from "./document.js";
export { VermilionFailure, type FailureKind, type Violation } from "./failure.js";
export type { Feedback, GuardFinding, Polish, PolishDelta, PolishOptions, PolishResult, ReviewPoint, Turn } from "./polishing.js";
export type {
    CheckOptions,
    CheckResult,
    MarkFeedback,
    Misspelling,
    MisspellingKind,
    SkippedRegion,
    SkipReason,
    Suggestion,
    Suggestions,
    TextEdit,
} from "./spelling.js";
export type { ConnectionOptions, Identity } from "./transport.js";
