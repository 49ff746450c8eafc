// Runs test/browser/*.test.mjs against the real program, in Debian's Chromium. Arguments are patterns of file names. CHROMIUM names
// another browser.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";

const wanted = process.argv.slice(2);
const folder = join(root, "test/browser");
const files = readdirSync(folder).filter((file) => file.endsWith(".test.mjs"));
const chosen = files.filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)));
const options = ["--test", "--test-reporter=spec", "--test-concurrency=1"];
const { status } = spawnSync(process.execPath, [...options, ...chosen.map((file) => join(folder, file))], { stdio: "inherit" });
process.exitCode = status ?? 1;
