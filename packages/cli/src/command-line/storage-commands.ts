import { type Command, Option } from "commander";
import { addStorage, removeStorage, setStorage } from "../commands/storage-change.ts";
import { scan } from "../commands/storage-scan.ts";
import { listVolumes, storageStatus } from "../commands/storage-status.ts";
import { listTypes } from "../commands/storage-types.ts";
import {
	activateVolume,
	allocVolume,
	deactivateVolume,
	freeVolume,
	renameVolume,
	resizeVolume,
	volumePath,
} from "../commands/storage-volume.ts";
import { type DigestOption, digestHelp, digestOf, type Online } from "./runs.ts";
import { storageKeys, takesSettings } from "./setting-keys.ts";

interface NodeOption {
	readonly node?: string;
}

const nodeHelp = "the node that does it (default: the first that is online)";
const volumeNodeHelp = `${nodeHelp}; required for a storage that is not shared`;

export function addStorageCommands(program: Command, online: Online, columns: () => number): void {
	const storage = program.command("storage").description("storages and their volumes");
	storage
		.command("status")
		.description("storages with their state on a node")
		.option("--node <node>", nodeHelp)
		.option("--storage <storage>", "only this one")
		.option("--content <kinds>", "only those that may hold one of these kinds of volumes")
		.option("--enabled", "only those that are enabled on the node")
		.action((options: NodeOption & { storage?: string; content?: string; enabled?: true }) =>
			online((session) => storageStatus(session, options)),
		);
	storage
		.command("list <storage>")
		.description("volumes of a storage")
		.option("--node <node>", nodeHelp)
		.option("--content <kinds>", "only volumes of these kinds")
		.option("--vmid <guest>", "only volumes of this guest", Number)
		.action((name: string, options: NodeOption & { content?: string; vmid?: number }) =>
			online((session) => listVolumes(session, name, options)),
		);
	storage
		.command("types")
		.description("types of storages, the nodes that have them, and their settings")
		.action(() => online((session) => listTypes(session)));
	addChanges(storage, online, columns);
	addVolumes(storage, online);
	storage
		.command("scan <what> [portal]")
		.description(
			"what a node sees: lvm (volume groups), multipath (maps) or iscsi (targets that a portal HOST[:PORT] reports)",
		)
		.option("--node <node>", nodeHelp)
		.action((what: string, portal: string | undefined, options: NodeOption) =>
			online((session) => scan(session, what, { ...options, portal })),
		);
}

function addChanges(storage: Command, online: Online, columns: () => number): void {
	takesSettings(storage.command("add <type> <storage> [settings...]"), storageKeys(), columns)
		.summary("add a storage")
		.description(
			"Add a storage of type multipath, lvm or dir, or of a type from a plugin (storage types). Settings as KEY=VALUE, such as vgname=vg0 base=san:WWID shared=1. A volume group is created on an empty base; a base that contains anything is refused.",
		)
		.option("--digest <sha1>", digestHelp)
		.option("--force", "skip nodes that cannot say whether they use the base; never one that uses it")
		.action((type: string, name: string, set: string[], options: DigestOption & { force?: true }) =>
			online((session) => addStorage(session, type, name, { set, ...options })),
		);
	takesSettings(storage.command("set <storage> [settings...]"), storageKeys(), columns)
		.description("change settings of a storage, as KEY=VALUE; others keep their values")
		.option("--unset <key...>", "remove settings")
		.option("--digest <sha1>", digestHelp)
		.action((name: string, set: string[], options: DigestOption & { unset?: string[] }) =>
			online((session) =>
				setStorage(session, name, { set, unset: options.unset ?? [], ...digestOf(options) }),
			),
		);
	storage
		.command("remove <storage>")
		.description("remove a storage from the configuration; its contents stay")
		.option("--digest <sha1>", digestHelp)
		.action((name: string, options: DigestOption) =>
			online((session) => removeStorage(session, name, digestOf(options))),
		);
}

function addVolumes(storage: Command, online: Online): void {
	storage
		.command("alloc <storage> <vmid> <filename> <size>")
		.description(
			"create a volume for a guest; with an empty name, a free one is chosen; the size is in KiB or ends in M or G",
		)
		.option("--node <node>", volumeNodeHelp)
		.addOption(new Option("--format <format>", "format of the volume").default("raw"))
		.action(
			(
				name: string,
				vmid: string,
				filename: string,
				size: string,
				options: NodeOption & { format: string },
			) =>
				online((session) =>
					allocVolume(session, { storage: name, vmid: Number(vmid), filename, size, ...options }),
				),
		);
	storage
		.command("free <volume>")
		.description("remove a volume that is not in use")
		.option("--node <node>", volumeNodeHelp)
		.option("--force", "skip nodes that cannot be asked; never one that uses it")
		.action((volume: string, options: NodeOption & { force?: true }) =>
			online((session) => freeVolume(session, volume, options)),
		);
	storage
		.command("path <volume>")
		.description("device or file of a volume")
		.option("--node <node>", volumeNodeHelp)
		.action((volume: string, options: NodeOption) =>
			online((session) => volumePath(session, volume, options)),
		);
	addVolumeUses(storage, online);
}

function addVolumeUses(storage: Command, online: Online): void {
	storage
		.command("resize <volume> <size>")
		.description("grow a volume that no other node uses; the size is in KiB or ends in M or G")
		.option("--node <node>", volumeNodeHelp)
		.action((volume: string, size: string, options: NodeOption) =>
			online((session) => resizeVolume(session, volume, size, options)),
		);
	storage
		.command("rename <volume> <name>")
		.description("rename a volume that is not in use, within its storage")
		.option("--node <node>", volumeNodeHelp)
		.action((volume: string, name: string, options: NodeOption) =>
			online((session) => renameVolume(session, volume, name, options)),
		);
	storage
		.command("activate <volume>")
		.description("activate a volume on a node")
		.requiredOption("--node <node>", "the node to activate it on")
		.action((volume: string, options: { node: string }) =>
			online((session) => activateVolume(session, volume, options)),
		);
	storage
		.command("deactivate <volume>")
		.description("deactivate a volume that is not open on a node")
		.requiredOption("--node <node>", "the node to deactivate it on")
		.action((volume: string, options: { node: string }) =>
			online((session) => deactivateVolume(session, volume, options)),
		);
}
