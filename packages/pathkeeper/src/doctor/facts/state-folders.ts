import { lstatSync } from "node:fs";
import { trustProblem } from "@pathkeeper/host";
import type { Role } from "../../settings/daemon-settings.ts";
import type { OwnSettings } from "./own-settings.ts";

/** A folder in which a daemon of ours keeps what must survive a restart. */
export interface StateFolder {
	readonly role: Role;
	readonly path: string;
	/** Null: it is not there (it is made at the first start). */
	readonly entry: { readonly uid: number; readonly mode: number } | null;
	/** Who else may change what leads to it; in words. */
	readonly problem: string | null;
}

/** Throws where a folder on the way may not be looked into. */
export function gatherStateFolders(own: OwnSettings): readonly StateFolder[] {
	return [...own.settings].map(([role, { stateFolder: path }]) => {
		const found = lstatSync(path, { throwIfNoEntry: false });
		if (found === undefined) return { role, path, entry: null, problem: null };
		const { uid, mode } = found;
		const entry = { uid, mode: mode & 0o7777 };
		// The server's user is not known by number here; what counts is who may write on the way.
		return { role, path, entry, problem: trustProblem(path, { kind: "folder", owner: uid }) };
	});
}
