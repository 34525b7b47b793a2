import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deviceText } from "../../src/sysfs/device-text.ts";
import { type DmDevice, labelOf, wwidOf } from "../../src/sysfs/dm-device.ts";
import { parseMounts, parseSwaps } from "../../src/sysfs/mount-table.ts";
import { contentFromUdev, parseUdevRecord, wwidFromUdev } from "../../src/sysfs/udev-record.ts";

function dm(name: string, uuid: string): DmDevice {
	return { dm: "dm-7", devT: null, name, uuid, sizeBytes: 0, suspended: false, slaves: [], holders: [] };
}

describe("names of device-mapper devices", () => {
	it.each([
		["vg0-data", "LVM-x", "LV vg0/data (dm-7)"],
		["vg--san-vm--100--disk--0", "LVM-x", "LV vg-san/vm-100-disk-0 (dm-7)"],
		["vg0-pool-tpool", "LVM-x-tpool", "LV vg0/pool-tpool (dm-7)"],
		["nonsense", "LVM-x", "LV nonsense (dm-7)"],
		["db-log-part12", "part12-mpath-3600", "partition 12 (dm-7)"],
		["home\\x20dir", "CRYPT-LUKS2-1-home", "encrypted device home dir (dm-7)"],
		["evil\\x1b[31m", "", "device-mapper device evil\\x1b[31m (dm-7)"],
		["db-log", "mpath-3600", "multipath map db-log (dm-7)"],
	])("%s with uuid '%s' is read as '%s'", (name, uuid, label) => {
		expect(labelOf(dm(name, uuid))).toBe(label);
	});

	it("tell a map from its partitions", () => {
		expect(wwidOf(dm("a", "mpath-3600"))).toBe("3600");
		expect(wwidOf(dm("a", "part1-mpath-3600"))).toBeNull();
		expect(wwidOf(dm("a", ""))).toBeNull();
	});
});

describe("tables of /proc", () => {
	it("are read with and without optional fields, and with escaped blanks", () => {
		const text = `36 35 254:7 /sub /srv/my\\040data rw,noatime - ext4 /dev/mapper/a\\040b rw,errors=continue
37 35 0:47 / /pool rw shared:1 master:2 - btrfs /dev/dm-3 rw,subvol=/
`;
		expect(parseMounts(text)).toEqual([
			{ devT: "254:7", at: "/srv/my data", fileSystem: "ext4", source: "/dev/mapper/a b" },
			{ devT: "0:47", at: "/pool", fileSystem: "btrfs", source: "/dev/dm-3" },
		]);
	});

	it("name swap devices and no swap files", () => {
		const text =
			"Filename\tType\tSize\n/dev/dm-3                               partition\t1\t0\t-2\n/swapfile file\t1\t0\t-3\n";
		expect(parseSwaps(text)).toEqual(["/dev/dm-3"]);
	});

	it("never make a reader throw", () => {
		const line = fc.oneof(fc.string(), fc.constantFrom(" - ", "1 2 3:4 / /x rw - ext4 y", "\\777", "\\"));
		fc.assert(
			fc.property(fc.array(line), (lines) => {
				const text = lines.join("\n");
				for (const mount of parseMounts(text)) expect(mount.devT).toBeTypeOf("string");
				parseSwaps(text);
				parseUdevRecord(text);
			}),
		);
	});
});

describe("the udev database", () => {
	const record = (properties: Readonly<Record<string, string>>) =>
		parseUdevRecord(
			Object.entries(properties)
				.map(([key, value]) => `E:${key}=${value}\n`)
				.join(""),
		);

	it("gives the WWID by the property that multipathd takes for the kind of device", () => {
		const all = record({ ID_SERIAL: "3600", ID_UID: "IBM.750", ID_WWN: "eui.01" });
		expect(wwidFromUdev("sda", all)).toBe("3600");
		expect(wwidFromUdev("dasda", all)).toBe("IBM.750");
		expect(wwidFromUdev("nvme0n1", all)).toBe("eui.01");
	});

	it("gives no WWID that could not stand in the allow-list", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary" }), (text) => {
				const wwid = wwidFromUdev("sda", record({ ID_SERIAL: text }));
				if (wwid !== null) expect(wwid).toMatch(/^[0-9A-Za-z#+.:=@_-]{1,127}$/);
			}),
		);
	});

	it("gives what stands on the device, a file system before a partition table", () => {
		expect(contentFromUdev(record({ ID_FS_TYPE: "LVM2_member", ID_PART_TABLE_TYPE: "gpt" }))).toBe(
			"LVM2_member",
		);
		expect(contentFromUdev(record({ ID_PART_TABLE_TYPE: "gpt" }))).toBe("gpt");
		expect(contentFromUdev(record({ ID_FS_TYPE: "<b>" }))).toBeNull();
		expect(contentFromUdev(record({}))).toBeNull();
	});
});

describe("texts that a target chose", () => {
	it("have no control characters, no endless length, and nothing is null", () => {
		expect(deviceText("  IET \u0007\n", 64)).toBe("IET");
		expect(deviceText("x".repeat(300), 64)).toHaveLength(64);
		for (const nothing of [undefined, "", "   ", "\u0000", "(null)", "<NULL>"]) {
			expect(deviceText(nothing, 64)).toBeNull();
		}
	});
});
