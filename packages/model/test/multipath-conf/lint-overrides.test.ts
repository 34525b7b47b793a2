import { describe, expect, it } from "vitest";
import { lintOverrides } from "../../src/multipath-conf/lint-overrides.ts";
import { refusals } from "../../src/multipath-conf/refusals.ts";

const tuning = `# ACME arrays
devices {
	device {
		vendor "ACME"
		product "^A[0-9]+$"
		path_grouping_policy "group_by_prio"
		hardware_handler "1 alua"
		no_path_retry 12
	}
}
overrides {
	fast_io_fail_tmo 5
	protocol {
		type "scsi:iscsi"
		fast_io_fail_tmo 20
	}
}
blacklist {
	devnode "^vd"
}
blacklist_exceptions {
	protocol "scsi:fcp"
}
`;

describe("multipath-overrides.conf", () => {
	it("may tune devices, transports and blacklists", () => {
		expect(lintOverrides(tuning)).toEqual([]);
	});

	it.each(["defaults", "multipaths"])("may not have %s", (section) => {
		expect(lintOverrides(`${tuning}${section} {\n}\n`)).toEqual([
			expect.objectContaining({ line: 24, column: 1, severity: "error", code: "refused-section" }),
		]);
	});

	it.each([".*", "^.*$", ".", "^"])("may not blacklist every LUN with %s and no exception", (rule) => {
		const text = `blacklist {\n\twwid "${rule}"\n}\n`;
		expect(lintOverrides(text)).toEqual([
			expect.objectContaining({ line: 2, column: 7, severity: "error", code: "blacklists-everything" }),
		]);
		expect(lintOverrides(`${text}blacklist_exceptions {\n\twwid "^a$"\n}\n`)).toEqual([]);
	});

	it("may blacklist every product of a vendor, but not every device", () => {
		const text = (vendor: string) =>
			`blacklist {\n\tdevice {\n\t\tvendor "${vendor}"\n\t\tproduct ".*"\n\t}\n}\n`;
		expect(lintOverrides(text("ACME"))).toEqual([]);
		expect(lintOverrides(text(".*")).map(({ code }) => code)).toEqual([
			"blacklists-everything",
			"blacklists-everything",
		]);
	});

	it.each([
		['vendor ".*"\nproduct ".*"', 'vendor "PURE"'],
		['vendor ".*"\nproduct ".*"', 'product "FlashArray"'],
		['vendor ".*"', 'product "FlashArray"'],
		['product ".*"', 'vendor "PURE"\nproduct "FlashArray"'],
	])("may blacklist every device (%j) but the excepted ones (%j)", (rule, exception) => {
		const section = (name: string, device: string) => `${name} {\ndevice {\n${device}\n}\n}\n`;
		const text = section("blacklist", rule);
		const excepted = section("blacklist_exceptions", exception);
		expect(lintOverrides(text).map(({ code }) => code)).toContain("blacklists-everything");
		expect(lintOverrides(text + excepted)).toEqual([]);
		expect(lintOverrides(excepted + text)).toEqual([]);
		// An exception of another kind excepts no device from a rule of devices, and the other way round.
		for (const other of ['wwid "^3600"', 'devnode "^sda$"', "device {\n}"])
			expect(
				lintOverrides(`${text}blacklist_exceptions {\n${other}\n}\n`).map(({ code }) => code),
				other,
			).toContain("blacklists-everything");
		expect(lintOverrides(`blacklist {\nwwid ".*"\n}\n${excepted}`).map(({ code }) => code)).toEqual([
			"blacklists-everything",
		]);
	});

	it("may not name programs, folders, files or owners anywhere", () => {
		const names = refusals
			.filter(({ code }) => /^refused-(?!section)/.test(code))
			.flatMap(({ names }) => names);
		expect(names.length).toBeGreaterThan(6);
		for (const name of names)
			for (const text of [
				`overrides {\n\t${name} /x\n}\n`,
				`devices {\n\tdevice {\n\t\tvendor a\n\t\tproduct b\n\t\t${name} "/x"\n\t}\n}\n`,
				`${name} /x\n`,
			])
				expect(
					lintOverrides(text).some(({ severity }) => severity === "error"),
					text,
				).toBe(true);
	});
});
