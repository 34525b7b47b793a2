import { PathkeeperError } from "@pathkeeper/model";

/**
 * Name of a task as Proxmox VE writes it, so that its clients can take it apart:
 * `UPID:node:pid:pstart:starttime:type:id:user:`, the three numbers in hex of eight digits, the start in seconds
 * since the epoch. The id is what the task works on (a WWID, a volume) and may be empty; characters that would end
 * a field are written as `\x3a`, as Proxmox Backup Server does.
 */
export interface Upid {
	readonly node: string;
	/** With `pstart`, tells tasks apart that start in the same second. */
	readonly pid: number;
	readonly pstart: number;
	/** Seconds since the epoch. */
	readonly startedAtS: number;
	readonly type: string;
	readonly id: string;
	readonly user: string;
}

const pattern =
	/^UPID:([A-Za-z0-9-]{1,63}):([0-9A-F]{8}):([0-9A-F]{8,9}):([0-9A-F]{8}):([!-.0-9;-~]+):([!-.0-9;-~]*):([!-.0-9;-~]+):$/i;

/** Throws PARAMETER_INVALID for an empty type or user, and when it gets longer than a key can hold. */
export function formatUpid(upid: Upid): string {
	const { node, pid, pstart, startedAtS, type, id, user } = upid;
	const numbers = [pid, pstart, startedAtS].map(hex).join(":");
	const text = `UPID:${node}:${numbers}:${escaped(type)}:${escaped(id)}:${escaped(user)}:`;
	if (text.length > 512 || !pattern.test(text))
		throw new PathkeeperError("PARAMETER_INVALID", {
			fields: { upid: `'${text}' is not the name of a task` },
		});
	return text;
}

/** Null for what is not the name of a task. */
export function parseUpid(text: string): Upid | null {
	const [, node, pid, pstart, start, type, id, user] = pattern.exec(text) ?? [];
	if (node === undefined || pid === undefined || pstart === undefined || start === undefined) return null;
	if (type === undefined || id === undefined || user === undefined || text.length > 512) return null;
	return {
		node,
		pid: Number.parseInt(pid, 16),
		pstart: Number.parseInt(pstart, 16),
		startedAtS: Number.parseInt(start, 16),
		type: unescaped(type),
		id: unescaped(id),
		user: unescaped(user),
	};
}

function hex(number: number): string {
	return number.toString(16).toUpperCase().padStart(8, "0");
}

/** Writes each byte that is not plain as `\xNN`: blanks, colons, slashes, backslashes, and all beyond ASCII. */
function escaped(field: string): string {
	const bytes = new TextEncoder().encode(field);
	return Array.from(bytes, (byte) => {
		const character = String.fromCharCode(byte);
		return /[!-.0-9;-[\]-~]/.test(character) ? character : `\\x${byte.toString(16).padStart(2, "0")}`;
	}).join("");
}

function unescaped(field: string): string {
	const bytes: number[] = [];
	for (const [piece, digits] of field.matchAll(/\\x([0-9a-fA-F]{2})|[\s\S]/g))
		bytes.push(digits === undefined ? piece.charCodeAt(0) : Number.parseInt(digits, 16));
	return new TextDecoder().decode(Uint8Array.from(bytes));
}
