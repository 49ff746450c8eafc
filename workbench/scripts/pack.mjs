// Asks npm what each package would hold, and compares that with what its README says and its package.json exports.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packages, root } from "./paths.mjs";

/** What npm always takes along. */
const ALWAYS = ["package.json", "README.md", "LICENSE"];
const escape = (text) => text.replace(/[.+^${}()|[\]\\]/g, "\\$&");
const pattern = (path) => new RegExp(`^${path.split("**").map((part) => part.split("*").map(escape).join("[^/]*")).join(".*")}$`);
/** The files that an entry of `exports` names. */
const targets = (entry) => (typeof entry === "string" ? [entry] : Object.values(entry).flatMap(targets));

let wrong = 0;
const complain = (name, text) => {
    wrong++;
    console.error(`${name}: ${text}`);
};
for (const name of packages) {
    const folder = join(root, "packages", name);
    const answer = JSON.parse(execFileSync("npm", ["pack", "--dry-run", "--json"], { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
    const [packed] = Array.isArray(answer) ? answer : Object.values(answer);
    const files = packed.files.map(({ path }) => path);
    const readme = readFileSync(join(folder, "README.md"), "utf8");
    const said = [...readme.split("## In the package")[1].matchAll(/^\| `([^`]+)` \|/gm)].map(([, path]) => path);
    for (const path of said) if (!files.some((file) => pattern(path).test(file))) complain(name, `README names ${path}, the package lacks it`);
    for (const file of files) {
        if (!ALWAYS.includes(file) && !said.some((path) => pattern(path).test(file))) complain(name, `README does not name ${file}`);
    }
    for (const file of ALWAYS) if (!files.includes(file)) complain(name, `the package lacks ${file}`);
    const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    for (const target of targets(exports)) if (!files.includes(target.replace("./", ""))) complain(name, `exports ${target}, which is not packed`);
    console.log(`${packed.name}@${packed.version}: ${files.length} files, ${packed.size} bytes packed`);
}
process.exitCode = wrong === 0 ? 0 : 1;
