import { nodeRoutes, PathkeeperError, sizeText, storageRoutes } from "@pathkeeper/model";
import { shown } from "../output/words.ts";
import type { Session } from "../session.ts";
import { chosenNode } from "./chosen-node.ts";

/** `storage scan lvm|multipath|iscsi`. Volume groups and targets one a line, as `pvesm scan` prints them. */
export async function scan(
	{ client, output }: Session,
	what: string,
	{ portal, ...options }: { readonly node?: string; readonly portal?: string | undefined },
): Promise<void> {
	if (what === "iscsi" && portal === undefined)
		throw new PathkeeperError("PARAMETER_INVALID", {
			fields: { portal: "name one: scan iscsi HOST[:PORT]" },
		});
	if (what !== "iscsi" && portal !== undefined)
		throw new PathkeeperError("PARAMETER_INVALID", {
			fields: { portal: "only iscsi takes a portal" },
		});
	const node = await chosenNode(client, options);
	if (what === "iscsi" && portal !== undefined) {
		const targets = await client.call(storageRoutes.scanIscsi, { node, portal });
		const width = Math.max(...targets.map(({ target }) => shown(target).length));
		output.rows(targets, () =>
			targets.map(({ target, portal: at }) => `${shown(target).padEnd(width)} ${shown(at)}\n`).join(""),
		);
	} else if (what === "lvm") {
		const groups = await client.call(storageRoutes.scanLvm, { node });
		output.rows(groups, () => groups.map(({ vg }) => `${shown(vg)}\n`).join(""));
	} else if (what === "multipath") {
		const maps = await client.call(nodeRoutes.scanMultipath, { node });
		output.rows(maps, () =>
			output.table<(typeof maps)[number]>(
				[
					{ head: "WWID", cell: ({ wwid }) => shown(wwid) },
					{ head: "NAME", cell: ({ name }) => shown(name ?? "-"), drop: 2 },
					{ head: "SIZE", cell: ({ size }) => sizeText(size), align: "right" },
					{ head: "CARRIES", cell: ({ carries }) => shown(carries ?? "nothing known"), drop: 0 },
					{ head: "USED BY", cell: ({ users }) => usersText(users), drop: 1 },
				],
				maps,
			),
		);
	} else {
		const fields = { what: `'${what}' cannot be scanned for; known: lvm, multipath, iscsi` };
		throw new PathkeeperError("PARAMETER_INVALID", { fields });
	}
}

function usersText(users: readonly string[] | null): string {
	if (users === null) return "not known";
	return users.length === 0 ? "nobody" : shown(users.join("; "));
}
