import { readStorageConfig, type Storage } from "@pathkeeper/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { builtInRegistry } from "../src/index.ts";

const registry = builtInRegistry();
const { storages } = readStorageConfig(
	"multipath: san\n\nlvm: data\n\tvgname vg0\n\ndir: local\n\tpath /srv/a\n",
	registry.types,
);
const volname = fc.oneof(
	fc.string({ unit: "binary" }),
	fc.string({ unit: fc.constantFrom("a", "1", "-", ".", "/", ":", "\n", " ", "'", ",", "é") }),
	fc.stringMatching(/^[0-9]{3}\/vm-[0-9]{3}-disk-[0-9]\.raw$/),
	fc.stringMatching(/^(iso|backup)\/[a-z.]{1,9}$/),
);
const roots: Readonly<Record<string, RegExp>> = {
	multipath: /^\/dev\/disk\/by-id\/dm-uuid-mpath-[^/\s]+$/,
	lvm: /^\/dev\/vg0\/[^/\s]+$/,
	dir: /^\/srv\/a\/(?:images\/\d+|template\/iso|template\/cache|dump|snippets)\/[^/\s]+$/,
};

describe.each(storages)("plugin $type", (storage: Storage) => {
	const plugin = registry.pluginOf(storage);

	it("gives every name that it takes a path of its own, inside its place", () => {
		const paths = new Map<string, string>();
		fc.assert(
			fc.property(volname, (name) => {
				const parsed = plugin.parseVolname(name);
				if (parsed === null) return;
				const path = plugin.path(storage, name);
				expect(path).toMatch(roots[storage.type] ?? /^$/);
				expect(path.split("/")).not.toContain("..");
				expect(paths.get(path) ?? name).toBe(name);
				paths.set(path, name);
			}),
			{ numRuns: 1000 },
		);
	});

	it("makes volumes exactly when none are there to be chosen", () => {
		const { selectExisting } = plugin.definition;
		for (const method of ["allocImage", "freeImage", "volumeResize"] as const)
			expect(plugin[method] === undefined).toBe(selectExisting);
	});
});
