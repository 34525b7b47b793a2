import type { Multipathd } from "@pathkeeper/host";
import { type Liveness, livenessOnHost } from "@pathkeeper/host/parts";
import { messageOf } from "@pathkeeper/model";
import { type Fact, factOf } from "./fact.ts";
import type { Tree } from "./tree.ts";

/** What is known of multipathd without changing or starting it. */
export interface DaemonFacts {
	readonly liveness: Fact<Liveness>;
	/** Its answer to `show daemon`, or why none came in words; null: it was not asked, as it does not run. */
	readonly answer: { readonly phase: string; readonly version: string | null } | string | null;
	/** `show config local`; null: it was not asked, or gave none. */
	readonly config: string | null;
	/** Files of the running process that are deleted on disk: what was upgraded without a restart. */
	readonly replacedFiles: Fact<readonly string[]>;
}

const deadlineMs = 10_000;

export async function gatherDaemon(tree: Tree, multipathd: Multipathd): Promise<DaemonFacts> {
	const liveness = await factOf(deadlineMs, livenessOnHost(tree.root));
	if (!liveness.known || liveness.value.state !== "running")
		return { liveness, answer: null, config: null, replacedFiles: { known: true, value: [] } };
	const { pid } = liveness.value;
	const [answer, config, replacedFiles] = await Promise.all([
		askedFor(multipathd),
		multipathd.configLocal({ deadlineMs }).catch(() => null),
		factOf(deadlineMs, () => replacedIn(tree, pid)),
	]);
	return { liveness, answer, config, replacedFiles };
}

async function askedFor(multipathd: Multipathd): Promise<DaemonFacts["answer"]> {
	try {
		const { phase } = await multipathd.status({ deadlineMs });
		return { phase, version: await multipathd.version({ deadlineMs }).catch(() => null) };
	} catch (error) {
		return messageOf(error);
	}
}

/** proc_pid_maps(5): a mapped file that is gone from the disk reads `PATH (deleted)`. */
async function replacedIn(tree: Tree, pid: number): Promise<readonly string[]> {
	const maps = await tree.read(`/proc/${pid}/maps`);
	const found = new Set<string>();
	for (const line of (maps ?? "").split("\n")) {
		const [, path] = /\s(\/\S*(?:multipath|mpath)\S*) \(deleted\)$/.exec(line) ?? [];
		if (path !== undefined) found.add(path);
	}
	return [...found].toSorted();
}
