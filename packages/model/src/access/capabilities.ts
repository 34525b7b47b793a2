import type { Acl, Rights } from "./acl.ts";
import { type AclPath, representativePaths } from "./acl-path.ts";
import type { Right } from "./roles.ts";

/** What a screen may offer, by part of the tree; each right as 1, as Proxmox VE's `cap`. */
export type Capabilities = Readonly<Record<"dc" | "access" | "nodes" | "storage", Partial<Record<Right, 1>>>>;

/** The rights that somebody holds anywhere in each part (PVE::RPCEnvironment::compute_api_permission). */
export function capabilitiesOf(rights: Rights, acl: Acl): Capabilities {
	const paths = representativePaths(acl.map(({ path }) => path));
	const within = (part: (path: AclPath) => boolean, kind: RegExp) =>
		Object.fromEntries(
			paths
				.filter(part)
				.flatMap((path) => [...rights(path)])
				.filter((right) => kind.test(right))
				.map((right) => [right, 1 as const]),
		);
	return {
		dc: within((path) => path === "/", /^Sys\./),
		access: within((path) => path === "/", /^Permissions\./),
		nodes: within((path) => path.startsWith("/nodes"), /^(?:Sys|Permissions)\./),
		storage: within((path) => path.startsWith("/storage"), /^(?:Datastore|Permissions)\./),
	};
}
