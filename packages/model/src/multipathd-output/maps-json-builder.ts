import type { MultipathMap, PathGroup } from "../topology/map.ts";
import type { Path } from "../topology/path.ts";
import type { JsonContainer, JsonScalar, JsonSink } from "./json-text.ts";
import { groupOf, lostMarginal, type Members, mapOf, pathOf, unsoundMembers } from "./maps-json-members.ts";
import { maxMaps, maxPaths, Problems, type ReadingOptions } from "./reading.ts";
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

/** And members that are lists. */
const requiredContainers = { map: ["path_groups"], group: ["paths"], path: [] } as const;

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
	/** Of the group that is open. */
	readonly #pathMembers: Members[] = [];
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
			const list = requiredContainers[draft.role].some((required) => required === key);
			if (list && container !== "array") draft.unsound ??= `'${key}' is not a list`;
			draft.containers.add(key);
		}
		switch (role) {
			case "maps":
			case "map":
				if (parent === "document" && !this.#unusedInDocument(key)) return false;
				this.isListing = true;
				if (role === "map") {
					if (this.maps.length === maxMaps) return this.#tooMany("maps");
					this.#map = draftOf("map");
					this.#groups = [];
				}
				return true;
			case "group":
				this.#group = draftOf("group");
				this.#paths = [];
				this.#pathMembers.length = 0;
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
			this.#lose(`there is a value where ${role === "maps" ? "a map" : `one of the ${role}`} should be`);
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
		return this.#pathCount <= maxPaths || this.#tooMany("paths");
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
		this.#paths.push(pathOf(draft.members));
		this.#pathMembers.push(draft.members);
		this.#passUp(draft, this.#group, "path", "dev");
	}

	#closeGroup(): void {
		const draft = this.#group;
		this.#group = null;
		if (draft === null) return;
		this.#groups.push(groupOf(draft.members, this.#groups.length + 1, this.#paths));
		this.#paths = [];
		if (this.#pathMembers.some((path) => lostMarginal(draft.members, path)))
			draft.unsound ??= "'marginal_st' is missing";
		this.#pathMembers.length = 0;
		this.#passUp(draft, this.#map, "path group", "group");
	}

	#closeMap(closed: boolean): void {
		const draft = this.#map;
		this.#map = null;
		if (draft === null) return;
		const reason = closed ? unsoundness(draft) : "the text breaks off inside it";
		const map = mapOf(draft.members, this.#groups, reason === null, this.#options);
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
	const members = unsoundMembers(draft.role, draft.members);
	if (members !== null) return members;
	const container = requiredContainers[draft.role].find((key) => !draft.containers.has(key));
	return container === undefined ? null : `'${container}' is missing`;
}
