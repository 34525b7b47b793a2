/** A place in the tree that rights are given on, as in Proxmox VE; what it has beside these, we do not. */
export type AclPath = "/" | "/nodes" | "/storage" | `/nodes/${string}` | `/storage/${string}`;

/** Characters of PVE::AccessControl::check_path. */
const namePattern = /^[A-Za-z0-9._-]{1,100}$/;

/** Stands for every node or storage that has no entry of its own; no name of one, so no entry can mean it. */
const anyOther = "*";

/** Null for what is not the path of an entry. One slash at the end is forgiven, as Proxmox VE does. */
export function parseAclPath(text: string): AclPath | null {
	if (text === "/" || text === "") return text === "/" ? text : null;
	const trimmed = text.endsWith("/") ? text.slice(0, -1) : text;
	if (trimmed === "/nodes" || trimmed === "/storage") return trimmed;
	const [empty, kind, name, ...more] = trimmed.split("/");
	if (empty !== "" || name === undefined || more.length > 0 || !namePattern.test(name)) return null;
	return kind === "nodes" || kind === "storage" ? `/${kind}/${name}` : null;
}

/** Path of a node or storage that somebody named; what cannot be a name is like one that nobody ever mentioned. */
export function aclPathOf(kind: "nodes" | "storage", name: string): AclPath {
	return `/${kind}/${namePattern.test(name) ? name : anyOther}`;
}

/** From the root down to the path itself. */
export function pathsDownTo(path: AclPath): readonly AclPath[] {
	if (path === "/") return ["/"];
	if (path === "/nodes" || path === "/storage") return ["/", path];
	return ["/", path.startsWith("/nodes/") ? "/nodes" : "/storage", path];
}

/**
 * Enough paths to judge two lists of entries everywhere: rights on any path there could be are those on one of these.
 */
export function representativePaths(mentioned: Iterable<AclPath>): readonly AclPath[] {
	return [
		...new Set<AclPath>([
			"/",
			"/nodes",
			"/storage",
			`/nodes/${anyOther}`,
			`/storage/${anyOther}`,
			...mentioned,
		]),
	];
}
