import { releases } from "@pathkeeper/simulator";
import { describe, expect, it } from "vitest";
import { codesOf, configFile, milk, oil, oneNode, until } from "../one-node.ts";

describe.each(releases)("a LUN that is in use, with multipath-tools %s", (release) => {
	async function usedNode() {
		const node = await oneNode({ release });
		node.startAgent();
		await node.config(`wwid: ${milk}\n\talias milk-run\n\nwwid: ${oil}\n`);
		await node.applied();
		await node.reported(({ maps }) => maps.length === 2, "both maps");
		const reader = node.host.kernel.map(milk)?.read("read by a test");
		if (reader === undefined) throw new Error("no map");
		return { node, reader };
	}

	it("keeps map and entry when it leaves the document, and its users notice nothing", async () => {
		const { node, reader } = await usedNode();
		await node.config(`wwid: ${oil}\n`);
		await node.applied();
		const finding = await node.finding("unlisted-in-use");
		expect(finding).toMatchObject({ severity: "error", subject: milk });
		expect(finding.text).toContain("read by a test");
		expect([...node.listedWwids()].sort()).toEqual([milk, oil]);
		expect([...node.ownedWwids()].sort()).toEqual([milk, oil]);
		node.host.san.failPort("vega-a1");
		node.host.san.restorePort("vega-a1");
		expect(reader).toMatchObject({ errors: 0, waiting: false });

		reader.close();
		await until(
			() => node.host.kernel.map(milk) === undefined,
			() => "the map is still there",
		);
		await until(
			() => !node.listedWwids().includes(milk),
			() => "it is still listed",
		);
		await until(
			() => !node.ownedWwids().includes(milk),
			() => "it is still in the ledger",
		);
		await node.reported((report) => !codesOf(report).includes("unlisted-in-use"), "no finding");
	});

	it("keeps name and settings when it is restricted to other nodes, and goes once it is let go", async () => {
		const { node, reader } = await usedNode();
		await node.config(`wwid: ${milk}\n\talias milk-run\n\tnodes n2\n\nwwid: ${oil}\n`);
		await node.applied();
		const finding = await node.finding("restricted-in-use");
		expect(finding).toMatchObject({ severity: "warning", subject: milk });
		expect(node.host.kernel.map(milk)?.name).toBe("milk-run");
		expect(node.read(configFile)).toContain(milk);
		expect(reader).toMatchObject({ errors: 0, waiting: false });

		reader.close();
		await until(
			() => node.host.kernel.map(milk) === undefined,
			() => "the map is still there",
		);
		await until(
			() => !node.listedWwids().includes(milk),
			() => "it is still listed",
		);
		await until(
			() => node.read(configFile)?.includes(milk) === false,
			() => "its block is still there",
		);
		expect(node.host.kernel.map(oil)).toBeDefined();
	});

	it("is listed again when its entry is taken out by hand while it is no longer meant for the node", async () => {
		const { node, reader } = await usedNode();
		await node.config(`wwid: ${oil}\n`);
		await node.finding("unlisted-in-use");
		node.unlistByHand(milk);
		await until(
			() => node.listedWwids().includes(milk),
			() => "not listed again",
		);
		expect(reader).toMatchObject({ errors: 0, waiting: false });
	});

	it("stays when the config is emptied, and everything else of ours goes", async () => {
		const { node, reader } = await usedNode();
		await node.config("");
		await node.applied();
		await node.finding("unlisted-in-use");
		expect(node.listedWwids()).toEqual([milk]);
		expect(node.read(configFile)).toBeNull();
		expect(node.host.kernel.map(oil)).toBeUndefined();
		expect(reader).toMatchObject({ errors: 0, waiting: false });
	});
});

it("never had an entry, and gets none, on a node that its `nodes` leave out", async () => {
	const node = await oneNode();
	node.startAgent();
	await node.config(`wwid: ${milk}\n\tnodes n2\n\nwwid: ${oil}\n`);
	await node.applied();
	expect(node.listedWwids()).toEqual([oil]);
	expect(node.host.kernel.map(milk)).toBeUndefined();
});

it("keeps its name while another device of the node bears the alias, and gets it when that is gone", async () => {
	const node = await oneNode();
	node.host.kernel.addOtherDm("milk-run");
	node.startAgent();
	await node.config(`wwid: ${milk}\n\talias milk-run\n`);
	await node.applied();
	const { text } = await node.finding("alias-taken");
	expect(text).toContain(`alias 'milk-run' of LUN ${milk} is the name of another device-mapper device`);
	expect(node.host.kernel.map(milk)?.name).toBe(milk);
	expect(node.host.kernel.otherDmNames).toEqual(["milk-run"]);
});

it("is renamed along a chain of aliases, one step after the other, and no map is lost", async () => {
	const node = await oneNode();
	node.startAgent();
	await node.config(`wwid: ${milk}\n\talias one\n\nwwid: ${oil}\n\talias two\n`);
	await node.applied();
	await node.config(`wwid: ${milk}\n\talias two\n\nwwid: ${oil}\n\talias three\n`);
	await until(
		() => node.host.kernel.map(milk)?.name === "two" && node.host.kernel.map(oil)?.name === "three",
		() => node.host.kernel.maps.map(({ name }) => name).join(),
	);
});

it("is swapped with another's alias without losing a map", async () => {
	const node = await oneNode();
	node.startAgent();
	await node.config(`wwid: ${milk}\n\talias one\n\nwwid: ${oil}\n\talias two\n`);
	await node.applied();
	const names = () => node.host.kernel.maps.map(({ name }) => name).join();
	await node.config(`wwid: ${milk}\n\talias two\n\nwwid: ${oil}\n\talias one\n`);
	await until(() => names() === "two,one", names);
	const gone = node.log.lines.filter(({ level }) => level === "error");
	expect(gone).toEqual([]);
});
