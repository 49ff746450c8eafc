// Builds page/dist, which is committed and which the service embeds; with --check says whether what is committed is what the sources
// give, and whether the page is small. Knows no test.
import { mkdtempSync, readdirSync, readFileSync, rmSync, cpSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { alias } from "./alias.mjs";
import { root } from "./paths.mjs";

/** All files of the page together, compressed, in bytes. */
const MOST = 150 * 1024;

const source = join(root, "page/src");
const committed = join(root, "page/dist");
const scratch = mkdtempSync(join(tmpdir(), "vermilion-page-"));

try {
    await build({
        entryPoints: { workbench: join(source, "main.ts") },
        outdir: scratch,
        bundle: true,
        format: "esm",
        target: "es2022",
        minify: true,
        legalComments: "none",
        logLevel: "warning",
        alias,
    });
    await build({ entryPoints: [join(source, "workbench.css")], outdir: scratch, bundle: true, minify: true, loader: { ".css": "css" }, logLevel: "warning" });
    for (const file of ["index.html", "icon.svg"]) cpSync(join(source, file), join(scratch, file));
    const made = readdirSync(scratch).sort();
    const size = made.reduce((sum, file) => sum + gzipSync(readFileSync(join(scratch, file)), { level: 9 }).length, 0);
    console.log(`page: ${size} bytes compressed`);
    if (size > MOST) throw new Error(`the page has ${size} bytes compressed, more than ${MOST}`);
    if (process.argv.includes("--check")) {
        const stale = made.filter((file) => !readFileSync(join(scratch, file)).equals(readFileSync(join(committed, file))));
        if (stale.length > 0 || readdirSync(committed).sort().join() !== made.join()) {
            console.error(`page/dist is not what the sources give, run npm run page: ${stale.join(", ")}`);
            process.exitCode = 1;
        }
    } else {
        rmSync(committed, { recursive: true, force: true });
        cpSync(scratch, committed, { recursive: true });
    }
} finally {
    rmSync(scratch, { recursive: true, force: true });
}
