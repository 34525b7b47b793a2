/** Prints every breach of the import rules; exit code 1 when there is one. */
import { checkImportRules } from "./import-rules.ts";

const breaches = checkImportRules(process.cwd());
for (const breach of breaches) console.error(breach);
process.exitCode = breaches.length === 0 ? 0 : 1;
