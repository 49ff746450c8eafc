// What can go wrong with a call, as one type: from the status and its google.rpc details. Knows no method and no text for people;
// those are in catalogue/.
import { Code, ConnectError } from "@connectrpc/connect";
import type { Duration } from "@bufbuild/protobuf/wkt";
import {
    BadRequestSchema,
    ErrorInfoSchema,
    PreconditionFailureSchema,
    QuotaFailureSchema,
    RetryInfoSchema,
} from "./gen/google/rpc/error_details_pb.js";

/**
 * What a program does about a failure:
 * - `offline`: nothing answers. Try again later; the text is safe.
 * - `auth`: who calls is not known, or may not do this. Sign in anew.
 * - `busy`: the service, or what it asks, is busy or being restarted. Again after `retryMs`.
 * - `limit`: a quota is used up, or a dictionary is full. Waiting does not help soon.
 * - `refused`: the service will not do this as things stand: conditions that are not met, a text that is too long.
 * - `bug`: the request is wrong in a way that only a programmer can mend, or the service has a fault.
 */
export type FailureKind = "offline" | "auth" | "busy" | "limit" | "refused" | "bug";

/** One condition of polishing that is not met, or one field that breaks a rule. */
export interface Violation {
    /** Stable, for programs. */
    code: string;
    /** The condition, the quota or the field's path. */
    subject: string;
    /** In English. */
    message: string;
}

/** Every failure of every call, but for an abort, which is the platform's AbortError. */
export class VermilionFailure extends Error {
    override readonly name = "VermilionFailure";
    readonly kind: FailureKind;
    /** `google.rpc.ErrorInfo.reason`, stable (docs/statuses.md); "OFFLINE" or the gRPC code's name where there is none. */
    readonly reason: string;
    /** After so many milliseconds the same call may succeed. */
    readonly retryMs?: number;
    /** The call's `x-request-id`, by which the service's log knows it. */
    readonly requestId: string;
    /** The unmet conditions, the limits reached or the fields that are wrong. */
    readonly violations: readonly Violation[];

    constructor(parts: {
        kind: FailureKind;
        reason: string;
        message: string;
        requestId: string;
        retryMs?: number | undefined;
        violations?: readonly Violation[];
        cause?: unknown;
    }) {
        super(parts.message, { cause: parts.cause });
        this.kind = parts.kind;
        this.reason = parts.reason;
        this.requestId = parts.requestId;
        if (parts.retryMs !== undefined) this.retryMs = parts.retryMs;
        this.violations = parts.violations ?? [];
    }
}

/** Reasons that tell of the request's text, not of a mistake in a program. */
const REFUSED_TEXTS = new Set(["TEXT_TOO_LONG", "EMPTY", "WORD_EMPTY", "WORD_TOO_LONG", "WORD_INVALID", "WORD_SINGLE_CHARACTER", "TOO_MANY"]);

/** Milliseconds of a google.protobuf.Duration. */
export function milliseconds(duration: Duration): number {
    return Number(duration.seconds) * 1000 + duration.nanos / 1e6;
}

/** What a thrown value means; a VermilionFailure stays what it is. */
export function toFailure(thrown: unknown, requestId: string): VermilionFailure {
    if (thrown instanceof VermilionFailure) return thrown;
    const error = ConnectError.from(thrown);
    const info = error.findDetails(ErrorInfoSchema)[0];
    const delay = error.findDetails(RetryInfoSchema)[0]?.retryDelay;
    const retryMs = delay && milliseconds(delay);
    const quotas = error.findDetails(QuotaFailureSchema).flatMap((quota) => quota.violations);
    const kind = kindOf(error, info?.reason, retryMs, quotas.length > 0);
    return new VermilionFailure({
        kind,
        reason: info?.reason ?? (kind === "offline" ? "OFFLINE" : screaming(Code[error.code])),
        message: error.rawMessage,
        requestId: error.metadata.get("x-request-id") ?? requestId,
        retryMs,
        violations: [
            ...error
                .findDetails(PreconditionFailureSchema)
                .flatMap((failure) => failure.violations)
                .map(({ type, subject, description }) => ({ code: type, subject, message: description })),
            ...quotas.map(({ subject, description }) => ({ code: subject, subject, message: description })),
            ...error
                .findDetails(BadRequestSchema)
                .flatMap((bad) => bad.fieldViolations)
                .map(({ reason, field, description }) => ({ code: reason || (info?.reason ?? ""), subject: field, message: description })),
        ],
        cause: thrown,
    });
}

function kindOf(error: ConnectError, reason: string | undefined, retryMs: number | undefined, quota: boolean): FailureKind {
    switch (error.code) {
        case Code.Unauthenticated:
        case Code.PermissionDenied:
            return "auth";
        case Code.Unavailable:
            // Without a reason it is a proxy's word: nobody answers behind it. Without a delay only the operator can help.
            if (reason === undefined) return "offline";
            return retryMs === undefined ? "refused" : "busy";
        case Code.DeadlineExceeded:
            return reason === undefined ? "offline" : "busy";
        case Code.Aborted:
            return reason === "REQUEST_IN_PROGRESS" ? "busy" : "refused";
        case Code.ResourceExhausted:
            return retryMs === undefined ? "limit" : "busy";
        case Code.OutOfRange:
            return "limit";
        case Code.FailedPrecondition:
            return quota ? "limit" : "refused";
        case Code.NotFound:
        case Code.AlreadyExists:
        case Code.Unimplemented:
            return "refused";
        case Code.InvalidArgument:
            return reason !== undefined && REFUSED_TEXTS.has(reason) ? "refused" : "bug";
        case Code.Unknown:
            // fetch has one error for all that keeps an answer from coming: a TypeError. The service never answers UNKNOWN.
            return error.cause instanceof TypeError || reason === undefined ? "offline" : "bug";
        default:
            return "bug";
    }
}

/** "FailedPrecondition" as "FAILED_PRECONDITION". */
function screaming(name: string | undefined): string {
    return (name ?? "Unknown").replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
}
