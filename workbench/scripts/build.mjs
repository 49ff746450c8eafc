// Builds dist/ of each package: a module by esbuild, its types by tsc. Dependencies stay outside, but for the bundle of the
// element, which a page can load as it is.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { packages, repository, root } from "./paths.mjs";

const common = { bundle: true, format: "esm", target: "es2022", logLevel: "warning", legalComments: "none" };

for (const name of packages) {
    const folder = join(root, "packages", name);
    const dist = join(folder, "dist");
    rmSync(dist, { recursive: true, force: true });
    copyFileSync(join(repository, "LICENSE"), join(folder, "LICENSE"));
    const entries = ["index", "messages", "proto"].map((entry) => join(folder, "src", `${entry}.ts`)).filter(existsSync);
    await build({ ...common, entryPoints: entries, outdir: dist, packages: "external", splitting: true, chunkNames: "shared-[hash]" });
    // The packages that a package builds on are read from their dist, as whoever installs them does.
    execFileSync(join(root, "node_modules/.bin/tsc"), ["--project", folder], { stdio: "inherit" });
}
if (existsSync(join(root, "packages/element/src/index.ts"))) {
    await build({
        ...common,
        entryPoints: [join(root, "packages/element/src/index.ts")],
        outfile: join(root, "packages/element/dist/bundle.js"),
        minify: true,
    });
}
