// The packages' sources by the names that their users import: for bundles of tests and of the page.
import { join } from "node:path";
import { packages, root } from "./paths.mjs";

const source = (name, entry = "index") => join(root, "packages", name, "src", `${entry}.ts`);

// The longer names first: esbuild takes the longest that fits, but a package's own name must not swallow its parts.
export const alias = {
    "@vermilion/client/messages": source("client", "messages"),
    "@vermilion/client/proto": source("client", "proto"),
    ...Object.fromEntries(packages.map((name) => [`@vermilion/${name}`, source(name)])),
};
