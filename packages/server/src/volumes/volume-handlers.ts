/** `/nodes/N/storage/S/content`: what a node does with one volume. Agents do it, as tasks. */
import { PathkeeperError, parseVolumeId, storageRoutes, tasks } from "@pathkeeper/model";
import type { StoredTask } from "@pathkeeper/store";
import type { HandlerContext } from "../context/handler-context.ts";
import { type BoundRoute, bind } from "../http/bind.ts";
import { ask, checkOnline, question } from "../tasks/ask-node.ts";
import { errorOf } from "../tasks/node-outcome.ts";
import { leaveTask, outcomeOf } from "../tasks/run-on-node.ts";
import { knownStorage, sameId } from "./known-storage.ts";
import { checkUnused } from "./volume-users.ts";

export function volumeHandlers(context: HandlerContext): BoundRoute[] {
	return [...changeHandlers(context), ...activationHandlers(context)];
}

function changeHandlers(context: HandlerContext): BoundRoute[] {
	return [
		bind(
			storageRoutes.allocVolume,
			async ({ node, storage, vmid, filename, size, format, reference }, caller) => {
				const { id } = await knownStorage(context, storage);
				const argument = {
					storage: id,
					guest: vmid,
					name: filename === "" ? null : filename,
					format: format ?? "raw",
					sizeBytes: sizeOf(size),
				};
				return (await ask(context, { node, task: tasks.imgAlloc, argument, caller, reference })).volume;
			},
		),
		bind(storageRoutes.freeVolume, async ({ node, storage, volume, delay, force }, caller) => {
			const found = await knownStorage(context, storage);
			const volid = volumeOf(found.id, volume);
			const volname = nameIn(found.id, volid);
			await checkOnline(context, node);
			// One that was being erased stays active on the node that did it, when the agent there was cut off.
			const except = volname.startsWith("del-") ? node : null;
			const isForced = force === 1 || force === true;
			await checkUnused(context, found, { volname, except, caller, force: isForced });
			const argument = { volume: volid };
			const task = await leaveTask(context, { node, task: tasks.imgDelete, argument, caller });
			const isDone = delay !== undefined && (await doneWithin(context, delay, task));
			return isDone ? null : task.task.upid;
		}),
		bind(storageRoutes.resizeVolume, async ({ node, storage, volume, size, reference }, caller) => {
			const found = await knownStorage(context, storage);
			const volid = volumeOf(found.id, volume);
			const argument = { volume: volid, sizeBytes: sizeOf(size) };
			await checkOnline(context, node);
			// A node that has it open would go on with the old size.
			const volname = nameIn(found.id, volid);
			await checkUnused(context, found, { volname, except: node, caller, force: false });
			return await ask(context, { node, task: tasks.imgResize, argument, caller, reference });
		}),
		bind(storageRoutes.renameVolume, async ({ node, storage, volume, name, reference }, caller) => {
			const found = await knownStorage(context, storage);
			const volid = volumeOf(found.id, volume);
			await checkOnline(context, node);
			// A node that has it active would keep its device under the old name.
			const volname = nameIn(found.id, volid);
			await checkUnused(context, found, { volname, except: node, caller, force: false });
			const argument = { volume: volid, name };
			return (await ask(context, { node, task: tasks.imgRename, argument, caller, reference })).volume;
		}),
	];
}

function activationHandlers(context: HandlerContext): BoundRoute[] {
	return [
		bind(storageRoutes.getVolume, async ({ node, storage, volume }, caller) => {
			const { id } = await knownStorage(context, storage);
			const argument = { volume: volumeOf(id, volume) };
			const { path, sizeBytes, used, format } = await question(context, "imgFacts", {
				node,
				argument,
				caller,
			});
			return { path, size: sizeBytes, used, format };
		}),
		bind(storageRoutes.activateVolume, async ({ node, storage, volume, reference }, caller) => {
			const { id } = await knownStorage(context, storage);
			const argument = { volume: volumeOf(id, volume) };
			return await ask(context, { node, task: tasks.imgActivate, argument, caller, reference });
		}),
		bind(storageRoutes.deactivateVolume, async ({ node, storage, volume, reference }, caller) => {
			const { id } = await knownStorage(context, storage);
			const argument = { volume: volumeOf(id, volume) };
			return await ask(context, { node, task: tasks.imgDeactivate, argument, caller, reference });
		}),
	];
}

/** True when a removal did its work in time; one that takes longer goes on. Throws what it ended with. */
async function doneWithin(context: HandlerContext, seconds: number, task: StoredTask): Promise<boolean> {
	const ended = outcomeOf(context, tasks.imgDelete, task);
	const outcome = await Promise.race([ended, context.runtime.sleep(seconds * 1000).then(() => null)]);
	if (outcome === null) {
		ended.catch(() => undefined); // Nobody waits for it any more; its outcome stands in the store.
		return false;
	}
	if (outcome.kind === "done") return true;
	throw errorOf(outcome);
}

/** The path names a volume by its id, or by its name in the storage. */
function volumeOf(storage: string, given: string): string {
	const id = parseVolumeId(given);
	const volid =
		id !== null && sameId(id.storage, storage) ? `${storage}:${id.volname}` : `${storage}:${given}`;
	if (parseVolumeId(volid) !== null) return volid;
	throw new PathkeeperError("PARAMETER_INVALID", { fields: { volume: "invalid format - not a volume ID" } });
}

/** KiB, or with suffix M or G, as Proxmox VE takes it. */
function sizeOf(text: string): number {
	const [, digits, unit] = /^([1-9]\d{0,12})([MG]?)$/.exec(text) ?? [];
	const factor = unit === "G" ? 1024 ** 3 : unit === "M" ? 1024 ** 2 : 1024;
	const size = Number(digits) * factor;
	if (digits !== undefined && Number.isSafeInteger(size)) return size;
	throw new PathkeeperError("PARAMETER_INVALID", {
		fields: { size: "value does not match the regex pattern" },
	});
}

function nameIn(storage: string, volid: string): string {
	return volid.slice(storage.length + 1);
}
