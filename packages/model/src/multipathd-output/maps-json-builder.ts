import type { MultipathMap, PathGroup } from "../topology/map.ts";
import type { Path, Transport } from "../topology/path.ts";
import type { JsonContainer, JsonScalar, JsonSink } from "./json-text.ts";
import { queueingOf } from "./queueing.ts";
import { MAX_MAPS, MAX_PATHS, Problems, type ReadingOptions } from "./reading.ts";
import { quoted } from "./visible.ts";

type Role = "document" | "maps" | "map" | "groups" | "group" | "paths" | "path" | "other";

/** The members of one object so far; `unsound` says why the object cannot be trusted. */
interface Draft {
	readonly role: "map" | "group" | "path";
	readonly members: Map<string, JsonScalar>;
	/** Members that are containers, which must be there for the listing to be one. */
	readonly containers: Set<string>;
	unsound: string | null;
}

/**
 * Members that every release since 0.6.2 prints (multipath-tools libmultipath/print.h PRINT_JSON_*). One that is
 * missing was lost on the way; without it the object could look healthier than it is.
 */
const REQUIRED = {
	map: ["name", "uuid", "dm_st"],
	group: [],
	path: ["dev", "dm_st", "dev_st", "chk_st"],
} as const;
const REQUIRED_CONTAINERS = { map: ["path_groups"], group: ["paths"], path: [] } as const;

/** Builds maps out of the pieces of `show maps json` or `show map NAME json`. */
export class MapsJsonBuilder implements JsonSink {
	readonly problems = new Problems();
	readonly maps: MultipathMap[] = [];
	/** True once a `maps` list or a `map` object was met: the document is a listing. */
	isListing = false;
	/** True when something of the listing is missing or contradicts itself. */
	lost = false;
	readonly #options: ReadingOptions;
	readonly #roles: Role[] = [];
	readonly #documentKeys = new Set<string>();
	#map: Draft | null = null;
	#groups: PathGroup[] = [];
	#group: Draft | null = null;
	#paths: Path[] = [];
	#path: Draft | null = null;
	#pathCount = 0;

	constructor(options: ReadingOptions) {
		this.#options = options;
	}

	open(container: JsonContainer, key: string | null): boolean {
		const parent = this.#roles.at(-1) ?? null;
		const role = roleOf(parent, key, container);
		this.#roles.push(role);
		const draft = this.#innermost();
		if (draft !== null && parent === draft.role && key !== null) {
			if (draft.containers.has(key) || draft.members.has(key)) draft.unsound ??= `'${key}' appears twice`;
			const list = REQUIRED_CONTAINERS[draft.role].some((required) => required === key);
			if (list && container !== "array") draft.unsound ??= `'${key}' is no list`;
			draft.containers.add(key);
		}
		switch (role) {
			case "maps":
			case "map":
				if (parent === "document" && !this.#unusedInDocument(key)) return false;
				this.isListing = true;
				if (role === "map") {
					if (this.maps.length === MAX_MAPS) return this.#tooMany("maps");
					this.#map = draftOf("map");
					this.#groups = [];
				}
				return true;
			case "group":
				this.#group = draftOf("group");
				this.#paths = [];
				return this.#counted();
			case "path":
				this.#path = draftOf("path");
				return this.#counted();
			default:
				return true;
		}
	}

	close(): void {
		switch (this.#roles.pop()) {
			case "path":
				this.#closePath();
				break;
			case "group":
				this.#closeGroup();
				break;
			case "map":
				this.#closeMap(true);
				break;
			default:
		}
	}

	scalar(value: JsonScalar, key: string | null): void {
		const draft = this.#innermost();
		const role = this.#roles.at(-1);
		if (role === "maps" || role === "groups" || role === "paths") {
			this.#lose(`a value stands where ${role === "maps" ? "a map" : `one of the ${role}`} should be`);
			return;
		}
		if (role === "document" && (key === "maps" || key === "map")) this.lost = true;
		if (draft === null || role !== draft.role || key === null) return;
		if (draft.members.has(key) || draft.containers.has(key)) draft.unsound ??= `'${key}' appears twice`;
		draft.members.set(key, value);
	}

	/** The text ended or broke here: what is open is kept as far as it was read, and never as whole. */
	breakOff(): void {
		this.lost = true;
		if (this.#path !== null) this.#closePath();
		if (this.#group !== null) this.#closeGroup();
		if (this.#map !== null) this.#closeMap(false);
	}

	#innermost(): Draft | null {
		return this.#path ?? this.#group ?? this.#map;
	}

	#unusedInDocument(key: string | null): boolean {
		const name = key ?? "";
		if (this.#documentKeys.has(name)) this.#lose(`'${name}' appears twice`);
		this.#documentKeys.add(name);
		return true;
	}

	#counted(): boolean {
		this.#pathCount += 1;
		return this.#pathCount <= MAX_PATHS || this.#tooMany("paths");
	}

	#tooMany(what: string): boolean {
		this.#lose(`more ${what} than any host has: the rest was not read`);
		return false;
	}

	#lose(problem: string): void {
		this.lost = true;
		this.problems.add(problem);
	}

	#closePath(): void {
		const draft = this.#path;
		this.#path = null;
		if (draft === null) return;
		this.#paths.push(pathOf(draft));
		this.#passUp(draft, this.#group, "path", "dev");
	}

	#closeGroup(): void {
		const draft = this.#group;
		this.#group = null;
		if (draft === null) return;
		this.#groups.push(groupOf(draft, this.#groups.length + 1, this.#paths));
		this.#paths = [];
		this.#passUp(draft, this.#map, "path group", "group");
	}

	#closeMap(closed: boolean): void {
		const draft = this.#map;
		this.#map = null;
		if (draft === null) return;
		const reason = closed ? unsoundness(draft) : "the text breaks off inside it";
		const map = mapOf(draft, this.#groups, reason === null, this.#options);
		this.#groups = [];
		this.maps.push(map);
		if (reason !== null) this.#lose(`map ${quoted(map.name, 128)}: ${reason}`);
	}

	#passUp(draft: Draft, parent: Draft | null, what: string, name: string): void {
		const reason = unsoundness(draft);
		if (reason !== null && parent !== null) {
			parent.unsound ??= `${what} ${quoted(String(draft.members.get(name) ?? "?"))}: ${reason}`;
		}
	}
}

function draftOf(role: Draft["role"]): Draft {
	return { role, members: new Map(), containers: new Set(), unsound: null };
}

function roleOf(parent: Role | null, key: string | null, container: JsonContainer): Role {
	if (container === "array") {
		if (parent === "document" && key === "maps") return "maps";
		if (parent === "map" && key === "path_groups") return "groups";
		if (parent === "group" && key === "paths") return "paths";
		return "other";
	}
	switch (parent) {
		case null:
			return "document";
		case "document":
			return key === "map" ? "map" : "other";
		case "maps":
			return "map";
		case "groups":
			return "group";
		case "paths":
			return "path";
		default:
			return "other";
	}
}

/** Why an object cannot be taken as told; null when nothing is missing in it. */
function unsoundness(draft: Draft): string | null {
	if (draft.unsound !== null) return draft.unsound;
	const member = REQUIRED[draft.role].find((key) => typeof draft.members.get(key) !== "string");
	if (member !== undefined) return `'${member}' is missing`;
	const container = REQUIRED_CONTAINERS[draft.role].find((key) => !draft.containers.has(key));
	if (container !== undefined) return `'${container}' is missing`;
	const dmState = draft.members.get("dm_st");
	if (draft.role === "map" && dmState !== "active" && dmState !== "suspend") {
		return `its device-mapper state is ${quoted(String(dmState))}`;
	}
	return null;
}

function pathOf({ members }: Draft): Path {
	const dev = told(members, "dev") ?? "";
	const devT = told(members, "dev_t");
	return {
		dev: dev === "-" ? "" : dev,
		devT: devT === "-" ? null : devT,
		hctl: null,
		dmState: told(members, "dm_st"),
		deviceState: told(members, "dev_st"),
		checkerState: told(members, "chk_st"),
		checker: told(members, "checker"),
		priority: priorityOf(members),
		marginal: isMarginal(members),
		anaState: null,
		transport: transportOf(members),
	};
}

function groupOf({ members }: Draft, position: number, paths: readonly Path[]): PathGroup {
	const number = members.get("group");
	const marginal = isMarginal(members);
	return {
		number: typeof number === "number" && Number.isSafeInteger(number) && number > 0 ? number : position,
		dmState: told(members, "dm_st"),
		priority: priorityOf(members),
		selector: told(members, "selector"),
		marginal,
		paths: marginal ? paths.map((path) => ({ ...path, marginal })) : paths,
	};
}

function mapOf(
	{ members }: Draft,
	groups: readonly PathGroup[],
	whole: boolean,
	options: ReadingOptions,
): MultipathMap {
	const wwid = told(members, "uuid") ?? "";
	const features = told(members, "features");
	const writeProtection = told(members, "write_prot");
	return {
		name: told(members, "name") ?? wwid,
		wwid,
		dm: devmapper(told(members, "sysfs")),
		vendor: inquiryText(told(members, "vend")),
		product: inquiryText(told(members, "prod")),
		revision: inquiryText(told(members, "rev")),
		sizeBytes: null,
		suspended: told(members, "dm_st") === "suspend",
		readOnly: writeProtection === "ro" ? true : writeProtection === "rw" ? false : null,
		queueing: queueingOf({
			word: told(members, "queueing"),
			features,
			pollingIntervalS: options.pollingIntervalS ?? null,
		}),
		features,
		hardwareHandler: told(members, "hwhandler"),
		failback: told(members, "failback"),
		action: told(members, "action") || null,
		groups,
		whole,
	};
}

/** `dm-N` as told; multipathd says `undef` when it does not know. */
export function devmapper(word: string | null): string | null {
	return word !== null && /^dm-\d+$/.test(word) ? word : null;
}

/** Text of a SCSI INQUIRY without its padding; multipathd says `##` when no path is left to ask. */
export function inquiryText(text: string | null): string | null {
	const trimmed = text?.trim() ?? "";
	return trimmed === "" || trimmed === "##" || trimmed === "undef" ? null : trimmed;
}

function told(members: ReadonlyMap<string, JsonScalar>, key: string): string | null {
	const value = members.get(key);
	return typeof value === "string" ? value : null;
}

function priorityOf(members: ReadonlyMap<string, JsonScalar>): number | null {
	const value = members.get("pri");
	return typeof value === "number" && value !== -1 ? value : null;
}

/** Only the word `normal`, or no word at all (before 0.8.3), clears a path of being marginal. */
function isMarginal(members: ReadonlyMap<string, JsonScalar>): boolean {
	return members.has("marginal_st") && members.get("marginal_st") !== "normal";
}

function transportOf(members: ReadonlyMap<string, JsonScalar>): Transport | null {
	return transportFrom({
		targetName: told(members, "target_wwnn"),
		targetPort: told(members, "target_wwpn"),
		hostPort: told(members, "host_wwpn"),
		adapter: told(members, "host_adapter"),
	});
}

/** The wildcards `%n`, `%r`, `%R`, `%a` of a path; `[undef]` and `[unknown]` tell nothing. */
export interface TransportWords {
	readonly targetName: string | null;
	readonly targetPort: string | null;
	readonly hostPort: string | null;
	readonly adapter: string | null;
}

/**
 * The wire as far as multipathd tells it: for iSCSI the IQN and the initiator's address, for FC the port names
 * (multipath-tools libmultipath/print.c snprint_tgt_wwnn and its neighbours). The portal is only in sysfs.
 */
export function transportFrom(words: TransportWords): Transport | null {
	const target = words.targetName ?? "";
	if (/^(?:iqn|eui|naa)\./.test(target)) {
		return { protocol: "iscsi", initiator: unlessUndefined(words.adapter), target, portal: null };
	}
	if (/^0x[0-9a-f]{16}$/i.test(words.targetPort ?? "")) {
		const initiator = unlessUndefined(words.hostPort);
		return { protocol: "fc", initiator, target: words.targetPort, portal: null };
	}
	return null;
}

function unlessUndefined(word: string | null): string | null {
	return word === null || word === "" || /^\[\w+\]$/.test(word) ? null : word;
}
