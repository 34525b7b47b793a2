import type { BlacklistRules } from "@pathkeeper/model";
import { describe, expect, it } from "vitest";
import { type RuledLun, ruleAgainst } from "../../src/apply/host-rules.ts";

const none: BlacklistRules = { devnode: [], wwid: [], property: [], protocol: [], device: [] };
const lun: RuledLun = {
	wwid: "36001405d+1",
	vendor: "LIO-ORG",
	product: "vega",
	paths: [
		{ dev: "sda", transport: { protocol: "iscsi", initiator: null, target: null, portal: null } },
		{ dev: "sdb", transport: null },
	],
};
const against = (blacklist: Partial<BlacklistRules>, exceptions: Partial<BlacklistRules> = {}) =>
	ruleAgainst(lun, {
		blacklist: { ...none, ...blacklist },
		blacklistExceptions: { ...none, ...exceptions },
	});

describe("the rule that keeps multipathd off a LUN", () => {
	it("is none where no rule matches", () => {
		expect(against({ wwid: ["^3600a"], devnode: ["^nvme"], protocol: ["scsi:fcp"] })).toBeNull();
	});

	it.each<[Partial<BlacklistRules>, string]>([
		[{ wwid: ["^36001405"] }, 'wwid "^36001405"'],
		[{ wwid: ["1405"] }, 'wwid "1405"'],
		[{ wwid: ["!^3600a"] }, 'wwid "!^3600a"'],
		[{ wwid: ["\\+1$"] }, 'wwid "\\+1$"'],
		[{ devnode: ["^sdb$"] }, 'devnode "^sdb$"'],
		[{ devnode: ["^sd[[:lower:]]$"] }, 'devnode "^sd[[:lower:]]$"'],
		[{ protocol: ["scsi:iscsi"] }, 'protocol "scsi:iscsi"'],
		[{ device: [{ vendor: "^LIO", product: null }] }, 'device { vendor "^LIO" }'],
		[{ device: [{ vendor: ".*", product: "vega" }] }, 'device { vendor ".*" product "vega" }'],
	])("is named: %j", (rules, words) => {
		expect(against(rules)).toBe(words);
	});

	it("is none where vendor matches and product does not", () => {
		expect(against({ device: [{ vendor: "^LIO", product: "altair" }] })).toBeNull();
	});

	it("yields to an exception of its own kind, and to no other", () => {
		expect(against({ wwid: [".*"] }, { wwid: ["^36001405"] })).toBeNull();
		expect(against({ devnode: ["."] }, { wwid: ["^36001405"] })).toBe('devnode "."');
		expect(against({ device: [{ vendor: "LIO", product: null }] }, { wwid: [".*"] })).toContain("device");
		expect(
			against(
				{ device: [{ vendor: "LIO", product: null }] },
				{ device: [{ vendor: "LIO", product: "vega" }] },
			),
		).toBeNull();
	});

	it("is the first of the order in which multipathd asks: node, device, protocol, WWID", () => {
		const all = { devnode: ["sda"], wwid: [".*"], protocol: [".*"], device: [{ vendor: ".", product: "." }] };
		expect(against(all)).toContain("devnode");
		expect(against({ ...all, devnode: [] })).toContain("device");
		expect(against({ ...all, devnode: [], device: [] })).toContain("protocol");
		expect(against({ wwid: all.wwid })).toContain("wwid");
	});

	it.each(["[[=a=]]x", "(", "[]3]6001405", "[a\\]6001405", "\\<36"])(
		"may be one that cannot be judged here, and never an exception: %s",
		(pattern) => {
			expect(against({ wwid: [pattern] })).toBe(`wwid "${pattern}"`);
			expect(against({ wwid: [".*"] }, { wwid: [pattern] })).toBe('wwid ".*"');
		},
	);

	it("is not guessed from what is not known of the LUN", () => {
		const unknown = { ...lun, vendor: null, product: null, paths: [] };
		const blacklist = {
			...none,
			device: [{ vendor: ".*", product: ".*" }],
			protocol: [".*"],
			devnode: [".*"],
		};
		expect(ruleAgainst(unknown, { blacklist, blacklistExceptions: none })).toBeNull();
	});
});
