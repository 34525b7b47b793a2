import { readdirSync } from "node:fs";
import type { Host } from "@pathkeeper/host";
import { releases } from "@pathkeeper/simulator";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hostWith } from "../intercepted-host.ts";
import {
	configFile,
	ledgerFile,
	milk,
	type OneNode,
	oil,
	oneNode,
	overridesFile,
	tea,
	until,
} from "../one-node.ts";
import { applyOnce } from "./apply-once.ts";
import { type Cut, cutsOf, runUntilCut } from "./cut-host.ts";

interface Wish {
	readonly config: string;
	readonly overrides: string;
}

const nothing: Wish = { config: "", overrides: "" };
const some: Wish = {
	config: `defaults: defaults\n\tno-path-retry 6\n\nwwid: ${milk}\n\talias milk-run\n\nwwid: ${oil}\n\nwwid: ${tea}\n`,
	overrides: "overrides {\n\tno_path_retry 9\n}\n",
};
const others: Wish = {
	config: `wwid: ${milk}\n\talias milky-way\n\tno-path-retry 24\n\nwwid: ${oil}\n\talias midnight-oil\n`,
	overrides: "",
};
const refused: Wish = { ...some, overrides: "overrides {\n\tno_path_retry 7\n\tfast_io_fail_tmo 13\n}\n" };

const changes: readonly [string, Wish, Wish][] = [
	["the first LUNs", nothing, some],
	["LUNs that come, go and are renamed", some, others],
	["an emptied config", some, nothing],
	["files that multipath -t objects to", some, refused],
];

/** A host with somebody else's settings, and a LUN that an administrator listed by hand. */
async function handMadeNode(): Promise<{ node: OneNode; host: Host }> {
	const node = await oneNode({ release: "0.15.1", reconfigureMs: 3 });
	node.write("/etc/multipath/conf.d/50-mine.conf", "# mine\ndefaults {\n\tchecker_timeout 11\n}\n");
	node.listByHand(oil);
	const host = hostWith(node.host, "tools", "lint", async () => {
		const result = await node.host.tools.lint();
		const objects = node.read(overridesFile)?.includes("fast_io_fail_tmo 13") === true;
		return objects ? { ...result, complaints: [`${overridesFile} line 6, it objects`] } : result;
	});
	return { node, host };
}

async function want(node: OneNode, { config, overrides }: Wish): Promise<void> {
	await node.config(config);
	await node.overrides(overrides);
}

/** What an apply comes to: a refusal of the content is an end like any other. */
async function applyToTheEnd(node: OneNode, host: Host): Promise<void> {
	await applyOnce(node, { host }).catch((error: unknown) => {
		if (!(error instanceof Error) || !error.message.includes("it objects")) throw error;
	});
	await until(
		async () => (await node.host.multipathd.status()).phase === "idle",
		() => "not idle",
	);
}

/** All that there is of an apply on a host, without the times. */
async function stateOf(node: OneNode) {
	const folder = "/etc/multipath/conf.d";
	const ledger: unknown = JSON.parse(node.read(ledgerFile) ?? "null");
	return {
		files: readdirSync(node.path(folder)).map((name) => [name, node.read(`${folder}/${name}`)]),
		listed: [...node.listedWwids()].sort(),
		ledger: JSON.parse(JSON.stringify(ledger, (key, value: unknown) => (key === "at" ? 0 : value))),
		maps: node.host.kernel.maps
			.map(({ wwid, name, disks }) => ({ wwid, name, paths: disks.map(({ dev }) => dev) }))
			.sort((a, b) => (a.wwid < b.wwid ? -1 : 1)),
		held: await node.host.multipathd.config(),
	};
}

describe.each(changes)("an apply that is cut off: %s", (_, before, after) => {
	it("ends like an uninterrupted one, wherever it was cut", async () => {
		const { node, host } = await handMadeNode();
		const begin = async () => {
			await want(node, before);
			await applyToTheEnd(node, host);
			await want(node, after);
		};
		await begin();
		const cuts = await cutsOf(host, (counted) => applyOnce(node, { host: counted }));
		await applyToTheEnd(node, host);
		const wanted = await stateOf(node);
		expect(cuts.length).toBeGreaterThan(8);
		for (const cut of cuts) {
			await begin();
			await runUntilCut(host, cut, (cutting) => applyOnce(node, { host: cutting }));
			await applyToTheEnd(node, host);
			expect(await stateOf(node), `cut ${cut.when} step ${cut.step}`).toEqual(wanted);
			expect(node.ownedWwids()).not.toContain(oil);
		}
	});
});

/** A LUN that was given up to this step is wanted again, by a configuration that is refused and then by the one before. */
const givenUpTo = (step: number): { readonly wish: number; readonly cut: Cut }[] => [
	{ wish: 1, cut: { step: 19, when: "before" } },
	{ wish: 1, cut: { step: 24, when: "before" } },
	{ wish: 0, cut: { step, when: "after" } },
	{ wish: 3, cut: { step: 23, when: "after" } },
	{ wish: 0, cut: { step: 3, when: "before" } },
	{ wish: 3, cut: { step: 17, when: "before" } },
];

it("ends like an uninterrupted apply when it is cut off again and again while the wish changes", async () => {
	const { node, host } = await handMadeNode();
	const wishes = [nothing, some, others, refused];
	const anyCut: fc.Arbitrary<Cut> = fc.record({
		step: fc.integer({ min: 1, max: 25 }),
		when: fc.constantFrom("before", "after"),
	});
	const anyAttempt = fc.record({ wish: fc.constantFrom(...wishes.keys()), cut: anyCut });
	await fc.assert(
		fc.asyncProperty(fc.array(anyAttempt, { minLength: 1, maxLength: 6 }), async (attempts) => {
			for (const { wish, cut } of attempts) {
				await want(node, wishes[wish] ?? nothing);
				await runUntilCut(host, cut, (cutting) => applyOnce(node, { host: cutting }));
				const ledger = node.read(ledgerFile);
				if (ledger !== null) expect(JSON.parse(ledger)).toMatchObject({ format: 1 });
				expect(node.ownedWwids()).not.toContain(oil);
				expect(node.listedWwids()).toContain(oil);
			}
			await want(node, some);
			await applyToTheEnd(node, host);
			expect([...node.ownedWwids()].sort()).toEqual([milk, tea].sort());
			expect(node.host.kernel.maps.map(({ name }) => name).sort()).toEqual([tea, oil, "milk-run"].sort());
			await want(node, nothing);
			await applyToTheEnd(node, host);
			expect(node.listedWwids()).toEqual([oil]);
			expect(node.ownedWwids()).toEqual([]);
			expect(node.read(configFile)).toBeNull();
			expect(node.host.kernel.maps.map(({ wwid }) => wwid)).toEqual([oil]);
		}),
		{ numRuns: 15, examples: [6, 7, 8, 9].map((step): [ReturnType<typeof givenUpTo>] => [givenUpTo(step)]) },
	);
});

it.each(releases)(
	"never takes the paths from under a LUN in use, wherever it is cut off, with %s",
	async (release) => {
		const node = await oneNode({ release, reconfigureMs: 3 });
		const { host } = node;
		await want(node, some);
		await applyToTheEnd(node, host);
		const reader = host.kernel.map(milk)?.read("read by a test");
		await want(node, nothing);
		const cuts = await cutsOf(host, (counted) => applyOnce(node, { host: counted }));
		for (const cut of cuts.filter(({ when }) => when === "before")) {
			await want(node, some);
			await applyToTheEnd(node, host);
			await want(node, nothing);
			await runUntilCut(host, cut, (cutting) => applyOnce(node, { host: cutting }));
			await applyToTheEnd(node, host);
			expect(reader, `cut before step ${cut.step}`).toMatchObject({ errors: 0, waiting: false });
			expect(node.listedWwids()).toEqual([milk]);
			expect(node.ownedWwids()).toEqual([milk]);
		}
	},
);
