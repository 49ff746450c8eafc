// Every file says what it is; packages import downwards only; none has a dependency that it does not name.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { packages, root } from "../../../scripts/paths.mjs";

/** What each package may import beside its own files. */
const MAY = {
    client: ["@bufbuild/protobuf", "@connectrpc/connect", "@connectrpc/connect-web"],
    dom: ["@vermilion/client"],
    element: ["@vermilion/client", "@vermilion/dom"],
};
const packageOf = (name) => name.split("/").slice(0, name.startsWith("@") ? 2 : 1).join("/");

for (const name of packages) {
    const folder = join(root, "packages", name);
    const files = readdirSync(join(folder, "src"), { recursive: true }).filter((file) => file.endsWith(".ts"));
    const { dependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    test(`${name}: depends on what it may`, () => assert.deepEqual(Object.keys(dependencies).sort(), [...MAY[name]].sort()));
    for (const file of files) {
        test(`${name}/src/${file}`, () => {
            const text = readFileSync(join(folder, "src", file), "utf8");
            assert.match(text, /^\/\/ \S/, "says in its first line what it is");
            const imports = [...text.matchAll(/(?:from|import) "([^"]+)"/g)].map(([, from]) => from);
            for (const from of imports) {
                if (from.startsWith(".")) assert.ok(!from.includes("packages") && from.endsWith(".js"), from);
                else assert.ok(MAY[name].includes(packageOf(from)), `imports ${from}`);
            }
            if (!file.startsWith("gen/")) assert.ok(text.split("\n").length <= 620, "a file past 600 lines asks for a second look");
        });
    }
}
