// How calls leave: identity, request id, renewal of a token that has expired, failures as one type. Knows no method.
import { Code, ConnectError, type Interceptor, type Transport } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { toFailure } from "./failure.js";

/** Who calls: a bearer token, or headers. Nothing: the service's anonymous or development identity. */
export type Identity = string | Record<string, string> | undefined;

/** What a connection needs. */
export interface ConnectionOptions {
    /** Where the service is, or a proxy of it: "https://vermilion.example.com". Unused with a transport of your own. */
    baseUrl: string;
    /** Asked before every call, so that it may answer from a cache of its own. */
    identity?: () => Promise<Identity> | Identity;
    /**
     * Called when the service does not believe the identity, once for all calls that are refused at the same time. Renew what
     * `identity` answers; the call is then made once more. `false`: it cannot be renewed, and the calls fail.
     */
    onUnauthenticated?: () => Promise<boolean | void> | boolean | void;
    /** Makes the transport, with interceptors that it has to use: connect-node's, say. By default gRPC-Web by connect-web. */
    transport?: (options: { baseUrl: string; interceptors: Interceptor[] }) => Transport;
}

/** A transport and the way calls are made over it. */
export interface Connection {
    transport: Transport;
    /**
     * Makes a call. It fails with a VermilionFailure, or with an AbortError if the signal says so. A call that is refused for
     * its identity is made once more after renewal.
     */
    call<T>(signal: AbortSignal | undefined, make: (headers: HeadersInit) => Promise<T>, requestId?: string): Promise<T>;
}

/** Opens no connection yet: the first call does. */
export function connect(options: ConnectionOptions): Connection {
    const identify: Interceptor = (next) => async (request) => {
        const identity = await options.identity?.();
        const headers = typeof identity === "string" ? { authorization: `Bearer ${identity}` } : (identity ?? {});
        for (const [name, value] of Object.entries(headers)) request.header.set(name, value);
        return next(request);
    };
    const make = options.transport ?? createGrpcWebTransport;
    const transport = make({ baseUrl: options.baseUrl, interceptors: [identify] });

    let renewal: Promise<boolean> | undefined;
    const renew = () => {
        const renewing = async () => (await options.onUnauthenticated?.()) !== false;
        renewal ??= renewing()
            .catch(() => false)
            .finally(() => (renewal = undefined));
        return renewal;
    };

    return {
        transport,
        async call(signal, call, requestId = uuid()) {
            const attempt = async () => call({ "x-request-id": requestId });
            try {
                signal?.throwIfAborted();
                try {
                    return await attempt();
                } catch (thrown) {
                    const refused = ConnectError.from(thrown).code === Code.Unauthenticated;
                    if (!refused || !options.onUnauthenticated || !(await renew())) throw thrown;
                    return await attempt();
                }
            } catch (thrown) {
                if (signal?.aborted) throw abortError();
                throw toFailure(thrown, requestId);
            }
        },
    };
}

/** What the platform throws when a signal is aborted. */
export function abortError(): DOMException {
    return new DOMException("the call was aborted", "AbortError");
}

/** A random id of 122 bits. `crypto.randomUUID` exists in secure contexts only. */
export function uuid(): string {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6]! & 0x0f) | 0x40;
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
