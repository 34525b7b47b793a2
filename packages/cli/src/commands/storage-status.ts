import { storageRoutes } from "@pathkeeper/model";
import { emptyPlace } from "../output/empty-place.ts";
import { shown } from "../output/words.ts";
import type { Session } from "../session.ts";
import { chosenNode } from "./chosen-node.ts";

export interface StatusOptions {
	readonly node?: string;
	readonly storage?: string;
	readonly content?: string;
	readonly enabled?: true;
}

/**
 * `storage status`: the table of `pvesm status`, to the letter, for scripts that read it (pve-storage,
 * src/PVE/CLI/pvesm.pm).
 */
export async function storageStatus({ client, output, io }: Session, options: StatusOptions): Promise<void> {
	const node = await chosenNode(client, options);
	const { storage, content, enabled } = options;
	const rows = await client.call(storageRoutes.nodeStorages, {
		node,
		...(storage === undefined ? {} : { storage }),
		...(content === undefined ? {} : { content }),
		...(enabled === undefined ? {} : { enabled }),
	});
	const width = Math.max(0, ...rows.map((row) => row.storage.length)) + 1;
	const sorted = rows.toSorted((a, b) => (a.storage < b.storage ? -1 : 1));
	const line = (name: string, type: string, ...cells: readonly string[]) => {
		const widths = [10, 15, 15, 15, 8];
		const padded = cells.map((cell, at) => cell.padStart(widths[at] ?? 0));
		return `${[name.padEnd(width), type.padStart(10), ...padded].join(" ")}\n`;
	};
	output.rows(rows, () =>
		[
			line("Name", "Type", "Status", "Total (KiB)", "Used (KiB)", "Available (KiB)", "%"),
			...sorted.map((row) => {
				const status = row.active === 1 ? "active" : row.enabled === 1 ? "inactive" : "disabled";
				const share = row.enabled === 1 ? `${(row.used_fraction * 100).toFixed(2)}%` : "N/A";
				return line(
					shown(row.storage),
					shown(row.type),
					status,
					kib(row.total),
					kib(row.used),
					kib(row.avail),
					share,
				);
			}),
		].join(""),
	);
	if (rows.length === 0 && output.isTable && isWhole(options)) io.err(emptyPlace(output, "noStorage"));
	for (const { storage: name, problem } of rows)
		if (problem !== undefined) output.note(`${shown(name)} on ${shown(node)}: ${shown(problem)}`);
	await noteLeftOut(client, output, storage);
}

/** True when every storage of the node is asked for. */
function isWhole({ storage, content, enabled }: StatusOptions): boolean {
	return [storage, content, enabled].every((filter) => filter === undefined);
}

/** Sections that give no storage have no line in the table, as with `pvesm`; they must not be missed all the same. */
async function noteLeftOut(
	client: Session["client"],
	output: Session["output"],
	only: string | undefined,
): Promise<void> {
	const all = await client.call(storageRoutes.listStorages, {});
	const leftOut = all.filter(({ left_out }) => left_out === 1);
	for (const { storage, problems = [] } of leftOut.filter(
		(each) => only === undefined || each.storage === only,
	))
		for (const problem of problems) output.note(`${shown(storage)} is left out: ${shown(problem)}`);
}

export interface ListOptions {
	readonly node?: string;
	readonly content?: string;
	readonly vmid?: number;
}

/** `storage list`: the table of `pvesm list`, to the letter; volumes of guests first, then those of nobody. */
export async function listVolumes(
	{ client, output }: Session,
	storage: string,
	options: ListOptions,
): Promise<void> {
	const node = await chosenNode(client, options);
	const { content, vmid } = options;
	const volumes = await client.call(storageRoutes.listContent, {
		node,
		storage,
		...(content === undefined ? {} : { content }),
		...(vmid === undefined ? {} : { vmid }),
	});
	const isOwned = (volume: (typeof volumes)[number]) => (volume.vmid ?? 0) !== 0;
	const rows = [
		...volumes.filter(isOwned).toSorted((a, b) => (a.vmid ?? 0) - (b.vmid ?? 0)),
		...volumes.filter((volume) => !isOwned(volume)).toSorted((a, b) => (a.format < b.format ? -1 : 1)),
	];
	const width = Math.max(0, ...rows.map(({ volid }) => volid.length));
	const digits = String(Math.max(0, ...rows.map(({ size }) => size))).length;
	const line = (volid: string, format: string, type: string, size: string, owner: string) =>
		`${`${volid.padEnd(width)} ${format.padEnd(7)} ${type.padEnd(9)} ${size.padStart(digits)} ${owner}`.trimEnd()}\n`;
	output.rows(rows, () =>
		[
			line("Volid", "Format", "Type", "Size", "VMID"),
			...rows.map((volume) =>
				line(
					shown(volume.volid),
					shown(volume.format),
					shown(volume.content),
					String(volume.size),
					isOwned(volume) ? String(volume.vmid) : "",
				),
			),
		].join(""),
	);
}

function kib(bytes: number): string {
	return String(Math.floor(bytes / 1024));
}
