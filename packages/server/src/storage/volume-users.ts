import { type NodeView, PathkeeperError, type Storage } from "@pathkeeper/model";

/**
 * Throws VOLUME_IN_USE when a node has a volume of a shared group active, or cannot say so. `force` skips nodes that
 * cannot be asked, never one that uses it.
 */
export function checkUnused(
	storage: Storage,
	volname: string,
	nodes: readonly NodeView[],
	force: boolean,
): void {
	const vg = storage.values["vgname"];
	if (vg === undefined) return;
	const label = `LV ${vg}/${volname} `;
	const users = nodes.flatMap(({ node, online, report }) => {
		if (!isOn(storage, node)) return [];
		if (!online || report === null) {
			return storage.shared && !force ? [`${node}: no sign of life from its agent, so it may use it`] : [];
		}
		const active = report.kernelMaps.some((map) => map.users.some((user) => user.startsWith(label)));
		return active && storage.shared ? [`${node}: it is active there`] : [];
	});
	if (users.length === 0) return;
	const values = { volume: `${storage.id}:${volname}`, users: users.join("; ") };
	throw new PathkeeperError("VOLUME_IN_USE", { values });
}

function isOn({ nodes }: Storage, node: string): boolean {
	return nodes === null || nodes.includes(node);
}
