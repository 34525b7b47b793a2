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
	/** What failed and how, said again at the end: of a long run often only the end is kept. */
	readonly failures: readonly string[];
}

const filters = process.argv.slice(2);
const counts = filters.length > 0 ? [unit(filters)] : [checked(), unit([]), web(), lab(), fleet()];
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
for (const { failures } of counts) for (const failure of failures) console.log(`failed: ${failure}`);
console.log(`${passed} passed, ${failed} failed`);

function checked(): Count {
	const failures = runSteps(checks);
	return { passed: checks.length - failures.length, failed: failures.length, failures };
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
	if (run([process.execPath, "scripts/build.ts"]) !== 0) return one("release bundle");
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
	const count = read(name, report);
	if (code === 0 || count.failed > 0) return count;
	const failures = [...count.failures, `${name}: vitest ended with ${code}, though no test failed`];
	return { ...count, failed: 1, failures };
}

function one(failure: string): Count {
	return { passed: 0, failed: 1, failures: [failure] };
}

function read(name: string, report: string): Count {
	try {
		const result: VitestReport = JSON.parse(readFileSync(report, "utf8"));
		const failures = result.testResults.flatMap((file) => {
			const tests = file.assertionResults.filter(({ status }) => status === "failed");
			const said = tests.map((test) => `${file.name}: ${test.fullName}\n${test.failureMessages.join("\n")}`);
			return said.length === 0 && file.status === "failed" ? [`${file.name}\n${file.message}`] : said;
		});
		return { passed: result.numPassedTests, failed: result.numFailedTests, failures };
	} catch (error) {
		return one(`${name}: no report of this run: ${error}`);
	}
}

/** What is read of vitest's JSON report (vitest.dev/guide/reporters). */
interface VitestReport {
	readonly numPassedTests: number;
	readonly numFailedTests: number;
	readonly testResults: readonly {
		readonly name: string;
		readonly status: string;
		readonly message: string;
		readonly assertionResults: readonly {
			readonly fullName: string;
			readonly status: string;
			readonly failureMessages: readonly string[];
		}[];
	}[];
}
