import { type Client, nodeRoutes, PathkeeperError, storageRoutes } from "@pathkeeper/model";

/** The node that was named, else the first that is online. Throws NODE_UNREACHABLE when there is none. */
export async function chosenNode(client: Client, { node }: { readonly node?: string }): Promise<string> {
	if (node !== undefined) return node;
	const nodes = await client.call(nodeRoutes.listNodes, {});
	const online = nodes.find(({ status }) => status === "online");
	if (online !== undefined) return online.node;
	throw new PathkeeperError("NODE_UNREACHABLE", {
		node: "any",
		problem:
			nodes.length === 0
				? "no node has joined yet; to see how one joins: pathkeeper node list"
				: "no node is online; name one with --node",
	});
}

/**
 * The node that works on volumes of a storage. One that is not shared may hold another volume of the same name on each
 * node, so a person has to say which is meant. Throws PARAMETER_INVALID then, NODE_UNREACHABLE when none is online.
 */
export async function nodeForVolumes(
	client: Client,
	storage: string,
	options: { readonly node?: string },
): Promise<string> {
	if (options.node === undefined && !(await isSameEverywhere(client, storage))) {
		const problem = `name the node: storage '${storage}' is not shared, and each node has its own`;
		throw new PathkeeperError("PARAMETER_INVALID", { fields: { node: problem } });
	}
	return await chosenNode(client, options);
}

async function isSameEverywhere(client: Client, storage: string): Promise<boolean> {
	const storages = await client.call(storageRoutes.listStorages, {});
	const found = storages.find((each) => each.storage.toLowerCase() === storage.toLowerCase());
	if (found === undefined) throw new PathkeeperError("STORAGE_ABSENT", { storage });
	// Of a section that is not understood it is not known either.
	const isShared = found.shared === 1 && found.problems === undefined;
	return isShared || (await client.call(nodeRoutes.listNodes, {})).length <= 1;
}
