/**
 * A fleet in the middle of an upgrade, for real: an array with two fabrics, three hosts of three releases, etcd, agents
 * and server. The steps build on each other and share one fleet; each leaves it as it found it.
 *
 * What is measured is printed and not judged: four emulated guests share the processors of one machine.
 * PATHKEEPER_LAB_FLEET=fleet uses the one of `./dev lab up --fleet` instead, with no LUN allowed.
 */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	Fleet,
	type FleetNode,
	type FleetStatus,
	type LunInFleet,
	networks,
	Reader,
	runOwner,
	type Suite,
	sanLun,
	sanLuns,
	suites,
	suitesOfRun,
	until,
} from "../src/index.ts";
import { member } from "../src/unknown-json.ts";
import { storageSteps } from "./fleet/storage.ts";

const [log, data] = sanLuns;
const minute = 60_000;
/** For what takes seconds on hardware. Each look at a starved machine makes it slower. */
const patience = { timeout: 6 * minute, every: 2000 } as const;
const whole = suites.every((suite) => suitesOfRun().includes(suite));
const borrowed = process.env["PATHKEEPER_LAB_FLEET"];

describe.runIf(whole)("a fleet of three releases", { timeout: 10 * minute }, () => {
	let fleet: Fleet;

	/** Asks the server until `answer` gives something; says how long it took. */
	async function untilFleet<T>(what: string, answer: (status: FleetStatus) => T | undefined | false) {
		const start = Date.now();
		let last: FleetStatus | undefined;
		try {
			const found = await until(
				what,
				async () => {
					last = await fleet.server.status();
					return last !== undefined && answer(last);
				},
				patience,
			);
			console.log(`fleet: ${what}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
			return found;
		} catch (error) {
			throw new Error(`${String(error)}; the fleet is ${JSON.stringify(last, mapsAsObjects)}`, {
				cause: error,
			});
		}
	}

	/** Both LUNs optimal on every node with both paths, and every node at the current configuration. */
	async function untilWell(): Promise<FleetStatus> {
		return await untilFleet("all is well", (status) => isWell(status) && status);
	}

	/** Tries what is so while something is broken, and mends it whatever came of that: the next step begins well. */
	async function whileBroken(look: () => Promise<void>, mend: () => Promise<unknown>): Promise<void> {
		try {
			await look();
		} finally {
			await mend();
		}
		await untilWell();
	}

	beforeAll(async () => {
		const running = borrowed === undefined ? undefined : Fleet.connect(borrowed);
		fleet = running ?? (await Fleet.start(`fleet-${runOwner().pid}`, runOwner()));
		await untilFleet(
			"every node has reported",
			({ nodes }) =>
				suites.every((suite) => nodes.get(suite)?.online === true) && nodes.size === suites.length,
		);
	}, 20 * minute);

	afterAll(async () => {
		if (borrowed === undefined) await fleet?.[Symbol.asyncDispose]();
	}, minute);

	test("two allowed LUNs have their maps, with a path over each fabric, on all three nodes", async () => {
		await fleet.server.run("lun", "allow", log.wwid, "alias=db-log", "--no-wait");
		await fleet.server.run("lun", "allow", data.wwid, "--no-wait");
		await untilWell();
		for (const node of fleet.nodes) {
			const maps = new Map([
				[log.wwid, "db-log"],
				[data.wwid, data.wwid],
			]);
			expect(await node.maps()).toEqual(maps);
		}
		expect((await fleet.server.cli("status")).code).toBe(0);
	});

	test("a new alias is the name of the map everywhere", async () => {
		await fleet.server.run("lun", "set", "db-log", "alias=journal", "--no-wait");
		await untilEverywhere(fleet, "journal");
		const status = await untilWell();
		expect(lunOf(status, log.wwid).alias).toBe("journal");
	});

	test("with fabric A down every node is degraded and names its portal; with A back all is well", async () => {
		await fleet.san.setFabric("a", "down");
		await whileBroken(
			async () => {
				const isNamed = (lun: LunInFleet) =>
					suites.every((suite) => {
						const here = lun.nodes.get(suite);
						return here?.state === "degraded" && here.reasons.join().includes(networks.a.portal);
					});
				const luns = await untilFleet(
					"fabric A's failure is seen everywhere",
					({ luns }) => luns.every(isNamed) && luns,
				);
				for (const lun of luns) {
					expect(lun.state).toBe("degraded");
					expect(lun.reasons.join()).not.toContain(networks.b.portal);
				}
				expect((await fleet.server.cli("status")).code).toBe(1);
			},
			() => fleet.san.setFabric("a", "up"),
		);
	});

	test("a node that logged out of one portal is degraded, though all paths it has are fine", async () => {
		const node = fleet.node("trixie");
		await node.logout("b");
		await whileBroken(
			async () => {
				const { luns } = await untilFleet(
					"trixie lacks fabric B",
					// First its path fails, then it is gone.
					(status) =>
						status.luns.every(({ nodes }) => {
							const here = nodes.get("trixie");
							return here?.state === "degraded" && here.paths === 1;
						}) && status,
				);
				for (const lun of luns) {
					const here = lun.nodes.get("trixie");
					expect(here).toMatchObject({ paths: 1, usable: 1 });
					expect(here?.reasons.join()).toContain("1 of 2 expected paths");
					expect(here?.reasons.join()).toMatch(/bookworm|sid/);
					expect(here?.reasons.join()).toContain(`no path through ${networks.b.portal}`);
					for (const peer of ["bookworm", "sid"] as const) expect(lun.nodes.get(peer)?.state).toBe("optimal");
				}
			},
			() => node.login(["b"]),
		);
	});

	test("a node whose plug is pulled is unknown, the others are untouched, and back again all is well", async () => {
		const node = fleet.node("bookworm");
		const pulled = Date.now();
		await node.kill();
		const status = await untilFleet("bookworm is unknown", (now) => {
			return now.luns.every((lun) => lun.nodes.get("bookworm")?.state === "unknown") && now;
		});
		console.log(`fleet: unknown ${((Date.now() - pulled) / 1000).toFixed(1)} s after the plug was pulled`);
		for (const lun of status.luns) {
			expect(lun.state).toBe("optimal");
			for (const peer of ["trixie", "sid"] as const)
				expect(lun.nodes.get(peer)).toMatchObject({ state: "optimal", paths: 2, usable: 2 });
		}
		expect((await fleet.server.cli("status")).code).toBe(3);
		await fleet.wakeAgain(node);
		await untilWell();
	});

	test("without etcd for a minute nothing is torn down, and a change made afterwards arrives", async () => {
		const before = await mapsOf(fleet);
		const node = fleet.node("trixie");
		await using reader = await Reader.open(node.guest, "/dev/mapper/journal");
		await fleet.etcd.kill();
		await sleep(minute);
		expect(await mapsOf(fleet)).toEqual(before);
		expect((await fleet.server.cli("status")).code).toBe(3);
		await fleet.etcd.start();
		await fleet.server.run("lun", "set", "journal", "alias=ledger", "--no-wait");
		await untilEverywhere(fleet, "ledger");
		await untilWell();
		const { reads, errors } = await reader.record();
		expect({ read: reads > 1, errors }).toEqual({ read: true, errors: [] });
	});

	test("a wrong override is refused with line and column, and reaches no node", async () => {
		const file = join(mkdtempSync(join(tmpdir(), "pk-overrides-")), "multipath-overrides.conf");
		writeFileSync(file, 'devices {\n\tdevice {\n\t\tvendor "LIO-ORG"\n\t\tproduct "["\n\t}\n}\n');
		const { code, stderr } = await fleet.server.cli("config", "overrides", file);
		expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/line 4, column \d+/) });
		expect(await fleet.server.get("/cluster/multipath/overrides")).toMatchObject({ text: "" });
		for (const { guest } of fleet.nodes)
			expect((await guest.tryExec("test -e /etc/multipath/conf.d/pathkeeper-overrides.conf")).code).toBe(1);
	});

	test("an apply that fails on one node is shown on that node only, and made up for", async () => {
		const node = fleet.node("trixie");
		await node.guest.exec(
			"mount --bind /etc/multipath /etc/multipath && mount -o remount,bind,ro /etc/multipath",
		);
		await whileBroken(
			async () => {
				await fleet.server.run("lun", "set", log.wwid, "no-path-retry=7", "--no-wait");
				const { nodes } = await untilFleet(
					"trixie cannot apply, the others do",
					(status) =>
						status.nodes.get("trixie")?.applied === "failed" &&
						suites.every((suite) => suite === "trixie" || status.nodes.get(suite)?.current === true) &&
						status,
				);
				expect(nodes.get("trixie")?.error).toContain("/etc/multipath");
				for (const peer of ["bookworm", "sid"] as const) expect(nodes.get(peer)?.error).toBe("");
			},
			() => node.guest.exec("umount /etc/multipath"),
		);
	});

	test("of two writers with the same digest one wins, and the other is told", async () => {
		const digest = String(member(await fleet.server.get("/cluster/multipath/config"), "digest"));
		const write = (comment: string) =>
			fleet.server.cli("lun", "set", data.wwid, `comment=${comment}`, "--digest", digest, "--no-wait");
		const [one, two] = await Promise.all([write("one"), write("two")]);
		const [winner, loser, comment] = one.code === 0 ? [one, two, "one"] : [two, one, "two"];
		expect(winner.code).toBe(0);
		expect(loser.code).not.toBe(0);
		expect(loser.stderr).toContain("detected modified configuration");
		expect(await fleet.server.get(`/cluster/multipath/wwids/${data.wwid}`)).toMatchObject({ comment });
		await untilWell();
	});

	test("a LUN that is mounted on one node is not forgotten: node and user are named", async () => {
		const node = fleet.node("trixie");
		const device = `/dev/disk/by-id/dm-uuid-mpath-${data.wwid}`;
		await node.guest.exec(`mkfs.ext4 -q -F ${device} && mkdir -p /srv/lab && mount ${device} /srv/lab`, {
			timeout: 3 * minute,
		});
		await whileBroken(
			async () => {
				const before = await mapsOf(fleet);
				const refusal = await until(
					"an answer of every node",
					async () => {
						const { code, stderr } = await fleet.server.cli("lun", "forget", data.wwid, "--yes");
						expect(code).not.toBe(0);
						// A slow guest may not take the question in time: then that is why it is refused.
						return !stderr.includes("is not reachable") && stderr;
					},
					patience,
				);
				expect(refusal).toContain("trixie");
				expect(refusal).toContain("/srv/lab");
				await untilWell();
				expect(await mapsOf(fleet)).toEqual(before);
			},
			() => node.guest.exec("umount /srv/lab"),
		);
	});

	test("one WWID with two sizes is said loudly and never optimal; when it is one again, all is well", async () => {
		const twin = sanLun(4, data.bytes + 32 * 1024 ** 2, data.serial);
		expect(twin.wwid).toBe(data.wwid);
		const node = fleet.node("sid");
		await whileBroken(
			async () => {
				await fleet.san.add(twin, ["sid"]);
				await node.scan();
				const conflict = await untilFleet("the second size is seen", (status) => {
					const lun = lunOf(status, data.wwid);
					return lun.reasons.join().includes("different sizes") && lun;
				});
				expect(conflict.state).not.toBe("optimal");
				expect(conflict.reasons[0]).toContain(`(${twin.bytes} bytes) on sid`);
				expect(conflict.reasons[0]).toContain(`(${data.bytes} bytes) on bookworm, sid, trixie`);
				expect((await fleet.server.cli("status")).code).toBe(1);
			},
			async () => {
				await node.dropDevices(twin);
				await fleet.san.remove(twin, ["sid"]);
			},
		);
		expect((await fleet.server.cli("status")).code).toBe(0);
	});

	storageSteps({ fleet: () => fleet, untilFleet, untilWell, whileBroken });
});

async function mapsOf(fleet: Fleet): Promise<ReadonlyMap<Suite, ReadonlyMap<string, string>>> {
	const maps = new Map<Suite, ReadonlyMap<string, string>>();
	for (const node of fleet.nodes) maps.set(node.name, await node.maps());
	return maps;
}

/** Waits until the map of the first LUN has this name in every node's kernel. */
async function untilEverywhere(fleet: Fleet, name: string): Promise<void> {
	const isNamed = async (node: FleetNode) => (await node.maps()).get(log.wwid) === name;
	for (const node of fleet.nodes)
		await until(`the map '${name}' on ${node.name}`, () => isNamed(node), { ...patience, every: 5000 });
}

function lunOf(status: FleetStatus, wwid: string): LunInFleet {
	const lun = status.luns.find((one) => one.wwid === wwid);
	if (lun === undefined) throw new Error(`LUN ${wwid} is not listed`);
	return lun;
}

function isWell({ luns, nodes }: FleetStatus): boolean {
	return (
		luns.length === 2 &&
		luns.every(
			({ state, nodes: on }) =>
				state === "optimal" &&
				suites.every((suite) => {
					const here = on.get(suite);
					return here?.state === "optimal" && here.paths === 2 && here.usable === 2;
				}),
		) &&
		suites.every((suite) => {
			const node = nodes.get(suite);
			return node?.online === true && node.current && !node.settling;
		})
	);
}

function mapsAsObjects(_: string, value: unknown): unknown {
	return value instanceof Map ? Object.fromEntries(value) : value;
}
