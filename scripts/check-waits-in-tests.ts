/** Prints every wait in a test that depends on the speed of the machine; exit code 1 if there is one. */
import { checkWaitsInTests } from "./waits-in-tests.ts";

const problems = checkWaitsInTests(process.cwd());
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
