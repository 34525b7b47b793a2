/** `/nodes/N/storage` and `/nodes/N/scan`: what a node does with storages. Agents do it, as tasks. */
import {
	builtInTypes,
	PathkeeperError,
	parseVolumeId,
	type Storage,
	splitList,
	storageRoutes,
} from "@pathkeeper/model";
import { type Static, Type } from "typebox";
import type { Caller } from "../caller.ts";
import { leaveTask, outcomeOf } from "../fleet/node-task.ts";
import { type BoundRoute, bind } from "../routes/bind.ts";
import type { HandlerContext } from "../routes/context.ts";
import { flag } from "../wire/flag.ts";
import { checkOnline, order, question } from "./ask-node.ts";
import { maySee, readStorages, spelledSo } from "./storage-handlers.ts";
import { checkUnused } from "./volume-users.ts";

const nullable = <S extends Parameters<typeof Type.Array>[0]>(schema: S) => Type.Union([schema, Type.Null()]);
const bytes = Type.Number({ minimum: 0 });

const onNode = Type.Object({
	storage: Type.Object({
		id: Type.String(),
		type: Type.String(),
		content: Type.Array(Type.String()),
		shared: Type.Boolean(),
	}),
	enabled: Type.Boolean(),
	active: Type.Boolean(),
	totalBytes: bytes,
	usedBytes: bytes,
	availableBytes: bytes,
	problem: nullable(Type.String()),
});
const listed = Type.Object({
	volname: Type.String(),
	kind: Type.String(),
	format: Type.String(),
	sizeBytes: bytes,
	guest: nullable(Type.Integer()),
	createdAtS: nullable(Type.Number()),
});
const facts = Type.Object({ path: Type.String(), sizeBytes: bytes, used: bytes, format: Type.String() });
const made = Type.Object({ volume: Type.String() });
const group = Type.Object({
	name: Type.String(),
	sizeBytes: bytes,
	freeBytes: bytes,
	volumes: Type.Number(),
});
export function nodeStorageHandlers(context: HandlerContext): BoundRoute[] {
	const statusOf = (node: string, caller: Caller) =>
		question(context, { node, type: "storagestatus", id: "", argument: {}, caller }, Type.Array(onNode));
	return [
		bind(storageRoutes.nodeStorages, async ({ node, storage, content, enabled }, caller) => {
			// Who may see no storage learns nothing of the node either.
			const { storages } = await readStorages(context.store);
			if (!storages.some(({ id }) => maySee(caller, id))) return [];
			const wanted = content === undefined ? null : splitList(content);
			return (await statusOf(node, caller))
				.filter((found) => maySee(caller, found.storage.id))
				.filter((found) => storage === undefined || sameId(found.storage.id, storage))
				.filter((found) => wanted === null || found.storage.content.some((kind) => wanted.includes(kind)))
				.filter((found) => !(enabled === 1 || enabled === true) || found.enabled)
				.map((found) => ({
					storage: found.storage.id,
					...statusEntry(found),
					used_fraction: found.totalBytes === 0 ? 0 : found.usedBytes / found.totalBytes,
					...(isChosen(found.storage.type) ? { select_existing: flag(true) } : {}),
				}));
		}),
		bind(storageRoutes.nodeStorageStatus, async ({ node, storage }, caller) => {
			await known(context, storage);
			const found = (await statusOf(node, caller)).find((other) => sameId(other.storage.id, storage));
			if (found === undefined) throw noSuchStorage();
			return statusEntry(found);
		}),
		bind(storageRoutes.listContent, async ({ node, storage, content, vmid }, caller) => {
			const { id } = await known(context, storage);
			const argument = { storage: id, guest: vmid ?? null };
			const volumes = await question(
				context,
				{ node, type: "storagecontent", id, argument, caller },
				Type.Array(listed),
			);
			return volumes
				.filter(({ kind }) => content === undefined || splitList(content).includes(kind))
				.map(({ volname, kind, format, sizeBytes, guest, createdAtS }) => ({
					volid: `${id}:${volname}`,
					content: kind,
					format,
					size: sizeBytes,
					...(kind === "images" || kind === "rootdir" ? { vmid: guest ?? 0 } : {}),
					...(createdAtS === null ? {} : { ctime: createdAtS }),
				}));
		}),
		bind(storageRoutes.allocVolume, async ({ node, storage, vmid, filename, size, format }, caller) => {
			const { id } = await known(context, storage);
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
			const { id } = await known(context, storage);
			const argument = { volume: volumeOf(id, volume) };
			const asked = { node, type: "imgfacts", id: argument.volume, argument, caller };
			const { path, sizeBytes, used, format } = await question(context, asked, facts);
			return { path, size: sizeBytes, used, format };
		}),
		bind(storageRoutes.freeVolume, async ({ node, storage, volume, delay, force }, caller) => {
			const found = await known(context, storage);
			const volid = volumeOf(found.id, volume);
			const volname = volid.slice(found.id.length + 1);
			await checkOnline(context, node);
			const isForced = force === 1 || force === true;
			await checkUnused(context, found, { volname, node, caller, force: isForced });
			const argument = { volume: volid };
			const task = await leaveTask(context, { node, type: "imgdel", id: volid, argument, caller });
			const isDone = delay !== undefined && (await doneWithin(context, delay, task));
			return isDone ? null : task.task.upid;
		}),
		bind(storageRoutes.scanLvm, async ({ node }, caller) => {
			const asked = { node, type: "scanlvm", id: "", argument: {}, caller };
			const groups = await question(context, asked, Type.Array(group));
			return groups.map(({ name, sizeBytes, freeBytes, volumes }) => ({
				vg: name,
				size: sizeBytes,
				free: freeBytes,
				lvcount: volumes,
			}));
		}),
	];
}

function statusEntry({ storage, enabled, active, problem, ...space }: Static<typeof onNode>) {
	return {
		type: storage.type,
		content: storage.content.join(","),
		enabled: flag(enabled),
		active: flag(active),
		shared: flag(storage.shared),
		total: space.totalBytes,
		used: space.usedBytes,
		avail: space.availableBytes,
		...(problem === null ? {} : { problem }),
	};
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
	const { node, problem } = outcome;
	throw outcome.kind === "unreachable"
		? new PathkeeperError("NODE_UNREACHABLE", { values: { node, problem } })
		: new PathkeeperError("VOLUME_REFUSED", { values: { problem } });
}

async function known({ store }: HandlerContext, id: string): Promise<Storage> {
	const storage = spelledSo(await readStorages(store), id);
	if (storage === null) throw noSuchStorage();
	return storage;
}

function noSuchStorage(): PathkeeperError {
	return new PathkeeperError("PARAMETER_INVALID", { fields: { storage: "No such storage." } });
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

function isChosen(type: string): boolean {
	return builtInTypes.some((known) => known.type === type && known.selectExisting);
}

function sameId(one: string, other: string): boolean {
	return one.toLowerCase() === other.toLowerCase();
}
