import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	addStorage,
	builtInTypes,
	commonProperties,
	formatVolumeId,
	freeDiskName,
	isLvmName,
	isPlainPath,
	isStorageId,
	mostDisks,
	PathkeeperError,
	parseVolumeId,
	propertyOf,
	readStorageConfig,
	removeStorage,
	updateStorage,
} from "../../src/index.ts";

/** Text that looks like what a hostile client sends. */
const hostile = fc.oneof(
	fc.string({ unit: "binary" }),
	fc.string({ unit: fc.constantFrom("a", "-", ".", "/", ":", "\n", "\t", " ", "\0", "%", "'", "{", "é") }),
);
const cfgLine = fc.oneof(
	hostile,
	fc.constantFrom(
		"lvm: a1",
		"multipath: san",
		"dir: b2",
		"\tvgname vg",
		"\tbase san:x",
		"\tnodes",
		"\tshared",
		"",
		"#",
	),
);
const cfg = fc.array(cfgLine, { maxLength: 30 }).map((lines) => lines.join("\n"));

describe("volume ids", () => {
	it("come back as they were", () => {
		fc.assert(
			fc.property(hostile, (text) => {
				const id = parseVolumeId(text);
				if (id !== null) expect(formatVolumeId(id)).toBe(text);
			}),
		);
	});

	it("split at the first colon", () => {
		expect(parseVolumeId("san:a:b/c")).toEqual({ storage: "san", volname: "a:b/c" });
		for (const text of ["", "san", ":x", "san:", "s:x", "san: x", "san:x\n", "san:x\u202ey", "1a:x"])
			expect(parseVolumeId(text)).toBeNull();
	});

	it("of disks are counted up from the first gap", () => {
		expect(freeDiskName(100, ["vm-100-disk-0", "vm-100-disk-2", "vm-101-disk-1"])).toBe("vm-100-disk-1");
		const all = Array.from({ length: mostDisks }, (_, number) => `vm-100-disk-${number}`);
		expect(freeDiskName(100, all)).toBeNull();
	});
});

describe("names", () => {
	it("never are options, paths or more than one line", () => {
		fc.assert(
			fc.property(hostile, (text) => {
				if (isStorageId(text) || isLvmName(text)) {
					expect(text).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);
				}
				if (isLvmName(text)) expect(text).not.toContain("..");
				if (isPlainPath(text)) expect(text.split("/")).not.toContain("..");
			}),
		);
	});
});

describe("any text of storage.cfg", () => {
	it("is read without an end in an error, and never twice the same id", () => {
		fc.assert(
			fc.property(cfg, (text) => {
				const { storages } = readStorageConfig(text, builtInTypes);
				const ids = storages.map(({ id }) => id.toLowerCase());
				expect(new Set(ids).size).toBe(ids.length);
				for (const storage of storages) {
					const type = builtInTypes.find((known) => known.type === storage.type);
					for (const key of Object.keys(storage.values))
						expect(type === undefined ? null : propertyOf(type, key)).not.toBeNull();
				}
			}),
		);
	});

	it("keeps the other storages through every edit", () => {
		fc.assert(
			fc.property(cfg, fc.constantFrom("a1", "san", "b2", "c3"), hostile, (text, id, value) => {
				const others = (of: string) =>
					JSON.stringify(readStorageConfig(of, builtInTypes).storages.filter((storage) => storage.id !== id));
				const edits = [
					() => addStorage(text, builtInTypes, id, "multipath", { bwlimit: value }),
					() => updateStorage(text, builtInTypes, id, { set: { bwlimit: value } }),
					() => updateStorage(text, builtInTypes, id, { delete: ["nodes", "shared"] }),
					() => removeStorage(text, builtInTypes, id),
				];
				for (const edit of edits) {
					try {
						expect(others(edit())).toBe(others(text));
					} catch (error) {
						if (!(error instanceof PathkeeperError)) throw error;
					}
				}
			}),
		);
	});
});

describe("the table of types", () => {
	it("knows every property that a type takes, and no name twice", () => {
		const own = builtInTypes.flatMap((type) => Object.keys(type.properties));
		expect(new Set(own).size).toBe(own.length);
		expect(own.filter((name) => Object.hasOwn(commonProperties, name))).toEqual([]);
		for (const type of builtInTypes)
			for (const key of Object.keys(type.options)) expect(propertyOf(type, key)).not.toBeNull();
	});
});
