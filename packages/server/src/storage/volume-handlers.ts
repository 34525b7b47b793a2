/** `/nodes/N/storage/S/content`: what a node does with one volume. Agents do it, as tasks. */
import { PathkeeperError, parseVolumeId, storageRoutes } from "@pathkeeper/model";
import { Type } from "typebox";
import { leaveTask, notAnswered, outcomeOf } from "../fleet/node-task.ts";
import { type BoundRoute, bind } from "../routes/bind.ts";
import type { HandlerContext } from "../routes/context.ts";
import { checkOnline, order, question } from "./ask-node.ts";
import { knownStorage, sameId } from "./known-storage.ts";
import { checkUnused } from "./volume-users.ts";

const bytes = Type.Number({ minimum: 0 });
const facts = Type.Object({ path: Type.String(), sizeBytes: bytes, used: bytes, format: Type.String() });
const made = Type.Object({ volume: Type.String() });

export function volumeHandlers(context: HandlerContext): BoundRoute[] {
	return [
		bind(storageRoutes.allocVolume, async ({ node, storage, vmid, filename, size, format }, caller) => {
			const { id } = await knownStorage(context, storage);
			const argument = {
				storage: id,
				guest: vmid,
				name: filename === "" ? null : filename,
				format: format ?? "raw",
				sizeBytes: sizeOf(size),
			};
			return (await order(context, { node, type: "imgalloc", id, argument, caller }, made)).volume;
		}),
		bind(storageRoutes.getVolume, async ({ node, storage, volume }, caller) => {
			const { id } = await knownStorage(context, storage);
			const argument = { volume: volumeOf(id, volume) };
			const asked = { node, type: "imgfacts" as const, id: argument.volume, argument, caller };
			const { path, sizeBytes, used, format } = await question(context, asked, facts);
			return { path, size: sizeBytes, used, format };
		}),
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
			const task = await leaveTask(context, { node, type: "imgdel", id: volid, argument, caller });
			const isDone = delay !== undefined && (await doneWithin(context, delay, task));
			return isDone ? null : task.task.upid;
		}),
		bind(storageRoutes.resizeVolume, async ({ node, storage, volume, size }, caller) => {
			const found = await knownStorage(context, storage);
			const volid = volumeOf(found.id, volume);
			const argument = { volume: volid, sizeBytes: sizeOf(size) };
			await checkOnline(context, node);
			// A node that has it open would go on with the old size.
			const volname = nameIn(found.id, volid);
			await checkUnused(context, found, { volname, except: node, caller, force: false });
			await order(context, { node, type: "imgresize", id: volid, argument, caller }, Type.Unknown());
			return null;
		}),
		bind(storageRoutes.renameVolume, async ({ node, storage, volume, name }, caller) => {
			const found = await knownStorage(context, storage);
			const volid = volumeOf(found.id, volume);
			await checkOnline(context, node);
			// A node that has it active would keep its device under the old name.
			const volname = nameIn(found.id, volid);
			await checkUnused(context, found, { volname, except: node, caller, force: false });
			const argument = { volume: volid, name };
			return (await order(context, { node, type: "imgrename", id: volid, argument, caller }, made)).volume;
		}),
		bind(storageRoutes.activateVolume, async ({ node, storage, volume }, caller) => {
			const { id } = await knownStorage(context, storage);
			const argument = { volume: volumeOf(id, volume) };
			const asked = { node, type: "imgactivate", id: argument.volume, argument, caller };
			await order(context, asked, Type.Unknown());
			return null;
		}),
		bind(storageRoutes.deactivateVolume, async ({ node, storage, volume }, caller) => {
			const { id } = await knownStorage(context, storage);
			const argument = { volume: volumeOf(id, volume) };
			const asked = { node, type: "imgdeactivate", id: argument.volume, argument, caller };
			await order(context, asked, Type.Unknown());
			return null;
		}),
	];
}

/** True when a task did its work in time; one that takes longer goes on. Throws what it ended with. */
async function doneWithin(
	context: HandlerContext,
	seconds: number,
	task: Parameters<typeof outcomeOf>[1],
): Promise<boolean> {
	const onWait = () => Promise.resolve();
	const ended = outcomeOf({ ...context, onWait }, task);
	const outcome = await Promise.race([ended, context.sleep(seconds * 1000).then(() => null)]);
	if (outcome === null) {
		ended.catch(() => undefined); // Nobody waits for it any more; its outcome stands in the store.
		return false;
	}
	if (outcome.kind === "done") return true;
	throw outcome.kind === "unreachable"
		? notAnswered(outcome)
		: new PathkeeperError("VOLUME_REFUSED", { problem: outcome.problem });
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
