import { nodeRoutes, PathkeeperError, sizeText, storageRoutes } from "@pathkeeper/model";
import { shown } from "../output/words.ts";
import type { Session } from "../session.ts";
import { chosenNode } from "./chosen-node.ts";

/** `storage scan lvm|multipath`. Volume groups one a line, as `pvesm scan lvm` prints them. */
export async function scan(
	{ client, output }: Session,
	what: string,
	options: { readonly node?: string },
): Promise<void> {
	const node = await chosenNode(client, options);
	if (what === "lvm") {
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
		const fields = { what: `'${what}' cannot be scanned for; known: lvm, multipath` };
		throw new PathkeeperError("PARAMETER_INVALID", { fields });
	}
}

function usersText(users: readonly string[] | null): string {
	if (users === null) return "not known";
	return users.length === 0 ? "nobody" : shown(users.join("; "));
}
