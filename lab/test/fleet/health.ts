/**
 * One configuration and what becomes of its LUNs on every node: while all is well, and while a fabric, a portal, a node
 * or the store is gone. The first step allows both LUNs.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { type LunInFleet, networks, Reader, sanLun, sanLuns, suites } from "../../src/index.ts";
import { allowCandidate } from "./page.ts";
import { minute } from "./patience.ts";
import { lunOf, type Stage } from "./stage.ts";

const [log, data] = sanLuns;

export function healthSteps(stage: Stage): void {
	test("two allowed LUNs have their maps, with a path over each fabric, on all three nodes", async () => {
		await stage.fleet.server.run("lun", "allow", log.wwid, "alias=db-log", "--no-wait");
		await using visit = await stage.visit("/config");
		await allowCandidate(visit.page, data.wwid);
		await stage.untilWell();
		await visit.page.getByRole("link", { name: "Health" }).click();
		await visit.page.getByText("All 2 LUNs are optimal on 3 nodes.").waitFor();
		for (const node of stage.fleet.nodes) {
			const maps = new Map([
				[log.wwid, "db-log"],
				[data.wwid, data.wwid],
			]);
			expect(await node.maps()).toEqual(maps);
		}
		expect((await stage.fleet.server.cli("status")).code).toBe(0);
	});

	test("a new alias is the name of the map everywhere", async () => {
		await stage.fleet.server.run("lun", "set", "db-log", "alias=journal", "--no-wait");
		await stage.untilNamed(log.wwid, "journal");
		const status = await stage.untilWell();
		expect(lunOf(status, log.wwid).alias).toBe("journal");
	});

	test("with fabric A down every node is degraded and names its portal; with A back all is well", async () => {
		await using visit = await stage.visit("/");
		const { page } = visit;
		await page.getByText("All 2 LUNs are optimal on 3 nodes.").waitFor();
		await page.evaluate(() => Reflect.set(globalThis, "notReloaded", true));
		await stage.fleet.san.setFabric("a", "down");
		await stage.whileBroken(
			async () => {
				const isNamed = (lun: LunInFleet) =>
					suites.every((suite) => {
						const here = lun.nodes.get(suite);
						return here?.state === "degraded" && here.reasons.join().includes(networks.a.portal);
					});
				const luns = await stage.untilFleet(
					"fabric A's failure is seen everywhere",
					({ luns }) => luns.every(isNamed) && luns,
				);
				for (const lun of luns) {
					expect(lun.state).toBe("degraded");
					expect(lun.reasons.join()).not.toContain(networks.b.portal);
				}
				expect((await stage.fleet.server.cli("status")).code).toBe(1);
				await page.getByText("2 degraded of 2 LUNs on 3 nodes.").waitFor();
				const table = page.getByRole("table", { name: "LUNs that are not optimal" });
				await table.getByText(networks.a.portal).first().waitFor();
			},
			() => stage.fleet.san.setFabric("a", "up"),
		);
		await page.getByText("All 2 LUNs are optimal on 3 nodes.").waitFor();
		expect(await page.evaluate(() => Reflect.get(globalThis, "notReloaded"))).toBe(true);
	});

	test("a node that logged out of one portal is degraded, though all paths it has are fine", async () => {
		const node = stage.fleet.node("trixie");
		await node.logout("b");
		await stage.whileBroken(
			async () => {
				const { luns } = await stage.untilFleet(
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
		const node = stage.fleet.node("bookworm");
		const pulled = Date.now();
		await node.kill();
		const status = await stage.untilFleet("bookworm is unknown", (now) => {
			return now.luns.every((lun) => lun.nodes.get("bookworm")?.state === "unknown") && now;
		});
		console.log(`fleet: unknown ${((Date.now() - pulled) / 1000).toFixed(1)} s after the plug was pulled`);
		for (const lun of status.luns) {
			// What nobody can say of one node, nobody can say of the LUN.
			expect(lun.state).toBe("unknown");
			for (const peer of ["trixie", "sid"] as const)
				expect(lun.nodes.get(peer)).toMatchObject({ state: "optimal", paths: 2, usable: 2 });
		}
		expect((await stage.fleet.server.cli("status")).code).toBe(3);
		await stage.fleet.wakeAgain(node);
		await stage.untilWell();
	});

	test("without etcd for a minute nothing is torn down, and a change made afterwards arrives", async () => {
		const before = await stage.maps();
		const node = stage.fleet.node("trixie");
		await using reader = await Reader.open(node.guest, "/dev/mapper/journal");
		await stage.fleet.etcd.kill();
		await sleep(minute);
		expect(await stage.maps()).toEqual(before);
		expect((await stage.fleet.server.cli("status")).code).toBe(3);
		await stage.fleet.etcd.start();
		await stage.fleet.server.run("lun", "set", "journal", "alias=ledger", "--no-wait");
		await stage.untilNamed(log.wwid, "ledger");
		await stage.untilWell();
		const { reads, errors } = await reader.record();
		expect({ read: reads > 1, errors }).toEqual({ read: true, errors: [] });
	});

	test("one WWID with two sizes is said loudly and never optimal; when it is one again, all is well", async () => {
		const twin = sanLun(4, data.bytes + 32 * 1024 ** 2, data.serial);
		expect(twin.wwid).toBe(data.wwid);
		const node = stage.fleet.node("sid");
		await stage.whileBroken(
			async () => {
				await stage.fleet.san.add(twin, ["sid"]);
				await node.scan();
				const conflict = await stage.untilFleet("the second size is seen", (status) => {
					const lun = lunOf(status, data.wwid);
					return lun.reasons.join().includes("different sizes") && lun;
				});
				expect(conflict.state).not.toBe("optimal");
				expect(conflict.reasons[0]).toContain(`(${twin.bytes} bytes) on sid`);
				expect(conflict.reasons[0]).toContain(`(${data.bytes} bytes) on bookworm, sid, trixie`);
				expect((await stage.fleet.server.cli("status")).code).toBe(1);
			},
			async () => {
				await node.dropDevices(twin);
				await stage.fleet.san.remove(twin, ["sid"]);
			},
		);
		expect((await stage.fleet.server.cli("status")).code).toBe(0);
	});
}
