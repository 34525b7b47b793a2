import { PathkeeperError, parseVolumeId, storageRoutes } from "@pathkeeper/model";
import { shown } from "../output/words.ts";
import type { Session } from "../session.ts";
import { nodeForVolumes } from "./chosen-node.ts";

interface NodeOption {
	readonly node?: string;
}

export interface AllocOptions extends NodeOption {
	readonly storage: string;
	readonly vmid: number;
	readonly filename: string;
	readonly size: string;
	readonly format: string;
}

/** `storage alloc`. */
export async function allocVolume({ client, output }: Session, options: AllocOptions): Promise<void> {
	const { storage, vmid, filename, size, format } = options;
	const node = await nodeForVolumes(client, storage, options);
	const volid = await client.call(storageRoutes.allocVolume, { node, storage, vmid, filename, size, format });
	output.document({ volid }, () => `successfully created '${shown(volid)}'\n`);
}

/** Seconds that the end of a removal is waited for; one that erases goes on as a task. */
const waitS = 30;

/** `storage free`. */
export async function freeVolume(
	{ client, output }: Session,
	volid: string,
	options: NodeOption & { readonly force?: true },
): Promise<void> {
	const { storage, volname } = partsOf(volid);
	const node = await nodeForVolumes(client, storage, options);
	const upid = await client.call(storageRoutes.freeVolume, {
		node,
		storage,
		volume: volname,
		delay: waitS,
		...(options.force === undefined ? {} : { force: options.force }),
	});
	output.document({ volid, upid }, () =>
		upid === null
			? `Removed volume '${shown(volid)}'\n`
			: `'${shown(volid)}' is being removed: ${shown(upid)}\n`,
	);
}

/** `storage path`. */
export async function volumePath(
	{ client, output }: Session,
	volid: string,
	options: NodeOption,
): Promise<void> {
	const { storage, volname } = partsOf(volid);
	const node = await nodeForVolumes(client, storage, options);
	const { path } = await client.call(storageRoutes.getVolume, { node, storage, volume: volname });
	output.document({ path }, () => `${shown(path)}\n`);
}

/** `storage resize`. */
export async function resizeVolume(
	{ client, output }: Session,
	volid: string,
	size: string,
	options: NodeOption,
): Promise<void> {
	const { storage, volname } = partsOf(volid);
	const node = await nodeForVolumes(client, storage, options);
	await client.call(storageRoutes.resizeVolume, { node, storage, volume: volname, size });
	output.document({ volid }, () => `'${shown(volid)}' is at least ${shown(size)} now\n`);
}

/** `storage rename`. */
export async function renameVolume(
	{ client, output }: Session,
	volid: string,
	name: string,
	options: NodeOption,
): Promise<void> {
	const { storage, volname } = partsOf(volid);
	const node = await nodeForVolumes(client, storage, options);
	const renamed = await client.call(storageRoutes.renameVolume, { node, storage, volume: volname, name });
	output.document({ volid: renamed }, () => `'${shown(volid)}' is '${shown(renamed)}' now\n`);
}

/** `storage activate`; a volume is made usable on one node, which has to be named. */
export async function activateVolume(
	{ client, output }: Session,
	volid: string,
	{ node }: { readonly node: string },
): Promise<void> {
	const { storage, volname } = partsOf(volid);
	await client.call(storageRoutes.activateVolume, { node, storage, volume: volname });
	output.document({ volid, node }, () => `'${shown(volid)}' is active on ${shown(node)}\n`);
}

/** `storage deactivate`. */
export async function deactivateVolume(
	{ client, output }: Session,
	volid: string,
	{ node }: { readonly node: string },
): Promise<void> {
	const { storage, volname } = partsOf(volid);
	await client.call(storageRoutes.deactivateVolume, { node, storage, volume: volname });
	output.document({ volid, node }, () => `'${shown(volid)}' is not active on ${shown(node)}\n`);
}

function partsOf(volid: string) {
	const id = parseVolumeId(volid);
	if (id !== null) return id;
	throw new PathkeeperError("PARAMETER_INVALID", { fields: { volume: "is not STORAGE:NAME" } });
}
