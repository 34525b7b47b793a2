/** Prints every read of a clock, a timer or randomness outside the adapters; exit code 1 when there is one. */
import { checkRuntimeReads } from "./runtime-reads.ts";

const breaches = checkRuntimeReads(process.cwd());
for (const breach of breaches) console.error(breach);
process.exitCode = breaches.length === 0 ? 0 : 1;
