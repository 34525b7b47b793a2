/**
 * Storages on the LUNs of a fleet: LUNs as volumes, a shared volume group on one of them, and what may go wrong with
 * it. The steps build on each other; the last one takes away all that they made.
 */
import { describe, expect, test } from "vitest";
import {
	type FleetNode,
	type FleetStatus,
	type Suite,
	sanLuns,
	shellWord,
	suites,
	until,
} from "../../src/index.ts";
import { member } from "../../src/unknown-json.ts";
import { createVolume } from "./page.ts";
import { minute, patience } from "./patience.ts";
import type { Stage } from "./stage.ts";
import { storageCommands } from "./storage-commands.ts";

const [log, data] = sanLuns;
const mebibyte = 1024 ** 2;
const vg = "pkvg";
const device = `/dev/disk/by-id/dm-uuid-mpath-${log.wwid}`;
const only = `--devices ${device}`;
const pattern = "Pathkeeper was here";

export function storageSteps(stage: Stage): void {
	const { cli, run, refusal, volumes, statusOn } = storageCommands(stage);
	const node = (name: Suite): FleetNode => stage.fleet.node(name);
	/** In a guest; LVM is slow under emulation. */
	const inGuest = (name: Suite, command: string) => node(name).guest.exec(command, { timeout: 3 * minute });

	describe("storages", () => {
		test("a multipath storage lists both LUNs on every node with their size in bytes", async () => {
			// What an earlier run that was ended may have left on it.
			await inGuest("trixie", `dd if=/dev/zero of=${device} bs=1M count=16 oflag=direct status=none`);
			await run("add", "multipath", "san", "shared=1");
			for (const suite of suites) {
				const expected = [log, data].map(({ wwid, bytes }) => ({ volid: `san:${wwid}`, size: bytes }));
				expect(await volumes(suite, "san")).toEqual(expected);
				expect(await statusOn(suite, "san")).toEqual({ active: true, problem: "" });
			}
		});

		test("a group is made on the map, never on a path, and every node has it", async () => {
			await run("add", "lvm", "vmdata", `base=san:${log.wwid}`, `vgname=${vg}`, "shared=1", "saferemove=1");
			for (const suite of suites) {
				expect(await statusOn(suite, "vmdata")).toEqual({ active: true, problem: "" });
				const seen = await inGuest(suite, `pvs --noheadings -o pv_name -S vg_name=${vg}`);
				expect(seen.trim()).toMatch(/^\/dev\/mapper\/\S+$/);
			}
		});

		test("LVM that looks past the map at its paths is told of, on that node only", async () => {
			const [settings, kept] = ["/etc/lvm/lvmlocal.conf", "/run/pk-lvmlocal.conf"];
			const lvmFindings = ({ nodes }: FleetStatus, name: Suite) =>
				(nodes.get(name)?.findings ?? []).filter((text) => text.includes("LVM"));
			const restart = "systemctl restart pathkeeper";
			const looksAtPaths = "devices { multipath_component_detection=0 }";
			await inGuest(
				"trixie",
				`touch ${settings}; cp -a ${settings} ${kept}; echo ${shellWord(looksAtPaths)} >> ${settings}; ${restart}`,
			);
			await stage.whileBroken(
				async () => {
					const status = await stage.untilFleet(
						"LVM of trixie is told of",
						(now) => lvmFindings(now, "trixie").length > 0 && now,
					);
					for (const text of lvmFindings(status, "trixie")) {
						expect(text).toMatch(/^LVM takes \/dev\/sd/);
						expect(text).toContain(`LUN ${log.wwid}`);
						expect(text).toContain(`group '${vg}'`);
					}
					for (const peer of ["bookworm", "sid"] as const) expect(lvmFindings(status, peer)).toEqual([]);
				},
				() => inGuest("trixie", `cp -a ${kept} ${settings}; ${restart}`),
			);
			await stage.untilFleet("LVM of trixie is well", (now) => lvmFindings(now, "trixie").length === 0);
		});

		test("a LUN that carries a file system is refused as a base and stays as it is", async () => {
			const refused = await refusal("add", "lvm", "other", `base=san:${data.wwid}`, "vgname=pkother");
			expect(refused).toContain(`dm-uuid-mpath-${data.wwid}', because it contains ext4`);
			const carried = await inGuest(
				"sid",
				`blkid -p -o value -s TYPE /dev/disk/by-id/dm-uuid-mpath-${data.wwid}`,
			);
			expect(carried.trim()).toBe("ext4");
			expect(await run("status", "--node", "sid")).not.toContain("other");
		});

		test("volumes that three nodes make at once are all there, and the metadata is sound", async () => {
			await Promise.all(
				suites.map((suite, at) =>
					run("alloc", "vmdata", String(100 + at), `vm-${100 + at}-disk-0`, "8M", "--node", suite),
				),
			);
			const expected = suites.map((_, at) => ({ volid: `vmdata:vm-${100 + at}-disk-0`, size: 8 * mebibyte }));
			for (const suite of suites) {
				expect(await volumes(suite, "vmdata")).toEqual(expected);
				await inGuest(suite, `vgck ${only} ${vg}`);
			}
		});

		test("a volume is written through the failure of a fabric without an error, and read back elsewhere", async () => {
			const path = `/dev/${vg}/vm-100-disk-0`;
			await run("activate", "vmdata:vm-100-disk-0", "--node", "trixie");
			// Numbered, so that a block in the wrong place is noticed.
			await inGuest(
				"trixie",
				`rm -f /run/pk-write*; touch /run/pk-write.log; seq -f ${shellWord(`${pattern} %09.0f`)} 100000 | head -c 2M > /run/pk-written`,
			);
			const written = (await inGuest("trixie", "sha256sum < /run/pk-written")).split(" ")[0];
			await node("trixie").guest.writeFile("/run/pk-writer.sh", writer(path));
			await inGuest("trixie", "systemd-run --quiet --collect --unit=pk-writer bash /run/pk-writer.sh");
			const passes = async () =>
				(await inGuest("trixie", "cat /run/pk-write.log")).split("\n").filter((line) => line !== "");
			await until("a first pass", async () => (await passes()).length > 0, patience);
			await stage.fleet.san.setFabric("a", "down");
			await stage.whileBroken(
				async () => {
					await stage.untilFleet("trixie lacks fabric A", ({ luns }) =>
						luns.every((lun) => lun.nodes.get("trixie")?.state === "degraded"),
					);
					const before = (await passes()).length;
					await until("two more passes", async () => (await passes()).length >= before + 2, patience);
				},
				async () => {
					await stage.fleet.san.setFabric("a", "up");
					await inGuest("trixie", "touch /run/pk-write-stop");
				},
			);
			await until("the end of the writer", async () => (await passes()).at(-1) === "end", patience);
			expect(new Set(await passes())).toEqual(new Set(["0", "end"]));
			await run("deactivate", "vmdata:vm-100-disk-0", "--node", "trixie");
			await run("activate", "vmdata:vm-100-disk-0", "--node", "sid");
			const read = await inGuest("sid", `dd if=${path} bs=1M count=2 iflag=direct status=none | sha256sum`);
			expect(read.split(" ")[0]).toBe(written);
		});

		test("a volume is grown where it is active, and removed nowhere while it is", async () => {
			const path = `/dev/${vg}/vm-100-disk-0`;
			const elsewhere = await refusal("resize", "vmdata:vm-100-disk-0", "12M", "--node", "trixie");
			expect(elsewhere).toContain("sid: it is active there");
			await run("resize", "vmdata:vm-100-disk-0", "12M", "--node", "sid");
			expect((await inGuest("sid", `blockdev --getsize64 ${path}`)).trim()).toBe(String(12 * mebibyte));
			for (const suite of suites)
				expect((await volumes(suite, "vmdata"))[0]).toEqual({
					volid: "vmdata:vm-100-disk-0",
					size: 12 * mebibyte,
				});
			const removal = await refusal("free", "vmdata:vm-100-disk-0", "--node", "trixie");
			expect(removal).toContain("sid: it is active there");
			await run("deactivate", "vmdata:vm-100-disk-0", "--node", "sid");
		});

		test("of a volume that is removed nothing can be read any more", async () => {
			const found = async () =>
				Number(
					await inGuest(
						"bookworm",
						`dd if=${device} bs=1M iflag=direct status=none | grep -a -c ${shellWord(pattern)} || true`,
					),
				);
			expect(await found()).toBeGreaterThan(0);
			await run("free", "vmdata:vm-100-disk-0", "--node", "bookworm");
			await until(
				"its end",
				async () => (await volumes("bookworm", "vmdata")).length === 2 && !(await rests()).includes("vm-100"),
				patience,
			);
			expect(await found()).toBe(0);
		});

		/** Names of all that stands in the group, whatever it is. */
		const rests = () => inGuest("trixie", `lvs ${only} --noheadings -o lv_name ${vg}`);

		test("an agent that is killed while it makes a volume frees the lock, and hides nothing", async () => {
			const trigger = `until [ -e /dev/${vg}/vm-300-disk-0 ]; do sleep 0.05; done; systemctl kill -s KILL pathkeeper`;
			await inGuest(
				"bookworm",
				`systemctl stop pk-killer 2>/dev/null; systemd-run --quiet --collect --unit=pk-killer bash -c ${shellWord(trigger)}`,
			);
			const cut = await cli("alloc", "vmdata", "300", "vm-300-disk-0", "4M", "--node", "bookworm");
			expect(cut.code).not.toBe(0);
			// Another node has to wait until the lock of the dead one has run out.
			await run("alloc", "vmdata", "301", "vm-301-disk-0", "4M", "--node", "trixie");
			const tasks = await until(
				"the task's outcome",
				async () => {
					const listed = await stage.fleet.server.get("/nodes/bookworm/tasks?typefilter=imgalloc&limit=1");
					return Array.isArray(listed) && member(listed[0], "status") !== undefined && listed;
				},
				patience,
			);
			expect(member(tasks[0], "status")).toContain("unknown (node restarted while it ran)");
			const there = (await rests()).split(/\s+/).filter((name) => name !== "");
			for (const suite of suites)
				expect((await volumes(suite, "vmdata")).map(({ volid }) => volid)).toEqual(
					there.map((name) => `vmdata:${name}`).sort(),
				);
			expect(there).toContain("vm-301-disk-0");
			await inGuest("sid", `vgck ${only} ${vg}`);
			await stage.untilWell();
		});

		test("a storage whose LUN is missing on a node is inactive there and says why, and only there", async () => {
			await node("sid").logout("a");
			await node("sid").logout("b");
			await stage.whileBroken(
				async () => {
					await until("no map on sid", async () => !(await node("sid").maps()).has(log.wwid), patience);
					expect(await statusOn("sid", "vmdata")).toEqual({
						active: false,
						problem: `multipath map for WWID '${log.wwid}' is not present - is it in the multipath allow-list and are its paths up?`,
					});
					await stage.untilFleet("sid is told to lack the group", ({ nodes }) =>
						nodes
							.get("sid")
							?.findings.some(
								(text) => text.includes(`group '${vg}'`) && text.includes("missing on this node"),
							),
					);
					for (const suite of ["bookworm", "trixie"] as const)
						expect(await statusOn(suite, "vmdata")).toEqual({ active: true, problem: "" });
				},
				() => node("sid").login(),
			);
			expect(await statusOn("sid", "vmdata")).toEqual({ active: true, problem: "" });
		});

		test("a volume that a person makes in the page is there on every node", async () => {
			await using visit = await stage.visit("/storage/vmdata");
			const volid = await createVolume(visit.page, { guest: 400, mebibytes: 4 });
			expect(volid).toMatch(/^vmdata:vm-400-disk-\d$/);
			for (const suite of suites)
				expect(await volumes(suite, "vmdata")).toContainEqual({ volid, size: 4 * mebibyte });
		});

		test("what something stands on is not removed; then all of it goes, and the LUN is free again", async () => {
			expect(await refusal("remove", "san")).toContain("it is used as base of another storage: vmdata");
			const forgotten = await stage.fleet.server.cli("lun", "forget", log.wwid, "--yes");
			expect(forgotten.stderr).toContain("storage vmdata uses it");
			// Each erasure would take its time, and was seen.
			await run("set", "vmdata", "saferemove=0");
			for (const { volid } of await volumes("trixie", "vmdata")) {
				// The killed agent may have left it active.
				if (volid.includes("vm-300-")) await run("deactivate", volid, "--node", "bookworm");
				await run("free", volid, "--node", "trixie");
			}
			await until("an empty group", async () => (await rests()).trim() === "", patience);
			await run("remove", "vmdata");
			await run("remove", "san");
			await inGuest("trixie", `vgremove ${only} -f ${vg} && pvremove ${only} -f ${device}`);
			await stage.untilWell();
		});
	});
}

/**
 * Writes the same file over a device again and again, and notes dd's exit code of each pass. Without a pause the one
 * emulated processor would do nothing else, and the node lose its membership.
 */
function writer(path: string): string {
	return `until [ -e /run/pk-write-stop ]; do
	dd if=/run/pk-written of=${path} bs=256k oflag=direct conv=fsync,notrunc status=none
	echo $? >> /run/pk-write.log
	sleep 2
done
echo end >> /run/pk-write.log
`;
}
