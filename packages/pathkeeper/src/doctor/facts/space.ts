import type { RunProgram } from "@pathkeeper/host";
import type { Tree } from "./tree.ts";

/** Room of the file system that a folder is on. */
export interface SpaceFacts {
	readonly path: string;
	readonly freeBytes: number;
	readonly sizeBytes: number;
	readonly freeInodes: number;
	/** 0 for file systems that count none. */
	readonly inodes: number;
	/** `by-kernel`: the mount asks for writing, and its file system takes none, as after I/O errors. */
	readonly readOnly: "no" | "mounted" | "by-kernel";
}

const deadlineMs = 5_000;

/** Asked in a child: a file system whose device is dead must not hold us. Null where the folder is not there. */
export async function gatherSpace(tree: Tree, run: RunProgram, path: string): Promise<SpaceFacts | null> {
	const args = ["--file-system", "--format=%a %b %S %d %c", "--", tree.on(path)];
	const { code, stdout, stderr } = await run("stat", args, { deadlineMs, stuckAs: `stat ${path}` });
	if (code !== 0 && /: (?:No such file|Not a directory)/.test(stderr)) return null;
	const numbers = stdout.trim().split(" ").map(Number);
	const [free, blocks, size, freeInodes, inodes] = numbers;
	if (
		code !== 0 ||
		numbers.some((number) => !Number.isFinite(number)) ||
		free === undefined ||
		blocks === undefined ||
		size === undefined ||
		freeInodes === undefined ||
		inodes === undefined
	)
		throw new Error(`stat of ${path}: ${stderr.trim().split("\n").at(-1) || `exit code ${code}`}`);
	return {
		path,
		freeBytes: free * size,
		sizeBytes: blocks * size,
		freeInodes,
		inodes,
		readOnly: readOnlyOf((await tree.read("/proc/self/mountinfo")) ?? "", path),
	};
}

/**
 * Whether the mount that carries the path is read-only (proc_pid_mountinfo(5): fifth field place, sixth options of the
 * mount, last those of the file system). The kernel makes only the file system so, and ext4 since Linux 6.13 says
 * `emergency_ro` instead (fs/ext4/super.c).
 */
function readOnlyOf(mountinfo: string, path: string): SpaceFacts["readOnly"] {
	let best = { place: "", options: "", all: "" };
	for (const line of mountinfo.split("\n")) {
		const [, , , , place = "", options = ""] = line.split(" ");
		const all = line.trimEnd().split(" ").at(-1) ?? "";
		const carries = place === "/" || path === place || path.startsWith(`${place}/`);
		// Of two at one place the later one is on top.
		if (place !== "" && carries && place.length >= best.place.length) best = { place, options, all };
	}
	if (best.options.split(",").includes("ro")) return "mounted";
	const isStopped = best.all.split(",").some((option) => option === "ro" || option === "emergency_ro");
	return isStopped ? "by-kernel" : "no";
}
