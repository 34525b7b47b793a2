/** Runs of vitest, counted from what it reports itself, and the line that a command of several ends with. */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { run } from "./steps.ts";

export interface Count {
	readonly passed: number;
	readonly failed: number;
	/** What failed and how, said again at the end: of a long run often only the end is kept. */
	readonly failures: readonly string[];
}

/** One run of vitest, counted from its own JSON report; a run that reports nothing is one failure. */
export function vitest(
	name: string,
	config: string,
	args: readonly string[],
	env: Readonly<Record<string, string>> = {},
): Count {
	console.error(`== ${name}`);
	mkdirSync(".dev", { recursive: true });
	// Absolute, since a relative one is taken from the root that a configuration names.
	const report = resolve(`.dev/${name.replaceAll(" ", "-")}-results.json`);
	rmSync(report, { force: true });
	const output = ["--reporter=json", `--outputFile.json=${report}`];
	const begin = Date.now();
	const code = run(["vitest", "run", "--config", config, ...output, ...args], env);
	console.error(`== ${name}: ${((Date.now() - begin) / 1000).toFixed(0)} s`);
	const count = read(name, report);
	if (code === 0 || count.failed > 0) return count;
	const failures = [...count.failures, `${name}: vitest ended with ${code}, though no test failed`];
	return { ...count, failed: 1, failures };
}

export function one(failure: string): Count {
	return { passed: 0, failed: 1, failures: [failure] };
}

/** Says what failed and how many tests passed; the exit code tells the same. */
export function conclude(counts: readonly Count[]): void {
	const passed = counts.reduce((sum, count) => sum + count.passed, 0);
	const failed = counts.reduce((sum, count) => sum + count.failed, 0);
	process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
	for (const { failures } of counts) for (const failure of failures) console.log(`failed: ${failure}`);
	console.log(`${passed} passed, ${failed} failed`);
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
