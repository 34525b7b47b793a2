/** Prints every breach of the import rules, and every circle of imports; exit code 1 when there is one. */
import { importCircles } from "./import-circles.ts";
import { checkImportRules } from "./import-rules.ts";

const root = process.cwd();
const breaches = [...checkImportRules(root), ...importCircles(root).map((circle) => `circle: ${circle}`)];
for (const breach of breaches) console.error(breach);
process.exitCode = breaches.length === 0 ? 0 : 1;
