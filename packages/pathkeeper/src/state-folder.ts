import { existsSync, type Stats, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { PathkeeperError } from "@pathkeeper/model";
import { makeOwnFolder } from "./own-folder.ts";
import type { DaemonSettings } from "./settings/daemon-settings.ts";

/** What earlier versions kept in /var/lib/pathkeeper itself: of an agent, and of a server. */
const agentFiles = ["owned.json", "paths-seen.json", "store.db", "store.db-wal", "store.db-shm"] as const;
const serverFiles = ["tls", "first-administrator"] as const;

/**
 * Makes the state folder unless it is there, and looks at whose it is. Throws FOLDER_DENIED, STATE_FOLDER_UNSAFE when
 * somebody else owns it or may write to it, and STATE_FOLDER_EARLIER when the folder above holds files of an earlier
 * version: an agent that began anew beside its old ledger would no longer know what it put on the host.
 */
export function takeStateFolder({
	stateFolder,
	hostRoot,
	role,
	simulate,
}: Pick<DaemonSettings, "stateFolder" | "hostRoot" | "role" | "simulate">): void {
	refuseEarlierFiles(stateFolder, role);
	// The ledger is on the host, which need not be where this process sees its own files.
	if (role !== "server" && hostRoot !== "/") refuseEarlierFiles(join(hostRoot, stateFolder), role);
	// That of a simulated fleet is in the one that was named, which is ours alone as well.
	if (simulate !== null) makeOwnFolder(dirname(stateFolder));
	makeOwnFolder(stateFolder);
	const problem = ownerProblem(statSync(stateFolder), process.geteuid?.() ?? 0);
	if (problem !== null) throw new PathkeeperError("STATE_FOLDER_UNSAFE", { path: stateFolder, problem });
}

function ownerProblem({ uid, mode }: Pick<Stats, "uid" | "mode">, own: number): string | null {
	if (uid !== own)
		return `it belongs to user ${uid}, and this process runs as user ${own}; agent and server have a folder each: name another one with --state FOLDER, or give this one away with chown -R if no other daemon uses it`;
	return (mode & 0o022) === 0 ? null : "others may write to it; chmod go-w it";
}

/** Only where the folders have their usual names: `--state` may name any other one. */
function refuseEarlierFiles(stateFolder: string, role: DaemonSettings["role"]): void {
	const path = dirname(stateFolder);
	const own = role === "server" ? "server" : "agent";
	if (basename(stateFolder) !== own || basename(path) !== "pathkeeper") return;
	const known = role === "server" ? serverFiles : [...agentFiles, ...serverFiles];
	const files = known.filter((name) => existsSync(join(path, name)));
	if (files.length === 0) return;
	const twice = files.filter((name) => existsSync(join(stateFolder, name)));
	const command =
		twice.length > 0
			? `${twice.join(", ")} are in ${stateFolder} as well, so compare them, and remove what is not current`
			: moving(role === "server" ? "pathkeeper" : "root", path, files, stateFolder);
	throw new PathkeeperError("STATE_FOLDER_EARLIER", { path, files: files.join(", "), command });
}

/** What moves the files and overwrites none. */
function moving(owner: string, path: string, files: readonly string[], to: string): string {
	const all = files.map((name) => join(path, name)).join(" ");
	const own = owner === "root" ? "" : ` && chown -R ${owner}: ${to}`;
	return `install -d -m 0700 -o ${owner} -g ${owner} ${to} && mv -n ${all} ${to}/${own}`;
}
