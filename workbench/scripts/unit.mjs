// Runs packages/*/test/*.test.mjs in Node: bundled by esbuild, as they read the sources. Arguments are patterns of file names.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { alias } from "./alias.mjs";
import { packages, root } from "./paths.mjs";

const wanted = process.argv.slice(2);
const tests = packages.flatMap((name) => {
    const folder = join(root, "packages", name, "test");
    // A clone has no empty folders.
    if (!existsSync(folder)) return [];
    return readdirSync(folder).filter((file) => file.endsWith(".test.mjs")).map((file) => join(folder, file));
});
const chosen = tests.filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)));
const out = join(root, ".build/unit");
rmSync(out, { recursive: true, force: true });
await build({
    entryPoints: chosen,
    outdir: out,
    outbase: join(root, "packages"),
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    alias,
    outExtension: { ".js": ".mjs" },
    sourcemap: "inline",
    logLevel: "warning",
});
const built = readdirSync(out, { recursive: true }).filter((file) => file.endsWith(".mjs")).map((file) => join(out, file));
const { status } = spawnSync(process.execPath, ["--enable-source-maps", "--test", "--test-reporter=spec", ...built], { stdio: "inherit" });
process.exitCode = status ?? 1;
