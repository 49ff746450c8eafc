// Generates packages/client/src/gen from the protos; with --check says whether what is committed is what they give. Knows no
// package but the client.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { root } from "./paths.mjs";

const committed = join(root, "packages/client/src/gen");
const scratch = mkdtempSync(join(tmpdir(), "vermilion-gen-"));

/** The files below a folder, with their text. */
function read(folder) {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return new Map(files.map((file) => {
        const path = join(file.parentPath, file.name);
        return [relative(folder, path), readFileSync(path, "utf8")];
    }));
}

try {
    const bin = join(root, "node_modules/.bin");
    execFileSync(join(bin, "buf"), ["generate", "--output", scratch], {
        cwd: root,
        stdio: "inherit",
        env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
    });
    const made = join(scratch, "packages/client/src/gen");
    if (process.argv.includes("--check")) {
        const [now, then] = [read(made), read(committed)];
        const stale = [...new Set([...now.keys(), ...then.keys()])].filter((path) => now.get(path) !== then.get(path));
        if (stale.length > 0) {
            console.error(`not what the protos give, run npm run generate: ${stale.join(", ")}`);
            process.exitCode = 1;
        }
    } else {
        rmSync(committed, { recursive: true, force: true });
        cpSync(made, committed, { recursive: true });
    }
} finally {
    rmSync(scratch, { recursive: true, force: true });
}
