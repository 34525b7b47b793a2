import { accessRoutes, multipathRoutes, nodeRoutes, storageRoutes, taskRoutes } from "@pathkeeper/model";
import type { Session } from "../session.ts";

/** Kinds of names that the shell can complete. */
export const nameKinds = ["luns", "candidates", "nodes", "storages", "users", "tasks"] as const;
export type NameKind = (typeof nameKinds)[number];

const kindOfPlaceholder: Readonly<Record<string, NameKind>> = {
	"wwid-or-alias": "luns",
	wwid: "candidates",
	node: "nodes",
	storage: "storages",
	user: "users",
	upid: "tasks",
};

/** What `<wwid-or-alias>`, `<node>`, … of a command or option stands for; null: nothing that has a list. */
export function nameKindOf(placeholder: string | null): NameKind | null {
	return kindOfPlaceholder[placeholder?.replace(/^[<[]|[\]>]$/g, "") ?? ""] ?? null;
}

/** `names KIND`: the names that there are now, one a line. Names of strangers that a shell would not take are left out. */
export async function printNames({ client, io }: Session, kind: NameKind): Promise<void> {
	const names = await namesOf(client, kind);
	const plain = [...new Set(names)].filter((name) => /^[A-Za-z0-9#+.:=@_!-]+$/.test(name));
	io.out(plain.map((name) => `${name}\n`).join(""));
}

async function namesOf(client: Session["client"], kind: NameKind): Promise<readonly string[]> {
	if (kind === "luns") {
		const luns = await client.call(multipathRoutes.listLuns, {});
		return luns.flatMap(({ wwid, alias }) => (alias === undefined ? [wwid] : [alias, wwid]));
	}
	if (kind === "users") return (await client.call(accessRoutes.listUsers, {})).map(({ userid }) => userid);
	if (kind === "storages")
		return (await client.call(storageRoutes.listStorages, {})).map(({ storage }) => storage);
	const nodes = (await client.call(nodeRoutes.listNodes, {})).map(({ node }) => node);
	if (kind === "nodes") return nodes;
	if (kind === "tasks") {
		const lists = await Promise.all(
			nodes.map((node) => client.call(taskRoutes.listTasks, { node, limit: 20 })),
		);
		return lists.flat().map(({ upid }) => upid);
	}
	return await candidates(client, nodes);
}

/** LUNs that nodes see and that are not allowed; a node that cannot be asked is left out. */
async function candidates(client: Session["client"], nodes: readonly string[]): Promise<readonly string[]> {
	const lists = await Promise.allSettled(nodes.map((node) => client.call(nodeRoutes.nodeDisks, { node })));
	return lists.flatMap((list) =>
		list.status === "rejected"
			? []
			: list.value.flatMap(({ wwid, allowed }) => (wwid === null || allowed !== 0 ? [] : [wwid])),
	);
}
