import { type Client, nodeRoutes, PathkeeperError } from "@pathkeeper/model";

/** The node that was named, else the first that is online. Throws NODE_UNREACHABLE when there is none. */
export async function chosenNode(client: Client, { node }: { readonly node?: string }): Promise<string> {
	if (node !== undefined) return node;
	const nodes = await client.call(nodeRoutes.listNodes, {});
	const online = nodes.find(({ status }) => status === "online");
	if (online !== undefined) return online.node;
	throw new PathkeeperError("NODE_UNREACHABLE", {
		values: { node: "any", problem: "no node is online; name one with --node" },
	});
}
