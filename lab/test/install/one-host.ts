/**
 * docs/install-one-host.md from its first command to its last, on a server that has nothing but Debian. From the
 * upgrade on, somebody's data is on every LUN: through upgrade, removal, installation, purge and all that follows, no
 * read and no write may fail.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import {
	type Disturbance,
	documentSteps,
	firstLuns,
	isShortRun,
	type Maps,
	MapWatch,
	mapsOf,
	nextVersion,
	type Suite,
	version,
	Writer,
} from "../../src/index.ts";
import { documentTests, stepByStep } from "./document-tests.ts";
import { dropIn, Host, minute, patience } from "./host.ts";
import { moreTests } from "./one-host-more.ts";

const [first] = firstLuns;
const wwids = firstLuns.map(({ wwid }) => wwid);
const units = ["pathkeeper.service", "pathkeeper-agent.service", "pathkeeper-server.service"] as const;
const untouched: Disturbance = { events: [], logged: [] };

/** Files with their modes and owners, as the package promises them. */
const promised: Readonly<Record<string, string>> = {
	"/usr/bin/pathkeeper": "755 root:root",
	"/usr/lib/pathkeeper/pathkeeper.mjs": "644 root:root",
	"/usr/lib/pathkeeper/pathkeeper-worker.mjs": "644 root:root",
	"/usr/lib/pathkeeper/page/index.html": "644 root:root",
	"/usr/lib/pathkeeper/runtime/node": "755 root:root",
	"/usr/lib/pathkeeper/runtime/LICENSE": "644 root:root",
	"/usr/lib/systemd/system/pathkeeper.service": "644 root:root",
	"/usr/lib/systemd/system/pathkeeper-agent.service": "644 root:root",
	"/usr/lib/systemd/system/pathkeeper-server.service": "644 root:root",
	"/usr/share/man/man1/pathkeeper.1.gz": "644 root:root",
	"/usr/share/man/man5/pathkeeper.conf.5.gz": "644 root:root",
	"/usr/share/bash-completion/completions/pathkeeper": "644 root:root",
	"/etc/pathkeeper": "755 root:root",
	"/etc/pathkeeper/pathkeeper.conf": "644 root:root",
	"/etc/pathkeeper/pki": "750 root:pathkeeper",
	"/etc/pathkeeper/plugins": "755 root:root",
	"/var/lib/pathkeeper": "755 root:root",
	"/var/lib/pathkeeper/agent": "700 root:root",
	"/var/lib/pathkeeper/server": "700 pathkeeper:pathkeeper",
};

export function oneHostInstall(suite: Suite): void {
	stepByStep(20 * minute);
	const host = new Host(suite);
	let writers: readonly Writer[] = [];
	let watch: MapWatch;
	let maps: Maps;
	let files: string;
	let pidBefore = "";

	/** What belongs to multipath and must outlive us: its list of WWIDs and what it reads. */
	const multipathFiles = () =>
		host.guest.exec(
			"cat /etc/multipath/wwids; tail -n +1 /etc/multipath/conf.d/* /etc/multipath.conf 2>&1; true",
		);
	const modes = async (paths: readonly string[]) =>
		Object.fromEntries(
			(await host.guest.exec(`stat --format='%n %a %U:%G' ${paths.join(" ")}`))
				.trim()
				.split("\n")
				.map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]),
		);
	const states = async () =>
		(await host.guest.tryExec(`systemctl is-active ${units.join(" ")}`)).stdout.trim().split("\n");
	const mainPid = async () =>
		(await host.guest.exec("systemctl show --property MainPID --value pathkeeper.service")).trim();
	const troubles = async () => {
		const felt = await Promise.all(writers.map((writer) => writer.record()));
		return felt.flatMap((record) => [...(record?.errors ?? ["no record"]), ...(record?.mismatches ?? [])]);
	};
	/** Before somebody does what must not touch maps. */
	const beginWatch = async () => {
		files = await multipathFiles();
		maps = await mapsOf(host.guest);
		watch = await MapWatch.start(host.guest);
	};
	/** Afterwards: the same maps with the same tables, open as often, without an event, over the same multipathd. */
	const expectUntouched = async () => {
		expect(await watch.finish()).toEqual(untouched);
		expect(await mapsOf(host.guest)).toEqual(maps);
		expect(await multipathFiles()).toBe(files);
		expect(await troubles()).toEqual([]);
	};

	beforeAll(() => host.wake(), 10 * minute);
	afterAll(() => host.clear(), minute);

	const steps = documentSteps("install-one-host.md").filter(({ runner }) => runner === "one-host");

	documentTests(steps, (step, place) => host.run(step, place), {
		after: {
			"Install#1": () => {
				test("the installation brings multipath-tools and starts nothing of ours", async () => {
					expect(host.printed.get("Install#1")).toContain(`\npathkeeper ${version}\n`);
					expect(host.printed.get("Install#1")).toContain("systemctl enable --now pathkeeper");
					await host.guest.until("multipathd", async () => {
						return (await host.guest.tryExec("systemctl is-active multipathd.service")).code === 0;
					});
					expect(await states()).toEqual(["inactive", "inactive", "inactive"]);
					const enabled = await host.guest.tryExec(`systemctl is-enabled ${units.join(" ")}`);
					expect(enabled.stdout).toBe("disabled\ndisabled\ndisabled\n");
					expect((await host.guest.tryExec("pgrep --full /usr/lib/pathkeeper")).stdout).toBe("");
				});

				test("every file is where it is promised, with its mode and owner, and as it was packed", async () => {
					expect(await modes(Object.keys(promised))).toEqual(promised);
					expect(await host.guest.exec("dpkg --verify pathkeeper")).toBe("");
					expect(
						await host.guest.exec("grep --invert-match '^#' /etc/pathkeeper/pathkeeper.conf | tr -d '\\n'"),
					).toBe("");
				});
			},
			"Look before you start#1": () => {
				test("nothing is wrong with a fresh host, and nothing could not be looked at", () => {
					const printed = host.printed.get("Look before you start#1") ?? "";
					expect(printed).toMatch(/^\d+ results: .*\d+ fine$/m);
					expect(printed.match(/^(?:ERROR|UNKNOWN|WARNING) .*$/gm) ?? []).toEqual([]);
				});
			},
			"Start#2": () => {
				test("the service is ready, says how to begin, and keeps its state for itself", async () => {
					expect(host.printed.get("Start#2")).toContain("No LUN is allowed yet");
					expect(await states()).toEqual(["active", "inactive", "inactive"]);
					expect(await modes(["/var/lib/pathkeeper/agent", "/run/pathkeeper"])).toEqual({
						"/var/lib/pathkeeper/agent": "700 root:root",
						"/run/pathkeeper": "700 root:root",
					});
					expect(await host.guest.exec("ls --almost-all /var/lib/pathkeeper/server")).toBe("");
				});

				test("it serves on loopback only", async () => {
					const listening = await host.guest.exec(
						"ss --listening --tcp --udp --numeric --processes --no-header",
					);
					const process = `pid=${await mainPid()},`;
					const ours = listening.split("\n").filter((line) => line.includes(process));
					expect(ours.map((line) => line.split(/\s+/)[4])).toEqual(["127.0.0.1:8010"]);
				});
			},
			"Allow the first LUN#2": () => {
				test("the LUN is optimal", async () => {
					expect(host.printed.get("Allow the first LUN#2")).toContain(`LUN ${first.wwid} is allowed.`);
					await host.untilOptimal([first.wwid]);
					expect(await host.guest.exec("blockdev --getsize64 /dev/mapper/db-log")).toBe(`${first.bytes}\n`);
				});
			},
			"When a path fails#1": () => {
				test("the path that failed was named, and all is well again", async () => {
					expect(host.printed.get("When a path fails#1")).toMatch(/degraded/);
					await host.untilOptimal([first.wwid]);
				});
			},
			"Upgrade#1": () => {
				test("the upgrade restarts our service alone; no map notices", async () => {
					expect(await host.guest.exec("pathkeeper --version")).toBe(`pathkeeper ${nextVersion}\n`);
					expect(await states()).toEqual(["active", "inactive", "inactive"]);
					expect(await mainPid()).not.toBe(pidBefore);
					await host.untilOptimal(wwids);
					await expectUntouched();
				});
			},
			"Remove#1": () => {
				test("the removal leaves maps, the list of WWIDs and what multipathd reads, and says how to hand back", async () => {
					expect(host.printed.get("Remove#1")).toContain(dropIn);
					expect(host.printed.get("Remove#1")).toMatch(/hand/i);
					await expectUntouched();
					expect(await states()).toEqual(["inactive", "inactive", "inactive"]);
					expect((await host.guest.tryExec("ls /usr/bin/pathkeeper /usr/lib/pathkeeper")).stdout).toBe("");
					expect(await modes(["/var/lib/pathkeeper/agent/store.db"])).toBeDefined();
				});
			},
			"Install again#1": () => {
				test("what was installed again takes over where the other ended", async () => {
					await host.untilOptimal(wwids);
					expect(await multipathFiles()).toBe(files);
					expect((await mapsOf(host.guest)).tables).toEqual(maps.tables);
					expect(await troubles()).toEqual([]);
				});
			},
			"Purge#1": () => {
				test("the purge removes what Pathkeeper knew, and nothing of the host's", async () => {
					await expectUntouched();
					expect(
						(await host.guest.tryExec("ls -d /var/lib/pathkeeper /etc/pathkeeper 2>/dev/null")).stdout,
					).toBe("");
					expect(await host.guest.exec("getent passwd pathkeeper")).toContain("pathkeeper");
				});
			},
			"Purge#2": () => {
				test("with the saved configuration every LUN is as it was", async () => {
					await host.untilOptimal(wwids);
					expect((await mapsOf(host.guest)).tables).toEqual(maps.tables);
					expect(await troubles()).toEqual([]);
				});
			},
		},
		before: {
			"Upgrade#1": () => {
				test("every LUN is allowed and holds data that somebody writes and reads", async () => {
					for (const { number, wwid } of firstLuns.slice(1))
						await host.guest.exec(`pathkeeper lun allow ${wwid} alias=data-${number} --no-wait`, patience);
					await host.untilOptimal(wwids);
					const names = firstLuns.map(({ number }) => (number === 0 ? "db-log" : `data-${number}`));
					writers = await Promise.all(
						names.map((name) => Writer.open(host.guest, `/dev/mapper/${name}`, 256 * 1024 ** 2)),
					);
					pidBefore = await mainPid();
					await beginWatch();
				});
			},
			"Remove#1": () => {
				test("before the removal", () => beginWatch());
			},
			"Purge#1": () => {
				test("before the purge", () => beginWatch());
			},
		},
	});
	/** Ends a writer: nothing that it read or wrote may have failed. */
	const finish = async (writer: Writer) => {
		writers = writers.filter((other) => other !== writer);
		const record = await writer.finish();
		console.log(
			`${suite}: ${writer.device}: ${record.rounds} blocks written, longest I/O ${record.longest} ms`,
		);
		expect(record).toMatchObject({ errors: [], mismatches: [] });
		expect(record.rounds).toBeGreaterThan(20);
	};

	// A short run ends with the document itself.
	if (!isShortRun())
		moreTests(host, wwids, async (wwid) => {
			const at = wwids.indexOf(wwid);
			for (const writer of writers.filter(({ device }) => device.endsWith(`-${at}`))) await finish(writer);
		});

	test("no read and no write has failed, and every block is as it was written", async () => {
		expect(writers.length).toBeGreaterThan(0);
		for (const writer of writers) await finish(writer);
	});
}
