// Calls over a transport of the tests' own: identity, renewal, retries, the kinds of failures, what is remembered.
import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { AvailabilityCache } from "../src/availability.ts";
import { createVermilion, VermilionFailure } from "../src/index.ts";
import { toFailure } from "../src/failure.ts";
import {
    BadRequestSchema,
    ErrorInfoSchema,
    PolishingService,
    PolishResult_Outcome,
    QuotaFailureSchema,
    RetryInfoSchema,
    SpellingService,
} from "../src/proto.ts";

/** A client over handlers. */
function clientOf(routes, options = {}) {
    const transport = ({ interceptors }) => createRouterTransport(routes, { transport: { interceptors } });
    return createVermilion({ baseUrl: "", transport, ...options });
}

function status(code, { reason, retry, quota, field } = {}, cause) {
    const details = [];
    if (reason) details.push({ desc: ErrorInfoSchema, value: { reason, domain: "vermilion" } });
    if (retry) details.push({ desc: RetryInfoSchema, value: { retryDelay: { seconds: BigInt(Math.floor(retry)), nanos: (retry % 1) * 1e9 } } });
    if (quota) details.push({ desc: QuotaFailureSchema, value: { violations: [{ subject: quota }] } });
    if (field) details.push({ desc: BadRequestSchema, value: { fieldViolations: [{ field, description: "no" }] } });
    // As it comes over the wire, where details are bytes.
    const error = new ConnectError("no", code, undefined, details, cause);
    error.details = error.details.map((detail) => ("desc" in detail ? { type: detail.desc.typeName, value: encode(detail) } : detail));
    return error;
}
import { toBinary } from "@bufbuild/protobuf";
const encode = ({ desc, value }) => toBinary(desc, create(desc, value));

const KINDS = [
    [Code.Unauthenticated, { reason: "IDENTITY_MISSING" }, "auth", "IDENTITY_MISSING"],
    [Code.PermissionDenied, { reason: "PERMISSION_DENIED" }, "auth", "PERMISSION_DENIED"],
    [Code.Unavailable, { reason: "OVERLOADED", retry: 1.5 }, "busy", "OVERLOADED", 1500],
    [Code.Unavailable, { reason: "MODEL_CREDENTIALS" }, "refused", "MODEL_CREDENTIALS"],
    [Code.Unavailable, {}, "offline", "OFFLINE"],
    [Code.DeadlineExceeded, {}, "offline", "OFFLINE"],
    [Code.DeadlineExceeded, { reason: "DEADLINE_EXCEEDED" }, "busy", "DEADLINE_EXCEEDED"],
    [Code.Aborted, { reason: "REQUEST_IN_PROGRESS", retry: 1 }, "busy", "REQUEST_IN_PROGRESS", 1000],
    [Code.Aborted, { reason: "ETAG_MISMATCH" }, "refused", "ETAG_MISMATCH"],
    [Code.ResourceExhausted, { reason: "POLISH_LIMIT_REACHED", quota: "CONVERSATION_POLISHES" }, "limit", "POLISH_LIMIT_REACHED"],
    [Code.ResourceExhausted, { reason: "TENANT_BUSY", retry: 1 }, "busy", "TENANT_BUSY", 1000],
    [Code.OutOfRange, {}, "limit", "OUT_OF_RANGE"],
    [Code.FailedPrecondition, { reason: "CONDITIONS_UNMET" }, "refused", "CONDITIONS_UNMET"],
    [Code.FailedPrecondition, { reason: "DICTIONARY_FULL", quota: "DICTIONARY_FULL" }, "limit", "DICTIONARY_FULL"],
    [Code.InvalidArgument, { reason: "TEXT_TOO_LONG", field: "document.content" }, "refused", "TEXT_TOO_LONG"],
    [Code.InvalidArgument, { reason: "LANGUAGE_CODE_INVALID" }, "bug", "LANGUAGE_CODE_INVALID"],
    [Code.Internal, { reason: "INTERNAL" }, "bug", "INTERNAL"],
    [Code.NotFound, { reason: "NOT_FOUND" }, "refused", "NOT_FOUND"],
    [Code.Unknown, {}, "offline", "OFFLINE"],
];
for (const [code, details, kind, reason, retryMs] of KINDS) {
    test(`${Code[code]} ${details.reason ?? ""} is ${kind}`, () => {
        const failure = toFailure(status(code, details), "id-1");
        assert.deepEqual([failure.kind, failure.reason, failure.retryMs, failure.requestId], [kind, reason, retryMs, "id-1"]);
        if (details.quota) assert.equal(failure.violations[0].code, details.quota);
        if (details.field) assert.deepEqual(failure.violations[0], { code: reason, subject: details.field, message: "no" });
    });
}

test("an identity that is refused is renewed once for all calls, which are made again with the same request id", async () => {
    let token = "old";
    let renewals = 0;
    const seen = [];
    const client = clientOf(
        ({ service }) =>
            service(SpellingService, {
                checkSpelling(_, { requestHeader }) {
                    seen.push(requestHeader.get("x-request-id"));
                    if (requestHeader.get("authorization") !== "Bearer new") throw status(Code.Unauthenticated);
                    return { languageCode: "en" };
                },
            }),
        {
            identity: async () => token,
            onUnauthenticated: async () => {
                renewals++;
                await new Promise((resolve) => setTimeout(resolve, 5));
                token = "new";
            },
        },
    );
    const answers = await Promise.all([client.check("a"), client.check("b"), client.check("c")]);
    assert.deepEqual(answers.map(({ language }) => language), ["en", "en", "en"]);
    assert.deepEqual([renewals, seen.length, new Set(seen).size], [1, 6, 3]);
});

test("an identity that cannot be renewed fails, and is not asked for in a circle", async () => {
    let calls = 0;
    const routes = ({ service }) =>
        service(SpellingService, {
            checkSpelling() {
                calls++;
                throw status(Code.Unauthenticated, { reason: "TOKEN_EXPIRED" });
            },
        });
    const wanted = { kind: "auth", reason: "TOKEN_EXPIRED" };
    await assert.rejects(clientOf(routes).check("x"), wanted);
    await assert.rejects(clientOf(routes, { onUnauthenticated: () => false }).check("x"), wanted);
    await assert.rejects(clientOf(routes, { onUnauthenticated: () => Promise.reject(new Error()) }).check("x"), wanted);
    assert.equal(calls, 3);
    await assert.rejects(clientOf(routes, { onUnauthenticated: () => true }).check("x"), wanted);
    assert.equal(calls, 5);
});

test("headers as an identity", async () => {
    let seen;
    const routes = ({ service }) =>
        service(SpellingService, { checkSpelling: (_, { requestHeader }) => ((seen = requestHeader.get("x-agent-id")), {}) });
    await clientOf(routes, { identity: () => ({ "x-agent-id": "ana" }) }).check("x");
    assert.equal(seen, "ana");
});

/** A polish whose tries are generators. */
function polishing(...tries) {
    const ids = [];
    const routes = ({ service }) =>
        service(PolishingService, {
            async *streamPolishReply({ requestId }) {
                ids.push(requestId);
                yield* tries[Math.min(ids.length, tries.length) - 1]();
            },
        });
    return { client: clientOf(routes), ids };
}
const delta = (text) => ({ event: { case: "delta", value: { text } } });
const result = (content) => ({ event: { case: "result", value: { outcome: PolishResult_Outcome.POLISHED, content } } });

test("a polish: deltas, then the result, to any number of readers", async () => {
    const { client } = polishing(function* () {
        yield delta("He");
        yield delta("llo");
        yield result("Hello");
    });
    const polish = client.polish("hi", { conversation: "c" });
    const read = async () => {
        const previews = [];
        for await (const { preview } of polish) previews.push(preview);
        return previews;
    };
    assert.deepEqual(await Promise.all([read(), read()]), [["He", "Hello"], ["He", "Hello"]]);
    const { outcome, content } = await polish.result;
    assert.deepEqual([outcome, content], ["POLISHED", "Hello"]);
});

test("a stream that breaks off is asked for again with the same id, and its preview begins anew", async () => {
    const { client, ids } = polishing(
        function* () {
            yield delta("Hel");
        },
        function* () {
            throw status(Code.Aborted, { reason: "REQUEST_IN_PROGRESS", retry: 0.01 });
        },
        function* () {
            yield delta("Hello");
            yield result("Hello");
        },
    );
    const polish = client.polish("hi", { conversation: "c" });
    const previews = [];
    for await (const { preview } of polish) previews.push(preview);
    assert.deepEqual(previews, ["Hel", "Hello"]);
    assert.equal((await polish.result).content, "Hello");
    assert.deepEqual(ids, [polish.requestId, polish.requestId, polish.requestId]);
});

test("what is no lost connection is not tried again", async () => {
    const { client, ids } = polishing(function* () {
        throw status(Code.ResourceExhausted, { reason: "TENANT_BUSY", retry: 0.01 });
    });
    const polish = client.polish("hi", { conversation: "c" });
    await assert.rejects(polish.result, { kind: "busy", reason: "TENANT_BUSY" });
    await assert.rejects(async () => {
        for await (const _ of polish);
    }, VermilionFailure);
    assert.equal(ids.length, 1);
});

test("an aborted polish ends as an AbortError, also while it waits for another try", async () => {
    const { client } = polishing(function* () {
        throw status(Code.Unavailable);
    });
    const polish = client.polish("hi", { conversation: "c" });
    setTimeout(() => polish.abort(), 20);
    await assert.rejects(polish.result, { name: "AbortError" });
});

test("availability is remembered as long as allowed, at least a second; failures are not", async () => {
    let now = 0;
    let asked = 0;
    const cache = new AvailabilityCache(() => now);
    const ask = (maxAgeMs) => async () => ({ asked: ++asked, maxAgeMs });
    await cache.get("a", ask(0));
    now = 999;
    await cache.get("a", ask(0));
    assert.equal(asked, 1);
    now = 1000;
    await cache.get("a", ask(5000));
    await cache.get("b", ask(5000));
    now = 5999;
    await Promise.all([cache.get("a", ask(0)), cache.get("a", ask(0))]);
    assert.equal(asked, 3);
    cache.forget("a");
    await assert.rejects(cache.get("a", () => Promise.reject(new Error())));
    await cache.get("a", ask(0));
    assert.equal(asked, 4);
});
