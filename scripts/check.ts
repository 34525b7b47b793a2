/**
 * `./dev check [--fix]`: format, lint, types, import rules, borders of work, reads of clocks, waits in tests, unused code.
 */
import { run, runSteps } from "./steps.ts";

export const checks = [
	{ name: "format and lint", argv: ["biome", "check", "--error-on-warnings", "."] },
	{ name: "types of packages", argv: ["tsc", "-b"] },
	{ name: "types of tests and tools", argv: ["tsc", "-p", "tsconfig.tests.json"] },
	{ name: "type-aware lint", argv: ["oxlint", "--type-aware", "--deny-warnings"] },
	{ name: "import rules", argv: ["node", "scripts/check-imports.ts"] },
	{ name: "borders of work", argv: ["node", "scripts/check-work-borders.ts"] },
	{ name: "reads of clocks and randomness", argv: ["node", "scripts/check-runtime-reads.ts"] },
	{ name: "waits in tests", argv: ["node", "scripts/check-waits-in-tests.ts"] },
	{ name: "unused code", argv: ["knip"] },
	{ name: "code that only tests use", argv: ["knip", "--config", "knip.product.json"] },
];

if (import.meta.main) {
	if (process.argv.includes("--fix")) run(["biome", "check", "--write", "."]);
	const failed = runSteps(checks);
	console.error(failed.length === 0 ? "all checks passed" : `failed: ${failed.join(", ")}`);
	process.exitCode = failed.length === 0 ? 0 : 1;
}
