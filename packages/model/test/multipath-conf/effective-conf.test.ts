import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { differences } from "../../src/multipath-conf/differences.ts";
import { effectiveConf, readEffective } from "../../src/multipath-conf/effective-conf.ts";

const releases = ["0.9.4", "0.11.1", "0.15.1"];

function shown(version: string): string {
	return readFileSync(
		new URL(`../samples/multipath-conf/show-config-local-${version}.txt`, import.meta.url),
		"utf8",
	);
}

/** What was in the files of the machine that the samples come from. */
const wanted = effectiveConf([
	{
		name: "/etc/multipath.conf",
		text: `defaults {
	polling_interval 2
	max_polling_interval 8
	find_multipaths off
	user_friendly_names 0
}
blacklist {
	wwid ".*"
}
blacklist_exceptions {
	wwid "^35000c5001500aa00$"
}
`,
	},
]);

describe("what multipath holds", () => {
	it.each(releases)("is read from what %s shows", (version) => {
		const got = readEffective(shown(version));
		expect(Object.keys(got.defaults).length).toBeGreaterThan(50);
		expect(got.multipaths).toEqual([{ wwid: "35000c5001500aa00", settings: {} }]);
		expect(got.blacklistExceptions.wwid).toEqual(["^35000c5001500aa00$"]);
		expect(got.blacklist.device).toContainEqual({ vendor: "SGI", product: "Universal Xport" });
		expect(differences(wanted, got, { local: true })).toEqual([]);
	});

	it("differs where a later drop-in won, in words", () => {
		const later = {
			name: "/etc/multipath/conf.d/zz.conf",
			text: "defaults {\n\tfind_multipaths strict\n}\n",
		};
		const ours = effectiveConf([later]);
		expect(differences(ours, readEffective(shown("0.15.1")), { local: true })).toEqual([
			'defaults: find_multipaths should be "strict" and is "off"',
		]);
	});

	it("differs where a rule or a LUN is missing, or a LUN has a setting of somebody else", () => {
		const want = effectiveConf([
			{
				name: "a.conf",
				text: "multipaths {\nmultipath {\nwwid a\nalias x\n}\nmultipath {\nwwid b\n}\n}\nblacklist {\nwwid q\n}\n",
			},
		]);
		const got = effectiveConf([
			{ name: "b.conf", text: "multipaths {\nmultipath {\nwwid a\nalias x\nprio const\n}\n}\n" },
		]);
		expect(differences(want, got)).toEqual([
			'LUN a: prio is "const", which Pathkeeper did not set',
			"LUN b: the multipath block is missing",
			'blacklist: the rule wwid "q" is missing',
		]);
		expect(differences(want, got, { local: true })).not.toContain("LUN b: the multipath block is missing");
	});

	it("merges LUNs and devices, takes the last value and grows lists", () => {
		const conf = effectiveConf([
			{
				name: "multipath.conf",
				text: "multipaths {\nmultipath {\nwwid a\nalias one\nprio alua\n}\n}\nblacklist {\nwwid x\n}\n",
			},
			{
				name: "a.conf",
				text: "multipaths {\nmultipath {\nwwid a\nalias two\n}\nmultipath {\nalias lost\n}\n}\nblacklist {\nwwid x\nwwid y\n}\n",
			},
		]);
		expect(conf.multipaths).toEqual([{ wwid: "a", settings: { alias: "two", prio: "alua" } }]);
		expect(conf.blacklist.wwid).toEqual(["x", "y"]);
	});

	it("takes exceptions behind a swallowed brace for blacklist entries, as multipath does", () => {
		const conf = effectiveConf([
			{ name: "a.conf", text: 'blacklist {\nwwid ".*" }\nblacklist_exceptions {\nwwid "^a$"\n}\n' },
		]);
		expect(conf.blacklist.wwid).toEqual([".*", "^a$"]);
		expect(conf.blacklistExceptions.wwid).toEqual([]);
	});

	it("caps what multipath caps and keeps what it keeps", () => {
		const text = "defaults {\nverbosity 9\nuxsock_timeout 1\nno_path_retry -3\nfailback maybe\n}\n";
		expect(effectiveConf([{ name: "a.conf", text }]).defaults).toEqual({
			verbosity: "4",
			uxsock_timeout: "4000",
			no_path_retry: "1",
		});
	});

	it("leaves out what a release does not act on", () => {
		const files = [{ name: "a.conf", text: "defaults {\nauto_resize grow_only\nrr_weight priorities\n}\n" }];
		expect(effectiveConf(files, { toolsVersion: "0.9.4" }).defaults).toEqual({ rr_weight: "priorities" });
		expect(effectiveConf(files, { toolsVersion: "0.15.1" }).defaults).toEqual({ auto_resize: "grow_only" });
	});

	it("is fatal for a bad expression in the main file, and for product_blacklist in every file", () => {
		const bad = 'blacklist {\nwwid "["\n}\n';
		expect(effectiveConf([{ name: "/etc/multipath.conf", text: bad }]).fatal).toContain("line 2");
		expect(effectiveConf([{ name: "/etc/multipath/conf.d/a.conf", text: bad }]).fatal).toBeNull();
		const device = 'devices {\ndevice {\nvendor a\nproduct b\nproduct_blacklist "*"\n}\n}\n';
		expect(effectiveConf([{ name: "/etc/multipath/conf.d/a.conf", text: device }]).fatal).toContain(
			"product_blacklist",
		);
	});

	it("is read though multipath forgets braces around blacklist devices with one field", () => {
		const printed =
			'blacklist {\n\tdevice {\n\t\tvendor "A"\n\tdevice {\n\t\tvendor "B"\n\t\tproduct "C"\n\t}\n\t\tproduct "D"\n\t}\n}\nblacklist_exceptions {\n\tdevnode "^x"\n}\n';
		const { blacklist, blacklistExceptions } = readEffective(printed);
		expect(blacklist.device).toEqual([
			{ vendor: "A", product: null },
			{ vendor: "B", product: "C" },
			{ vendor: null, product: "D" },
		]);
		expect(blacklistExceptions.devnode).toEqual(["^x"]);
	});
});
