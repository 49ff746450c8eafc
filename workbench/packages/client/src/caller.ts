// Who calls, as the service sees it: asked once, as no page knows what a token says. Knows no other call.
import { createClient, type Client } from "@connectrpc/connect";
import { CallerService, Role as WireRole, type CallerLimits } from "./gen/vermilion/v1/caller_pb.js";
import type { Connection } from "./transport.js";

/** The names of `Role` in the contract. */
export type Role = Exclude<keyof typeof WireRole, "UNSPECIFIED">;

/** Who calls. */
export interface Caller {
    /** The tenant's id; empty of an operator of no tenant. */
    tenant: string;
    /** The agent's id; empty of a caller who is no agent. */
    agent: string;
    roles: Role[];
    /** The language of a check that names none. */
    language: string;
    /** What requests must keep to. */
    limits: CallerLimits | undefined;
}

/** Asks once, and again after a failure. */
export class CallerCache {
    readonly #connection: Connection;
    readonly #timeoutMs: number;
    #known: Promise<Caller> | undefined;
    /** The generated client. */
    readonly raw: Client<typeof CallerService>;

    constructor(connection: Connection, timeoutMs: number) {
        this.#connection = connection;
        this.#timeoutMs = timeoutMs;
        this.raw = createClient(CallerService, connection.transport);
    }

    get(): Promise<Caller> {
        if (!this.#known) {
            const asked = (this.#known = this.#ask());
            asked.catch(() => this.#known === asked && this.forget());
        }
        return this.#known;
    }

    forget(): void {
        this.#known = undefined;
    }

    async #ask(): Promise<Caller> {
        const answer = await this.#connection.call(undefined, (headers) =>
            this.raw.getCaller({}, { headers, timeoutMs: this.#timeoutMs }),
        );
        // `tenants/{tenant}/agents/{agent}`.
        const { tenant, agent, roles, languageCode: language, limits } = answer;
        return {
            tenant: tenant.split("/")[1] ?? "",
            agent: agent.split("/")[3] ?? "",
            roles: roles.map((role) => WireRole[role] as Role),
            language,
            limits,
        };
    }
}
