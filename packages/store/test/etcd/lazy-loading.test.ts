import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

/** What a process of its own loads of the libraries that only etcd needs. */
function loadedBy(work: string): readonly string[] {
	const program = `
		import { registerHooks } from "node:module";
		const loaded = new Set();
		registerHooks({ resolve(specifier, context, next) {
			if (/^@(connectrpc|bufbuild)/.test(specifier)) loaded.add(specifier.split("/").slice(0, 2).join("/"));
			return next(specifier, context);
		} });
		const { openEmbeddedStore, openEtcdStore } = await import("@pathkeeper/store");
		${work}
		console.log(JSON.stringify([...loaded].sort()));
	`;
	const out = execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
		cwd: import.meta.dirname,
		encoding: "utf8",
	});
	const loaded: unknown = JSON.parse(out);
	return Array.isArray(loaded) ? loaded.map(String) : [];
}

test("the embedded store works without what only etcd needs", () => {
	expect(loadedBy("")).toEqual([]);
	const etcd = `await openEtcdStore({ runtime: { bytes: () => [] }, endpoints: ["http://127.0.0.1:1"] });`;
	expect(loadedBy(etcd)).toEqual(["@bufbuild/protobuf", "@connectrpc/connect", "@connectrpc/connect-node"]);
});
