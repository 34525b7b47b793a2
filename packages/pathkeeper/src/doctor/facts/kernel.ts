import type { Tree } from "./tree.ts";

export interface KernelFacts {
	readonly release: string;
	readonly commandLine: readonly string[];
	/** `loaded` (or built in), `available` on disk, or `absent`; `unknown` when the list of modules is not there. */
	readonly dmMultipath: "loaded" | "available" | "absent" | "unknown";
}

export async function gatherKernel(tree: Tree): Promise<KernelFacts> {
	const release = ((await tree.read("/proc/sys/kernel/osrelease")) ?? "").trim();
	if (release === "") throw new Error("/proc/sys/kernel/osrelease is not there");
	const commandLine = ((await tree.read("/proc/cmdline")) ?? "").trim().split(/\s+/);
	return { release, commandLine, dmMultipath: await stateOf(tree, release) };
}

async function stateOf(tree: Tree, release: string): Promise<KernelFacts["dmMultipath"]> {
	if ((await tree.entry("/sys/module/dm_multipath")) !== null) return "loaded";
	const folders = [`/lib/modules/${release}`, `/usr/lib/modules/${release}`];
	for (const folder of folders) {
		const builtIn = await tree.read(`${folder}/modules.builtin`);
		if (builtIn !== null && /\/dm-multipath\.ko/.test(builtIn)) return "loaded";
		const modules = await tree.read(`${folder}/modules.dep`);
		if (modules !== null) return /\/dm-multipath\.ko[^:]*:/.test(modules) ? "available" : "absent";
	}
	return "unknown";
}
