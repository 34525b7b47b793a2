/** Prints every unknown form on a border of work; exit code 1 when there is one. */
import { checkWorkBorders } from "./work-borders.ts";

const breaches = checkWorkBorders(process.cwd());
for (const breach of breaches) console.error(breach);
process.exitCode = breaches.length === 0 ? 0 : 1;
