import { expect, test } from "vitest";
import { wwidArgument } from "../../src/multipath-tools/wwid-argument.ts";
import { wwidsIn } from "../../src/multipath-tools/wwids-file.ts";

test("only lines between two slashes are listed WWIDs", () => {
	const text = [
		"# Multipath wwids, Version : 1.0",
		"# NOTE: This file is automatically maintained by multipath and multipathd.",
		"#",
		"# Valid WWIDs:",
		"/36001405aaaa/",
		"#36001405gone/",
		"#/36001405old/",
		" /36001405blank/",
		"/36001405cut",
		"//",
		"/0QEMU_QEMU_HARDDISK_AB+C.D_E:F_G/",
		"/36001405aaaa/",
		"/36001405crlf/\r",
	].join("\n");
	expect(wwidsIn(text)).toEqual(["36001405aaaa", "0QEMU_QEMU_HARDDISK_AB+C.D_E:F_G", "36001405crlf"]);
	expect(wwidsIn("")).toEqual([]);
});

test.each([
	"36001405aaaabbbbccccddddeeeeffff0",
	"0QEMU_QEMU_HARDDISK_AB+C.D_E:F_G",
	"eui.0025388b910123a4",
	"nvme.1b36-64656164-51454d55204e564d65204374726c-00000001",
	"1ATA_X=#@",
	"x".repeat(127),
])("%s is a WWID", (wwid) => {
	expect(wwidArgument(wwid)).toBe(wwid);
});

test.each([
	["", /1 to 127/],
	["x".repeat(128), /1 to 127/],
	["a/b", /1 to 127/],
	["a b", /1 to 127/],
	["a\nb", /1 to 127/],
	["a'b", /1 to 127/],
	["$(id)", /1 to 127/],
	["ä", /1 to 127/],
	["36001405..aaaa", /'\.\.'/],
	["-F", /for an option/],
	["--help", /for an option/],
	["8:0", /for a device number/],
	["8:0abc", /for a device number/],
	["+8:-1x", /for a device number/],
	["dm-0", /for a device name/],
])("%j never reaches the program", (wwid, problem) => {
	expect(() => wwidArgument(wwid)).toThrow(problem);
});
