/**
 * docs/install-fleet.md from its first command to its last, on three servers of three releases that have nothing but
 * Debian and their sessions with the array; then the upgrade of each node while data on every LUN is in use on all.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	documentSteps,
	type Guest,
	MapWatch,
	mapsOf,
	nextVersion,
	type PlainNode,
	plainNodeNames,
	sanLuns,
	targetName,
	version,
	Writer,
} from "../../src/index.ts";
import { documentTests, stepByStep } from "./document-tests.ts";
import { FleetStage } from "./fleet-stage.ts";
import { minute, patience } from "./host.ts";

const [first] = sanLuns;
const wwids = sanLuns.map(({ wwid }) => wwid);
const runners: readonly string[] = ["every-node", ...plainNodeNames];
const units = ["pathkeeper.service", "pathkeeper-agent.service", "pathkeeper-server.service"] as const;
const nameOf = (number: number) => (number === 0 ? "db-log" : `data-${number}`);

describe("a fleet of three fresh servers", () => {
	stepByStep(30 * minute);
	const stage = new FleetStage();
	let writers: readonly { readonly node: PlainNode; readonly writer: Writer }[] = [];

	const multipathFiles = (guest: Guest) =>
		guest.exec("cat /etc/multipath/wwids; tail -n +1 /etc/multipath/conf.d/*", patience);
	const states = async (guest: Guest) =>
		(await guest.tryExec(`systemctl is-active ${units.join(" ")}`, patience)).stdout.trim().split("\n");
	const pidOf = async (guest: Guest, unit: string) =>
		(await guest.exec(`systemctl show --property MainPID --value ${unit}`, patience)).trim();
	const troubles = async () => {
		const felt: string[] = [];
		for (const { node, writer } of writers) {
			const record = await writer.record();
			const told = [...(record?.errors ?? ["no record"]), ...(record?.mismatches ?? [])];
			felt.push(...told.map((text) => `${node.name} ${writer.device}: ${text}`));
		}
		return felt;
	};
	/** Listeners of a unit's main process: local addresses. */
	const listeners = async (guest: Guest, unit: string) => {
		const process = `pid=${await pidOf(guest, unit)},`;
		const all = await guest.exec("ss --listening --tcp --udp --numeric --processes --no-header", patience);
		return all
			.split("\n")
			.filter((line) => line.includes(process))
			.map((line) => line.split(/\s+/)[4]);
	};

	beforeAll(() => stage.set(), 40 * minute);
	afterAll(() => stage.clear(), 2 * minute);

	const steps = documentSteps("install-fleet.md").filter(({ runner }) => runners.includes(runner));

	documentTests(steps, (step, place) => stage.run(step, place), {
		after: {
			"1. Install the packages on every node#1": () => {
				test("nothing of ours runs, and no etcd", async () => {
					for (const { guest } of stage.nodes) {
						expect(await states(guest)).toEqual(["inactive", "inactive", "inactive"]);
						expect((await guest.tryExec("pgrep --exact etcd", patience)).stdout).toBe("");
					}
				});
			},
			"4. See that etcd is healthy#3": () => {
				test("all three members of etcd are healthy", () => {
					const told = stage.printed.get("4. See that etcd is healthy#3") ?? "";
					expect(told.match(/ is healthy/g)).toHaveLength(3);
				});
			},
			"6. Start the server on n1, and the agents#3": () => {
				test("every node is there", async () => {
					await stage.untilOptimal([]);
				});

				test("agents listen on nothing; the server runs as its own user, who owns its state alone", async () => {
					for (const { guest } of stage.nodes) expect(await listeners(guest, units[1])).toEqual([]);
					const { guest } = stage.node("n1");
					expect(await listeners(guest, units[2])).toEqual(["*:8010"]);
					const user = await guest.exec(
						`ps --no-headers -o user:20 --pid ${await pidOf(guest, units[2])}`,
						patience,
					);
					expect(user.trim()).toBe("pathkeeper");
					const modes = await guest.exec(
						"stat --format='%a %U:%G' /var/lib/pathkeeper /var/lib/pathkeeper/agent /var/lib/pathkeeper/server /run/pathkeeper-server",
						patience,
					);
					expect(modes.trim().split("\n")).toEqual([
						"755 root:root",
						"700 root:root",
						"700 pathkeeper:pathkeeper",
						"700 pathkeeper:pathkeeper",
					]);
				});

				test("the server gives its page and its API over HTTPS", async () => {
					const { code, text } = await stage.page("/");
					expect(code).toBe(200);
					expect(text).toContain("<title>Pathkeeper");
					expect((await stage.page("/api2/json/version")).code).toBe(401);
				});
			},
			"8. Allow the first LUN#3": () => {
				test("the LUN is optimal on every node", async () => {
					await stage.untilOptimal([first.wwid]);
					for (const { guest } of stage.nodes)
						expect(await guest.exec("blockdev --getsize64 /dev/mapper/db-log", patience)).toBe(
							`${first.bytes}\n`,
						);
				});
			},
		},
	});

	describe("then", () => {
		test("an agent asks a portal for its targets", async () => {
			const { guest } = stage.node("n1");
			const told = await guest.exec("pathkeeper storage scan iscsi 192.168.71.1 --node n3", patience);
			expect(told).toContain(targetName);
		});

		test("every LUN is allowed, optimal on every node, and holds data that every node writes and reads", async () => {
			const { guest } = stage.node("n1");
			for (const { number, wwid } of sanLuns.slice(1))
				await guest.exec(`pathkeeper lun allow ${wwid} alias=${nameOf(number)} --no-wait`, patience);
			await stage.untilOptimal(wwids);
			const opened: { node: PlainNode; writer: Writer }[] = [];
			for (const [at, node] of stage.nodes.entries())
				for (const { number } of sanLuns) {
					const offset = (at + 1) * 16 * 1024 ** 2;
					opened.push({
						node,
						writer: await Writer.open(node.guest, `/dev/mapper/${nameOf(number)}`, offset),
					});
				}
			writers = opened;
		});

		test.each(plainNodeNames)("%s is upgraded: what ran is restarted, and no map notices", async (name) => {
			const { guest } = stage.node(name);
			const before = await states(guest);
			const pids = await Promise.all(units.map((unit) => pidOf(guest, unit)));
			const [files, maps] = [await multipathFiles(guest), await mapsOf(guest)];
			const watch = await MapWatch.start(guest);
			await guest.exec(
				`cd /root && DEBIAN_FRONTEND=noninteractive apt install --yes ./pathkeeper_${nextVersion}_amd64.deb`,
				{ timeout: 20 * minute },
			);
			await stage.untilOptimal(wwids);
			expect(await guest.exec("pathkeeper --version", patience)).toBe(`pathkeeper ${nextVersion}\n`);
			expect(version).not.toBe(nextVersion);
			expect(await states(guest)).toEqual(before);
			for (const [at, unit] of units.entries()) {
				const [then, now] = [pids[at], await pidOf(guest, unit)];
				if (before[at] === "active") expect(now).not.toBe(then);
				else expect(now).toBe("0");
			}
			expect(await watch.finish()).toEqual({ events: [], logged: [] });
			expect(await mapsOf(guest)).toEqual(maps);
			expect(await multipathFiles(guest)).toBe(files);
			expect(await troubles()).toEqual([]);
		});

		test("open-iscsi is upgraded on a node: its sessions and maps stay", async () => {
			const { guest } = stage.node("n2");
			const [files, maps] = [await multipathFiles(guest), await mapsOf(guest)];
			await guest.exec("DEBIAN_FRONTEND=noninteractive dpkg --install /mnt/lab/open-iscsi_lab1.deb", {
				timeout: 10 * minute,
			});
			await stage.untilOptimal(wwids);
			expect((await guest.exec("iscsiadm -m session", patience)).trim().split("\n")).toHaveLength(2);
			expect((await mapsOf(guest)).tables).toEqual(maps.tables);
			expect(await multipathFiles(guest)).toBe(files);
		});

		test("no read and no write has failed on any node, and every block is as it was written", async () => {
			expect(writers.length).toBe(sanLuns.length * plainNodeNames.length);
			for (const { node, writer } of writers) {
				const record = await writer.finish();
				console.log(
					`${node.name}: ${writer.device}: ${record.rounds} blocks, longest I/O ${record.longest} ms`,
				);
				expect(record).toMatchObject({ errors: [], mismatches: [] });
				expect(record.rounds).toBeGreaterThan(10);
			}
		});
	});
});
