import { PathkeeperError } from "../errors.ts";
import { checkValue } from "../multipath-conf/check-value.ts";
import { type Keyword, keywordNamed } from "../multipath-conf/keywords.ts";

/** Names that are taken somewhere in the fleet, as the reports of the nodes tell them. */
export interface KnownNames {
	/** WWIDs of every LUN that any node sees, allowed or not. */
	readonly wwids: readonly string[];
	readonly dmDevices: readonly KnownDmDevice[];
}

/** A device-mapper device on a node: a map, a logical volume, a partition, anything. */
export interface KnownDmDevice {
	readonly node: string;
	readonly name: string;
	/** WWID where the device is a multipath map, else null. */
	readonly wwid: string | null;
}

export const nothingKnown: KnownNames = { wwids: [], dmDevices: [] };

/** The id of the section of defaults; no WWID may be that. */
export const defaultsId = "defaults";

/**
 * What is wrong with a WWID, in words that follow it; null when it may be allowed. The characters are those that udev
 * lets through (systemd src/shared/device-nodes.c), compared exactly.
 */
export function checkWwid(wwid: string): string | null {
	if (wwid === defaultsId) return "is reserved for the section of defaults";
	if (wwid.startsWith("-")) return "must not begin with '-': programs would take it for an option";
	if (wwid === ".") return "must not be the name of a folder";
	return checkValue(wwidKeyword, wwid);
}

interface NamedLun {
	readonly wwid: string;
	readonly alias: string | null;
}

/** The names that are taken, found by name: made once, however many LUNs are compared with it. */
export interface TakenNames {
	readonly wwids: ReadonlySet<string>;
	/** WWIDs of the LUNs that have an alias, by alias. */
	readonly holders: ReadonlyMap<string, readonly string[]>;
	/** Of the devices of one name, those that differ in their WWID, and no more than two. */
	readonly devices: ReadonlyMap<string, readonly KnownDmDevice[]>;
}

/** Names of an allow-list and of what the nodes have. */
export function takenNames(luns: readonly NamedLun[], known: KnownNames): TakenNames {
	const wwids = new Set(known.wwids);
	const holders = new Map<string, string[]>();
	for (const { wwid, alias } of luns) {
		wwids.add(wwid);
		if (alias !== null) noteTwo(holders, alias, wwid, (other) => other === wwid);
	}
	const devices = new Map<string, KnownDmDevice[]>();
	for (const device of known.dmDevices)
		noteTwo(devices, device.name, device, ({ wwid }) => wwid === device.wwid);
	return { wwids, holders, devices };
}

/** Of two that differ, one is another than whatever is looked for; more are not needed to find it. */
function noteTwo<T>(noted: Map<string, T[]>, name: string, value: T, isSame: (other: T) => boolean): void {
	const there = noted.get(name);
	if (there === undefined) noted.set(name, [value]);
	else if (there.length < 2 && !there.some(isSame)) there.push(value);
}

/**
 * What is wrong with an alias for a LUN, in words that follow it; null when it may be given. multipathd renames live
 * maps to their alias, and one that collides makes it remove an idle map and not bring it back, or puts the name of
 * one LUN on another.
 */
export function checkAlias(
	alias: string,
	lun: {
		readonly wwid: string;
		/** The allow-list, this LUN included or not. */
		readonly luns: readonly NamedLun[];
		readonly known: KnownNames;
	},
): string | null {
	return aliasCollision(alias, lun.wwid, takenNames(lun.luns, lun.known));
}

/** As `checkAlias`, for many LUNs and the same names. */
export function aliasCollision(alias: string, wwid: string, taken: TakenNames): string | null {
	const shape = aliasShape(alias);
	if (shape !== null) return shape;
	if (alias === wwid || taken.wwids.has(alias)) return "is the WWID of a LUN";
	const twin = taken.holders.get(alias)?.find((other) => other !== wwid);
	if (twin !== undefined) return `is the alias of ${twin} already`;
	return dmProblem(alias, wwid, taken);
}

function aliasShape(alias: string): string | null {
	return alias === defaultsId ? "is reserved for the section of defaults" : checkValue(aliasKeyword, alias);
}

/** What is wrong with the alias of a LUN in an allow-list. */
export interface AliasProblem {
	/** WWID of the LUN that has the same alias; null: something else is wrong with it. */
	readonly holder: string | null;
	/** In words that follow the alias. */
	readonly text: string;
}

/**
 * What is wrong with the aliases of a whole allow-list, by WWID. Of LUNs that share one, the first keeps it.
 */
export function aliasProblems(
	luns: readonly { readonly wwid: string; readonly alias: string | null }[],
): ReadonlyMap<string, AliasProblem> {
	const wwids = new Set(luns.map(({ wwid }) => wwid));
	const holders = new Map<string, string>();
	const problems = new Map<string, AliasProblem>();
	for (const { wwid, alias } of luns) {
		if (alias === null) continue;
		const holder = holders.get(alias);
		const text =
			holder !== undefined
				? `is the alias of ${holder} already`
				: wwids.has(alias)
					? "is the WWID of a LUN"
					: aliasShape(alias);
		if (text === null) holders.set(alias, wwid);
		else problems.set(wwid, { holder: holder ?? null, text });
	}
	return problems;
}

/** What is wrong with bringing a WWID into the fleet, beside its form. */
export function wwidCollision(wwid: string, taken: TakenNames): string | null {
	const [twin] = taken.holders.get(wwid) ?? [];
	if (twin !== undefined) return `is the alias of ${twin}; give that LUN another alias first`;
	return dmProblem(wwid, wwid, taken);
}

/** True for what Proxmox VE takes as the name of a node: a host name without dots. */
export function isNodeName(text: string): boolean {
	return /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(text);
}

function dmProblem(name: string, wwid: string, { devices }: TakenNames): string | null {
	const device = devices.get(name)?.find((other) => other.wwid !== wwid);
	return device === undefined ? null : `is the name of another device-mapper device on ${device.node}`;
}

function blockKeyword(name: string): Keyword {
	const keyword = keywordNamed(name, "multipaths");
	if (keyword !== null) return keyword;
	throw new PathkeeperError("BUG", { problem: `keyword ${name} is missing from the table` });
}

const wwidKeyword = blockKeyword("wwid");
const aliasKeyword = blockKeyword("alias");
