import type { PhysicalVolume } from "@pathkeeper/host";
import type { Candidate, KernelMap } from "@pathkeeper/model";
import { expect, it } from "vitest";
import { type Devices, lvmFindings } from "../../src/observe/lvm-findings.ts";

const milk = "36001405d9e7c1f4a3b2c1d0e9f8a7b6c";
const oil = "36001405aaaa1f4a3b2c1d0e9f8a7b6c5";

function volume(device: string, uuid = "pv-1", vg: string | null = "vg0"): PhysicalVolume {
	const sizeBytes = 1e9;
	return {
		device,
		uuid,
		sizeBytes,
		freeBytes: sizeBytes,
		vg,
		duplicate: false,
		missing: false,
		metadata: null,
	};
}

function map(wwid: string, name: string, dm: string, slaves: readonly string[]): KernelMap {
	return { dm, name, wwid, sizeBytes: 1e9, suspended: false, slaves, openCount: 0, users: [] };
}

function candidate(dev: string, wwid: string | null): Candidate {
	return {
		dev,
		wwid,
		sizeBytes: 1e9,
		vendor: null,
		product: null,
		hctl: null,
		transport: null,
		carries: "LVM2_member",
	};
}

const mapped: Devices = {
	kernelMaps: [map(milk, "milk-run", "dm-3", ["sdb", "sdc"]), map(oil, oil, "dm-4", ["sdd", "sde"])],
	candidates: [candidate("sda", "local-1"), candidate("vda", null)],
};

const codes = (own: readonly PhysicalVolume[], onMaps = own, devices = mapped) =>
	lvmFindings({ own, onMaps }, devices).map(({ code, severity, subject }) => ({ code, severity, subject }));

it("finds nothing wrong with volumes on maps, on local disks and on their partitions", () => {
	const onMaps = [volume("/dev/mapper/milk-run"), volume("/dev/dm-4", "pv-2", "vg1")];
	const local = [volume("/dev/sda3", "pv-3", "root"), volume("/dev/vda", "pv-4"), volume("/dev/md0", "pv-5")];
	expect(codes([...onMaps, ...local], onMaps)).toEqual([]);
});

it("finds a volume that LVM takes from a path of a map, or from a partition on it", () => {
	for (const device of ["/dev/sdb", "/dev/sdb1"]) {
		const [finding, ...more] = lvmFindings(
			{ own: [volume(device)], onMaps: [volume("/dev/mapper/milk-run")] },
			mapped,
		);
		expect(finding).toMatchObject({ code: "raw-path-pv", severity: "error", subject: milk });
		expect(finding?.text).toContain(`LVM takes ${device}, a single path of LUN ${milk}`);
		expect(finding?.text).toContain("of group 'vg0', beside its map milk-run");
		expect(more).toEqual([]);
	}
});

it("tells once that LVM sees one volume on a map and on its paths", () => {
	const own = [volume("/dev/mapper/milk-run"), volume("/dev/sdb"), volume("/dev/sdc")];
	expect(codes(own)).toEqual([{ code: "raw-path-pv", severity: "error", subject: milk }]);
});

it("finds a volume on one of several paths that no map joins, and none on a LUN with one path", () => {
	const bare = { kernelMaps: [], candidates: [candidate("sdb", milk), candidate("sdc", milk)] };
	expect(codes([volume("/dev/sdb")], [], bare)).toEqual([
		{ code: "raw-path-pv", severity: "warning", subject: milk },
	]);
	const single = { kernelMaps: [], candidates: [candidate("sdb", milk)] };
	expect(codes([volume("/dev/sdb")], [], single)).toEqual([]);
});

it("finds two LUNs that carry the same volume, and names both", () => {
	const own = [volume("/dev/mapper/milk-run"), volume("/dev/dm-4")];
	const [finding, ...more] = lvmFindings({ own, onMaps: own }, mapped);
	expect(finding).toMatchObject({ code: "duplicate-pv", severity: "error", subject: milk });
	for (const word of [milk, oil, "group 'vg0'", "pv-1", "vgimportclone"])
		expect(finding?.text).toContain(word);
	expect(more).toEqual([]);
});

it("finds a local disk that carries a copy of what a LUN carries", () => {
	const own = [volume("/dev/mapper/milk-run"), volume("/dev/vda")];
	const [finding] = lvmFindings({ own, onMaps: [volume("/dev/mapper/milk-run")] }, mapped);
	expect(finding?.code).toBe("duplicate-pv");
	expect(finding?.text).toContain("/dev/vda");
});

it("mentions a volume on a map at which LVM does not look by itself", () => {
	const [finding, ...more] = lvmFindings({ own: [], onMaps: [volume("/dev/mapper/milk-run")] }, mapped);
	expect(finding).toMatchObject({ code: "pv-hidden", severity: "info", subject: milk });
	expect(more).toEqual([]);
});
