// Where things lie: the workspace, its packages, the repository.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the workspace, also from within a bundle below it. */
function workspace(folder) {
    return existsSync(join(folder, "buf.gen.yaml")) ? folder : workspace(dirname(folder));
}

export const root = workspace(dirname(fileURLToPath(import.meta.url)));
export const repository = join(root, "..");
export const packages = ["client", "dom", "element"];
