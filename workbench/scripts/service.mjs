// Starts the real program, and a model's server for it. Knows no test.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { repository } from "./paths.mjs";

/** VERMILION_PROGRAM, else what cargo built last. */
export function program() {
    const target = process.env.CARGO_TARGET_DIR ?? join(repository, "target");
    const candidates = [process.env.VERMILION_PROGRAM, join(target, "release/vermilion"), join(target, "debug/vermilion")];
    const found = candidates.find((path) => path && existsSync(path));
    if (!found) throw new Error("no program: run cargo build, or name one by VERMILION_PROGRAM");
    return found;
}

/**
 * The service in development mode, on a free port unless `port` names one. `environment` has more keys of its configuration.
 * Answers `{ url, port, output(), stop(signal) }`.
 */
export async function startService({ port = 0, environment = {} } = {}) {
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(OPENAI|VERMILION)_/.test(key)));
    const child = spawn(program(), ["serve"], {
        env: { ...inherited, VERMILION_SERVER__LISTEN: `127.0.0.1:${port}`, ...environment },
        stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const exited = new Promise((resolve) => child.once("exit", resolve));
    const listening = new Promise((resolve, reject) => {
        const read = (chunk) => {
            output += chunk;
            const address = /Vermilion listens on ([0-9.]+):(\d+)/.exec(output);
            if (address) resolve({ url: `http://${address[1]}:${address[2]}`, port: Number(address[2]) });
        };
        child.stdout.on("data", read);
        child.stderr.on("data", read);
        exited.then((code) => reject(new Error(`the service ended with ${code}: ${output}`)));
    });
    const place = await listening;
    return {
        ...place,
        /** What it has printed and logged. */
        output: () => output,
        async stop(signal = "SIGKILL") {
            child.kill(signal);
            await exited;
        },
    };
}
