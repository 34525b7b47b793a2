import { PathkeeperError, type RightOnPath } from "@pathkeeper/model";

/** The refusal of a known caller who may not, in Proxmox VE's words: the right on the path, or what they are not. */
export function permissionDenied(lacked: RightOnPath | string): PathkeeperError {
	const text = typeof lacked === "string" ? lacked : `${lacked.path}, ${lacked.right}`;
	return new PathkeeperError("PERMISSION_DENIED", { lacked: text });
}

export function notKnown(what: string): PathkeeperError {
	return new PathkeeperError("NOT_FOUND", { what });
}
