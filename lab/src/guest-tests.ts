/**
 * Test files that run inside a guest, against its own multipathd: bundled into one .mjs here, run by the guest's Node
 * there, reported as one JSON line a test.
 */
import { build } from "esbuild";
import { type Guest, shellWord } from "./guest/guest.ts";
import type { CommandOptions } from "./guest/shell.ts";
import { LabError } from "./lab-error.ts";
import { isObject, parseJson } from "./unknown-json.ts";

export interface GuestTest {
	/** Names of the groups it stands in and its own. */
	readonly name: string;
	readonly passed: boolean;
	readonly skipped: boolean;
	readonly milliseconds: number;
	/** What went wrong, empty when nothing did. */
	readonly problem: string;
}

/** A reporter for Node's test runner: every finished test (not the groups) as one line. */
const reporter = `
export default async function* (events) {
	const names = [];
	for await (const { type, data } of events) {
		if (type === "test:start") names.length = data.nesting, names.push(data.name);
		if (type !== "test:pass" && type !== "test:fail") continue;
		if (data.details.type === "suite" && data.details.error?.failureType !== "hookFailed") continue;
		const error = data.details.error?.cause ?? data.details.error;
		yield JSON.stringify({
			guestTest: [...names.slice(0, data.nesting), data.name].join(" "),
			passed: type === "test:pass",
			skipped: Boolean(data.skip ?? data.todo),
			milliseconds: data.details.duration_ms,
			problem: error === undefined ? "" : String(error?.stack ?? error),
		}) + "\\n";
	}
}
`;

/** One self-contained .mjs of a test file for Node's own runner (`node:test`). */
export async function bundleForGuest(entry: string, outfile: string): Promise<void> {
	await build({
		entryPoints: [entry],
		outfile,
		bundle: true,
		platform: "node",
		format: "esm",
		target: "node24",
		sourcemap: "inline",
		sourcesContent: false,
		logLevel: "error",
	});
}

/**
 * Runs a bundled test file in the guest and gives what became of each test. Throws LabError when Node did not get to
 * the end, with what it said.
 */
export async function runTestsInGuest(
	guest: Guest,
	bundle: string,
	options: CommandOptions & { readonly env?: Readonly<Record<string, string>> } = {},
): Promise<readonly GuestTest[]> {
	await guest.exec("mkdir -p /root/tests");
	await guest.writeFile("/root/tests/reporter.mjs", reporter);
	await guest.copyIn(bundle, "/root/tests/tests.mjs");
	const env = Object.entries(options.env ?? {}).map(([name, value]) => shellWord(`${name}=${value}`));
	const command = `cd /root/tests && env ${env.join(" ")} node --enable-source-maps --test-reporter=./reporter.mjs tests.mjs`;
	const result = await guest.tryExec(command, { timeout: 300_000, ...options });
	const tests = result.stdout.split("\n").flatMap((line) => guestTest(parseJson(line)) ?? []);
	const failed = tests.some((test) => !test.passed);
	if (tests.length === 0 || (result.code !== 0 && !failed))
		throw new LabError(`tests in ${guest.name}: exit code ${result.code}\n${result.stdout}${result.stderr}`);
	return tests;
}

function guestTest(line: unknown): GuestTest | undefined {
	if (!isObject(line) || typeof line["guestTest"] !== "string") return undefined;
	return {
		name: line["guestTest"],
		passed: line["passed"] === true,
		skipped: line["skipped"] === true,
		milliseconds: Number(line["milliseconds"]),
		problem: String(line["problem"] ?? ""),
	};
}
