import { describe, expect, it } from "vitest";
import {
	addStorage,
	builtInTypes,
	findStorage,
	isEnabledOn,
	PathkeeperError,
	readStorageConfig,
	removeStorage,
	updateStorage,
} from "../../src/index.ts";

/** As Proxmox VE writes it. */
const text = `# storages of the cluster
multipath: san
	content images
	nodes n1,n2

lvm: data
	vgname vgdata
	base san:3600a
	shared 1
	saferemove

zfspool: tank
	pool tank
	content images,rootdir
`;

const fieldsOf = (edit: () => string): Readonly<Record<string, string>> => {
	try {
		edit();
	} catch (error) {
		if (error instanceof PathkeeperError) return error.fields;
	}
	return { nothing: "was refused" };
};

describe("storage.cfg", () => {
	it("is read with defaults filled in", () => {
		const { storages } = readStorageConfig(text, builtInTypes);
		expect(storages).toEqual([
			{
				id: "san",
				type: "multipath",
				nodes: ["n1", "n2"],
				content: ["images"],
				disabled: false,
				shared: false,
				values: { content: "images", nodes: "n1,n2" },
			},
			{
				id: "data",
				type: "lvm",
				nodes: null,
				content: ["images"],
				disabled: false,
				shared: true,
				values: { vgname: "vgdata", base: "san:3600a", shared: "1", saferemove: "1" },
			},
		]);
	});

	it("keeps what it does not know, and says so", () => {
		const { problems } = readStorageConfig(text, builtInTypes);
		expect(problems.map(({ line, text: words }) => `${line}: ${words}`)).toEqual([
			"12: section type 'zfspool' is unknown; the section is kept and has no effect",
		]);
		expect(updateStorage(text, builtInTypes, "san", { set: { disable: "1" } })).toBe(
			text.replace("\tnodes n1,n2\n", "\tnodes n1,n2\n\tdisable 1\n"),
		);
	});

	it("leaves out a storage that lacks what it needs, and no other", () => {
		const broken = text.replace("vgname vgdata", "vgname ../vgdata");
		const { storages, problems } = readStorageConfig(broken, builtInTypes);
		expect(storages.map(({ id }) => id)).toEqual(["san"]);
		expect(problems.map(({ line }) => line)).toEqual([6, 7, 12]);
	});

	it("never widens a restriction to nodes that it cannot read", () => {
		const broken = text.replace("nodes n1,n2", "nodes n1 _");
		const [san] = readStorageConfig(broken, builtInTypes).storages;
		expect(san?.nodes).toEqual([]);
		expect(san !== undefined && isEnabledOn(san, "n3")).toBe(false);
	});

	it.each(["ja", "2", "enabled", "0 0", "1;"])("takes the careful reading of a flag that says %j", (word) => {
		const flags = ["disable", "saferemove", "shared", "tagged_only"];
		const broken = `lvm: data\n\tvgname a\n${flags.map((flag) => `\t${flag} ${word}\n`).join("")}`;
		const { storages, problems } = readStorageConfig(broken, builtInTypes);
		expect(storages).toMatchObject([
			{
				disabled: true,
				shared: true,
				values: { disable: "1", saferemove: "1", shared: "1", tagged_only: "1" },
			},
		]);
		expect(problems.map(({ line, text: words }) => `${line}: ${words}`)).toEqual(
			flags.map(
				(key, at) => `${at + 3}: ${key}: type check ('boolean') failed - got '${word}'; it counts as set`,
			),
		);
	});

	it("asks for a mount where it stands without a value", () => {
		const { storages, problems } = readStorageConfig(
			"dir: nfs\n\tpath /mnt/nfs\n\tis_mountpoint\n\tmkdir ja\n",
			builtInTypes,
		);
		expect(storages[0]?.values).toEqual({ path: "/mnt/nfs", is_mountpoint: "1" });
		expect(problems.map(({ text: words }) => words)).toEqual([
			"is_mountpoint: value is empty; it counts as set",
			"mkdir: type check ('boolean') failed - got 'ja'; it has no effect",
		]);
	});

	it("compares ids without regard to case, the last of two counts", () => {
		const twice = `${text}\nmultipath: SAN\n\tdisable\n`;
		const config = readStorageConfig(twice, builtInTypes);
		expect(findStorage(config, "san")).toMatchObject({ id: "SAN", disabled: true });
		expect(config.problems.some((problem) => problem.text.includes("more than once"))).toBe(true);
	});
});

describe("a new storage", () => {
	it("is written with what it needs in front", () => {
		expect(
			addStorage("", builtInTypes, "data", "lvm", { shared: "on", vgname: "vg0", content: "rootdir,images" }),
		).toBe("lvm: data\n\tvgname vg0\n\tcontent images,rootdir\n\tshared 1\n\n");
	});

	it("is refused with every fault at once", () => {
		expect(
			fieldsOf(() =>
				addStorage("", builtInTypes, "data", "lvm", {
					vgname: "-x",
					nodes: "a_b",
					content: "iso",
					pool: "p",
				}),
			),
		).toEqual({
			vgname: "invalid format - '-x' is not a name for LVM",
			nodes: "invalid format - 'a_b' is not the name of a node",
			content: "storage type 'lvm' does not support content type 'iso'",
			pool: "property is not defined in schema and the schema does not allow additional properties",
		});
		expect(fieldsOf(() => addStorage("", builtInTypes, "data", "lvm", {}))).toEqual({
			vgname: "property is missing and it is not optional",
		});
		expect(fieldsOf(() => addStorage("", builtInTypes, "x\ny", "tape", {}))).toEqual({
			storage: "invalid format - storage ID 'x\ny' contains illegal characters",
			type: "value 'tape' does not have a value in the enumeration 'multipath, lvm, dir'",
		});
	});

	it("does not take an id that is there, whatever the type", () => {
		expect(() => addStorage(text, builtInTypes, "TANK", "multipath", {})).toThrow(
			"storage ID 'TANK' already defined",
		);
	});

	it("stands only on a storage of LUNs that is there", () => {
		const add = (base: string) => () =>
			addStorage(text, builtInTypes, "more", "lvm", { vgname: "vg1", base });
		expect(add("gone:3600a")).toThrow("base storage ID 'gone' does not exist");
		expect(add("data:vm-100-disk-0")).toThrow("unsupported base type 'lvm'");
		expect(add("more:x")).toThrow("base storage ID 'more' does not exist");
		expect(add("san:3600b")()).toContain("\tbase san:3600b\n");
	});

	it("has a folder of its own, which is none of the system", () => {
		const of = (path: string) => addStorage("", builtInTypes, "data", "dir", { path });
		for (const path of [
			"/srv/volumes",
			"/mnt/nfs",
			"/var/lib/vz",
			"/home/vm",
			"/data",
			"/etcetera",
			"/run-1",
		])
			expect(of(path)).toContain(`\tpath ${path}\n`);
		for (const path of [
			"/etc",
			"/etc/x",
			"/root/vm",
			"/usr/local/vm",
			"/var/lib",
			"/home",
			"/boot/efi",
			"/tmp/a",
		])
			expect(
				fieldsOf(() => of(path)),
				path,
			).toEqual({
				path: `invalid format - '${path}' is a system folder; choose one for volumes alone, such as /srv/volumes`,
			});
		for (const path of ["/", "/srv/../etc", "//etc", "/etc/", "etc"])
			expect(
				fieldsOf(() => of(path)),
				path,
			).toEqual({
				path: `invalid format - '${path}' is not a plain absolute path`,
			});
		// A node reads the text anew, whoever wrote it.
		const { storages, problems } = readStorageConfig("dir: bad\n\tpath /etc/cron.d\n", builtInTypes);
		expect(storages).toEqual([]);
		expect(problems.map(({ text }) => text).join("\n")).toContain("is a system folder");
	});

	it("cannot carry a line of its own", () => {
		const fields = fieldsOf(() =>
			addStorage("", builtInTypes, "data", "dir", { path: "/srv/a\n\tshared 1" }),
		);
		expect(Object.keys(fields)).toEqual(["path"]);
		const limit = fieldsOf(() => addStorage("", builtInTypes, "san", "multipath", { bwlimit: "a\ndir: b" }));
		expect(Object.keys(limit)).toEqual(["bwlimit"]);
	});
});

describe("a change of a storage", () => {
	it("keeps what is fixed and what is needed", () => {
		expect(
			fieldsOf(() =>
				updateStorage(text, builtInTypes, "data", {
					set: { vgname: "other", shared: "0" },
					delete: ["base", "shared", "colour"],
				}),
			),
		).toEqual({
			vgname: "property is not defined in schema and the schema does not allow additional properties",
			base: "unable to delete fixed option 'base'",
			shared: "cannot set and delete property 'shared' at the same time!",
			colour: "no such option 'colour'",
		});
		expect(fieldsOf(() => updateStorage(text, builtInTypes, "data", { delete: ["vgname"] }))).toEqual({
			vgname: "unable to delete required option 'vgname'",
		});
	});

	it("is refused for a storage whose plugin is not known", () => {
		expect(() => updateStorage(text, builtInTypes, "tank", { set: { disable: "1" } })).toThrow(
			"storage 'tank' is of type 'zfspool', for which no plugin is loaded here",
		);
	});
});

describe("a storage that goes", () => {
	it("goes alone", () => {
		const without = removeStorage(text, builtInTypes, "data");
		expect(without).not.toContain("lvm: data");
		expect(without).toContain("zfspool: tank\n\tpool tank\n");
	});

	it("stays while another one stands on it, also one that has no effect", () => {
		expect(() => removeStorage(text, builtInTypes, "SAN")).toThrow(
			"can't remove storage 'SAN' - it is used as base of another storage: data",
		);
		const broken = text.replace("vgname vgdata", "vgname /");
		expect(() => removeStorage(broken, builtInTypes, "san")).toThrow("another storage: data");
	});
});
