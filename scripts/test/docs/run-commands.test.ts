/** Every command of the documents that needs no guest is run, in the order in which it stands there. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CommandBlock, documentCommands } from "../../docs/commands.ts";
import { userDocuments } from "../../docs/documents.ts";
import type { Runner } from "../../docs/runners.ts";
import { RunningDemo, runUntilCtrlC } from "./running-demo.ts";

const patienceMs = 300_000;

interface Placed extends CommandBlock {
	readonly place: string;
}

const beside = withBlocksOf("demo-cli");
const own = [...withBlocksOf("checkout"), ...withBlocksOf("trial")].flatMap(({ blocks }) => blocks);

test("there are commands to run", () => {
	expect(beside.map(({ path }) => path)).toEqual(expect.arrayContaining(["docs/jobs.md", "docs/trial.md"]));
	expect(own.map(({ place }) => place.replace(/:.*/, ""))).toEqual(
		expect.arrayContaining(["README.md", "docs/trial.md"]),
	);
});

describe.each(beside)("$path, beside a demo", ({ blocks }) => {
	let demo: RunningDemo;
	beforeAll(async () => {
		demo = await RunningDemo.start();
	}, patienceMs);
	afterAll(() => demo.stop(), patienceMs);

	test.each(blocks)("$place", { timeout: patienceMs }, async (block) => {
		const { code, printed } = await demo.run(block);
		expect(code, printed).toBe(0);
	});
});

test.each(own)("$place runs until Ctrl-C", { timeout: patienceMs }, async (block) => {
	const { code, printed } = await runUntilCtrlC(block, "Ctrl-C ends the demo");
	expect(code, printed).toBe(0);
	expect(printed).toContain("SIMULATED");
});

/** The documents that have blocks for a runner, with those blocks. */
function withBlocksOf(
	name: Runner,
): readonly { readonly path: string; readonly blocks: readonly Placed[] }[] {
	return userDocuments()
		.map((path) => ({
			path,
			blocks: documentCommands(path)
				.filter(({ runner }) => runner === name)
				.map((block) => ({ ...block, place: `${path}:${block.lineNumber}` })),
		}))
		.filter(({ blocks }) => blocks.length > 0);
}
