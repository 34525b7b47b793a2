import { PathkeeperError } from "@pathkeeper/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { otherBlockDevices } from "../../src/lvm/block-devices.ts";
import { reportRows } from "../../src/lvm/report.ts";
import { RealLvm } from "../../src/parts.ts";

describe("a report of LVM", () => {
	it("is read whole or not at all", () => {
		fc.assert(
			fc.property(fc.oneof(fc.json(), fc.string({ unit: "binary" })), (text) => {
				try {
					for (const row of reportRows("lvs", "lv", text)) row.text("lv_name");
				} catch (error) {
					expect(error).toBeInstanceOf(PathkeeperError);
				}
			}),
		);
	});

	it("that is cut off is told as unreadable", () => {
		const text = '  {\n "report": [ { "vg": [ {"vg_name":"a"';
		expect(() => reportRows("vgs", "vg", text)).toThrow(/^the report of vgs cannot be read: /);
		expect(() => reportRows("vgs", "vg", '{"report":[{"pv":[]}]}')).toThrow("it has no 'vg'");
	});

	it("without a number where one belongs is told as unreadable", () => {
		const [row] = reportRows("vgs", "vg", '{"report":[{"vg":[{"vg_size":"1.0g"}]}]}');
		expect(() => row?.number("vg_size")).toThrow("vg_size is '1.0g' and not a number");
	});
});

describe("the block devices of a host", () => {
	const partitions = `major minor  #blocks  name

   8        0   10485760 sda
   8        1    1048576 sda1
   8       16   10485760 sdb
  65      160   10485760 sdaa
 259        0   10485760 nvme0n1
 259        1   10485760 nvme0n1p1
   7        0      65536 loop0
 254        0   10485760 dm-0
`;
	it("are told without paths and their partitions", () => {
		expect(otherBlockDevices(partitions, ["sda", "nvme0n1"])).toEqual(["sdb", "sdaa", "dm-0"]);
		expect(otherBlockDevices(partitions, [])).toContain("nvme0n1p1");
	});
});

describe("a host without lvm2", () => {
	it("has no version, and says what is missing", async () => {
		const lvm = new RealLvm({ run: () => Promise.reject(new Error("nothing may run")), path: "/nowhere" });
		const installed = await lvm.version().catch(() => "installed");
		if (installed === null)
			await expect(lvm.volumeGroups(["/dev/sda"])).rejects.toThrow("install lvm2 on this node");
	});
});
