/**
 * `./dev test [FILTER…]`: the checks, the tests of the packages, and the end-to-end tests of hosts and fleet in the
 * lab. Counts come from what each runner reports; the last line is `N passed, N failed`. With a filter only the package
 * tests run.
 */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { checks } from "./check.ts";
import { run, runSteps } from "./steps.ts";

interface Count {
	readonly passed: number;
	readonly failed: number;
}

const filters = process.argv.slice(2);
const counts = filters.length > 0 ? [unit(filters)] : [checked(), unit([]), web(), lab(), fleet()];
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
console.log(`${passed} passed, ${failed} failed`);

function checked(): Count {
	const failures = runSteps(checks);
	return { passed: checks.length - failures.length, failed: failures.length };
}

function unit(filters: readonly string[]): Count {
	return vitest("packages", "vitest.config.ts", ["--reporter=default", ...filters]);
}

/** The page in a real browser, against the real server. */
function web(): Count {
	return vitest("web", "packages/web/vitest.config.ts", ["--reporter=default"]);
}

/** The guests run the product as it ships: the bundle. */
function lab(): Count {
	console.error("== release bundle");
	if (run([process.execPath, "scripts/build.ts"]) !== 0) return { passed: 0, failed: 1 };
	// It takes long: each test is said as soon as it is over.
	return vitest("lab", "lab/vitest.config.ts", ["--reporter=verbose"]);
}

/** After the releases' own tests, since its four guests need the machine for themselves. */
function fleet(): Count {
	return vitest("fleet", "lab/fleet.vitest.config.ts", ["--reporter=verbose"]);
}

/** One run of vitest, counted from its own JSON report; a run that reports nothing is one failure. */
function vitest(name: string, config: string, args: readonly string[]): Count {
	console.error(`== ${name}`);
	mkdirSync(".dev", { recursive: true });
	// Absolute, since a relative one is taken from the root that a configuration names.
	const report = resolve(`.dev/${name}-results.json`);
	rmSync(report, { force: true });
	const code = run([
		"vitest",
		"run",
		"--config",
		config,
		"--reporter=json",
		`--outputFile.json=${report}`,
		...args,
	]);
	const count = read(report);
	return code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

function read(report: string): Count {
	try {
		const result: unknown = JSON.parse(readFileSync(report, "utf8"));
		return { passed: number(result, "numPassedTests"), failed: number(result, "numFailedTests") };
	} catch (error) {
		console.error(`no report of this run: ${error}`);
		return { passed: 0, failed: 1 };
	}
}

function number(result: unknown, key: string): number {
	const value: unknown = result instanceof Object ? Reflect.get(result, key) : undefined;
	if (typeof value !== "number") throw new Error(`the report has no ${key}`);
	return value;
}
