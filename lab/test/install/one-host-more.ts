/**
 * What happens to an installed host besides Pathkeeper's own packages, and whether the units let it do its work: after
 * the document, on the same guest and with the same data in use.
 */
import { describe, expect, test } from "vitest";
import { firstLuns, MapWatch, mapsOf } from "../../src/index.ts";
import { type Host, minute, patience } from "./host.ts";

const [, , , , spare] = firstLuns;
const volume = "vmdata:vm-100-disk-0";
const service = "pathkeeper.service";

/** Stops a command of LVM in its tracks as soon as it starts; the number of its process is the answer. */
const catcher = `
use strict; use warnings;
my $command = shift;
for (;;) {
	for my $file (glob "/proc/[0-9]*/cmdline") {
		open my $line, "<", $file or next;
		my @words = split /\\0/, <$line> // "";
		next unless @words > 1 && $words[0] =~ m{(?:^|/)lvm$} && $words[1] eq $command;
		my ($pid) = $file =~ /(\\d+)/;
		kill "STOP", $pid;
		print "$pid\\n";
		exit;
	}
}
`;

/** multipathd ends queueing when it stops, unless `queue_without_daemon` is set (multipath.conf(5)); it begins again. */
function withoutQueueing(tables: readonly string[]): readonly string[] {
	return tables.map((table) => table.replace(" 1 queue_if_no_path ", " 0 "));
}

/** `free`: takes a LUN from whoever uses it, so that a storage can be made on it. */
export function moreTests(host: Host, wwids: readonly string[], free: (wwid: string) => Promise<void>): void {
	const exec = (command: string) => host.guest.exec(command, patience);
	const property = async (name: string) =>
		(await exec(`systemctl show --property ${name} --value ${service}`)).trim();
	const multipathFiles = () => exec("cat /etc/multipath/wwids; tail -n +1 /etc/multipath/conf.d/*");

	describe("with multipath-tools upgraded under it", () => {
		/** What was said of any LUN since the daemon went away. */
		const told = new Set<string>();
		const look = async () => {
			const status = await host.status();
			for (const lun of status?.luns ?? []) told.add(lun.state);
			return status;
		};
		let files: string;
		let tables: readonly string[];

		test("a multipathd that is away for two minutes makes LUNs unknown, and nothing worse", async () => {
			files = await multipathFiles();
			({ tables } = await mapsOf(host.guest));
			await exec("dpkg --unpack /mnt/lab/multipath-tools_lab1.deb /mnt/lab/kpartx_lab1.deb");
			// Debian 13 has stopped it before it unpacked; Debian 12 would do so only between two steps that take no time.
			await exec(
				"systemctl stop multipathd.socket multipathd.service 2>&1 || systemctl stop multipathd.service",
			);
			const end = Date.now() + 2 * minute;
			await host.guest.until(
				"two minutes, and every LUN unknown",
				async () => {
					const status = await look();
					const allUnknown = status?.luns.every(({ state }) => state === "unknown") === true;
					return allUnknown && Date.now() > end;
				},
				patience,
			);
			const { code, stdout } = await host.guest.tryExec("pathkeeper status", patience);
			expect(code).toBe(3);
			expect(stdout).toMatch(/multipathd/);
			expect((await mapsOf(host.guest)).tables).toEqual(withoutQueueing(tables));
		});

		test("once it is configured all is optimal again, and nothing was lost", async () => {
			await exec("DEBIAN_FRONTEND=noninteractive dpkg --configure --pending");
			expect(await exec("dpkg-query --show multipath-tools")).toMatch(/\+lab1$/m);
			await host.guest.until(
				"every LUN optimal",
				async () => (await look())?.luns.every(({ state }) => state === "optimal"),
				patience,
			);
			await host.untilOptimal(wwids);
			expect([...told].filter((state) => state !== "optimal" && state !== "unknown")).toEqual([]);
			expect(await multipathFiles()).toBe(files);
			expect((await mapsOf(host.guest)).tables).toEqual(tables);
		});
	});

	describe("under its unit's restrictions", () => {
		test("a volume group and a volume are made and removed", async () => {
			await exec("DEBIAN_FRONTEND=noninteractive apt install --yes lvm2");
			await free(spare.wwid);
			await exec("pathkeeper storage add multipath san");
			await exec(`pathkeeper storage add lvm vmdata base=san:${spare.wwid} vgname=vmdata`);
			await exec("pathkeeper storage alloc vmdata 100 vm-100-disk-0 8M --node n1");
			expect(await exec("lvs --noheadings --options lv_name vmdata")).toContain("vm-100-disk-0");
			await exec(`pathkeeper storage free ${volume} --node n1`);
			expect((await exec("lvs --noheadings --options lv_name vmdata")).trim()).toBe("");
		});

		test("a file of a storage is written below /srv", async () => {
			await exec("mkdir /srv/store && pathkeeper storage add dir store path=/srv/store content=images");
			await exec("pathkeeper storage alloc store 100 vm-100-disk-0.raw 1M --node n1");
			expect(await exec("find /srv/store -name 'vm-100-disk-0.raw' -size 1M")).not.toBe("");
		});
	});

	describe("when the service hangs or is stopped", () => {
		test("a stop waits for the program that changes something, which ends its work", async () => {
			await host.guest.writeFile("/run/lab-catcher.pl", catcher);
			await exec(
				"rm -f /run/lab-caught; systemd-run --quiet --collect --unit=lab-catcher sh -c 'perl /run/lab-catcher.pl lvcreate > /run/lab-caught'",
			);
			await exec(
				"systemd-run --quiet --collect --unit=lab-alloc pathkeeper storage alloc vmdata 100 vm-100-disk-0 8M --node n1",
			);
			await host.guest.until(
				"lvcreate",
				async () => (await exec("cat /run/lab-caught 2>/dev/null; true")).trim() !== "",
				patience,
			);
			await exec(`systemctl stop --no-block ${service}`);
			await host.guest.until("the stop", async () => (await property("ActiveState")) === "deactivating");
			await exec("sleep 5");
			expect(await property("ActiveState")).toBe("deactivating");
			await exec("kill -CONT $(cat /run/lab-caught)");
			await host.guest.until("its end", async () => (await property("ActiveState")) === "inactive", patience);
			expect(await property("Result")).toBe("success");
			expect(await exec("lvs --noheadings --options lv_name vmdata")).toContain("vm-100-disk-0");
			await exec(`systemctl start ${service}`);
			await host.untilOptimal(wwids);
		});

		test("a stop ends even if a program does not, and no process is left", async () => {
			await exec(
				"rm -f /run/lab-caught; systemd-run --quiet --collect --unit=lab-catcher sh -c 'perl /run/lab-catcher.pl lvcreate > /run/lab-caught'",
			);
			await exec(
				"systemd-run --quiet --collect --unit=lab-alloc pathkeeper storage alloc vmdata 101 vm-101-disk-0 8M --node n1",
			);
			await host.guest.until(
				"lvcreate",
				async () => (await exec("cat /run/lab-caught 2>/dev/null; true")).trim() !== "",
				patience,
			);
			const begin = Number(await exec("cut -d. -f1 /proc/uptime"));
			await host.guest.exec(`systemctl stop ${service}`, { timeout: 10 * minute });
			const took = Number(await exec("cut -d. -f1 /proc/uptime")) - begin;
			console.log(`${host.suite}: the stop took ${took} s`);
			expect(await property("ActiveState")).not.toBe("active");
			// No process of ours is left that could change anything after the service has ended.
			expect((await host.guest.tryExec("pgrep --full '[l]vm lvcreate'")).stdout).toBe("");
			await exec(`systemctl reset-failed ${service}; systemctl start ${service}`);
			await host.untilOptimal(wwids);
		});

		test("systemd ends a daemon whose loops stand still, and starts another; no map notices", async () => {
			const [pid, restarts] = [await property("MainPID"), Number(await property("NRestarts"))];
			const maps = await mapsOf(host.guest);
			const watch = await MapWatch.start(host.guest);
			await exec(`kill -STOP ${pid}`);
			await host.guest.until(
				"another process",
				async () => {
					const now = await property("MainPID");
					return now !== pid && now !== "0" && (await property("ActiveState")) === "active";
				},
				patience,
			);
			expect(Number(await property("NRestarts"))).toBe(restarts + 1);
			expect(await exec(`journalctl --quiet --no-pager --unit ${service}`)).toMatch(/Watchdog timeout/);
			await host.untilOptimal(wwids);
			expect(await watch.finish()).toEqual({ events: [], logged: [] });
			expect(await mapsOf(host.guest)).toEqual(maps);
		});
	});
}
