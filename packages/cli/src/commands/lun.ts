import { multipathRoutes, nodeRoutes, PathkeeperError } from "@pathkeeper/model";
import { table } from "../output/table.ts";
import { queueingText, shown, sizeText, stateWord } from "../output/words.ts";
import type { Session } from "../session.ts";

/** `lun list`: the allow-list with states. */
export async function listLuns({ client, output }: Session): Promise<void> {
	const { luns } = await client.call(multipathRoutes.getStatus, {});
	const allowed = await client.call(multipathRoutes.listLuns, {});
	const byWwid = new Map(luns.map((lun) => [lun.wwid, lun]));
	const rows = allowed.map((lun) => ({ ...lun, state: byWwid.get(lun.wwid)?.state ?? ("unknown" as const) }));
	output.rows(rows, () =>
		rows.length === 0
			? "No LUN is allowed yet. See what there is: pathkeeper lun list --candidates\n"
			: table(
					[
						{ head: "WWID", cell: ({ wwid }) => shown(wwid) },
						{ head: "ALIAS", cell: ({ alias }) => alias ?? "-" },
						{ head: "STATE", cell: ({ state }) => stateWord(state, output.colour) },
						{ head: "SIZE", cell: ({ wwid }) => sizeText(byWwid.get(wwid)?.size ?? null), align: "right" },
						{ head: "COMMENT", cell: ({ comment }) => shown(comment ?? "") },
					],
					rows,
				),
	);
}

/** `lun list --candidates`: LUNs that nodes see and nobody allowed, and local disks for what they are. */
export async function listCandidates({ client, output }: Session): Promise<void> {
	const nodes = await client.call(nodeRoutes.listNodes, {});
	const lists = await Promise.all(
		nodes
			.filter(({ status }) => status === "online")
			.map(async ({ node }) => ({ node, disks: await client.call(nodeRoutes.nodeDisks, { node }) })),
	);
	const seen = lists.flatMap(({ node, disks }) => disks.map((disk) => ({ node, ...disk })));
	const rows = seen.filter(({ wwid, allowed }) => wwid !== null && allowed === 0);
	output.rows(rows, () =>
		rows.length === 0
			? "No disk outside the maps is seen on any node that reports.\n"
			: table(
					[
						{ head: "WWID", cell: ({ wwid }) => shown(wwid ?? "-") },
						{ head: "NODE", cell: ({ node }) => node },
						{ head: "PATHS", cell: ({ devices }) => String(devices.length), align: "right" },
						{ head: "SIZE", cell: ({ size }) => sizeText(size), align: "right" },
						{ head: "DISK", cell: ({ vendor, model }) => shown([vendor, model].filter(Boolean).join(" ")) },
						{ head: "CARRIES", cell: ({ carries }) => shown(carries ?? "nothing known") },
						{ head: "DEVICES", cell: ({ devices }) => devices.map(({ dev }) => dev).join(" ") },
					],
					rows,
				),
	);
}

/** `lun show WWID|ALIAS`: identity, verdict with reasons, settings, and the paths on every node. */
export async function showLun({ client, output }: Session, name: string): Promise<void> {
	const { luns } = await client.call(multipathRoutes.getStatus, {});
	const lun = luns.find(({ wwid, alias }) => wwid === name || alias === name);
	if (lun === undefined) throw new PathkeeperError("NOT_FOUND", { values: { what: `LUN '${name}'` } });
	const { wwid } = lun;
	const config =
		(await client.call(multipathRoutes.listLuns, {})).find((other) => other.wwid === wwid) ?? null;
	output.document({ ...lun, config }, () => {
		const settings = Object.entries(config ?? {}).filter(([key]) => key !== "wwid" && key !== "alias");
		const lines = [
			`LUN ${shown(lun.alias ?? wwid)}`,
			`  WWID      ${shown(wwid)}`,
			`  device    /dev/disk/by-id/dm-uuid-mpath-${shown(wwid)}`,
			`  disk      ${shown([lun.vendor, lun.model].filter(Boolean).join(" ") || "not seen")}, ${sizeText(lun.size)}`,
			`  state     ${stateWord(lun.state, output.colour)}`,
			...lun.reasons.map((reason) => `            ${shown(reason)}`),
			`  queueing  ${queueingText(lun.queueing)}`,
			...settings.map(([key, value]) => `  ${key} = ${shown(String(value))}`),
			...Object.entries(lun.nodes).map(
				([node, here]) =>
					`  on ${node}: ${stateWord(here.state, output.colour)}, ${here.usable} of ${here.expected} paths usable`,
			),
		];
		return lines.map((line) => `${line}\n`).join("");
	});
}

export interface LunChange {
	/** `key=value` as given. */
	readonly set: readonly string[];
	readonly unset: readonly string[];
	readonly digest?: string;
}

/** `lun allow WWID [KEY=VALUE…]`. */
export async function allowLun({ client, output }: Session, wwid: string, change: LunChange): Promise<void> {
	const result = await client.call(multipathRoutes.allowLun, {
		wwid,
		...assignments(change.set),
		...guard(change),
	});
	output.document(
		result,
		() => `LUN ${wwid} is allowed; every node assembles its map now: pathkeeper lun show ${wwid}\n`,
	);
}

/** `lun set WWID KEY=VALUE… [--unset KEY]`. */
export async function setLun({ client, output }: Session, wwid: string, change: LunChange): Promise<void> {
	const result = await client.call(multipathRoutes.putLun, {
		wwid,
		...assignments(change.set),
		...(change.unset.length > 0 ? { delete: change.unset.join(",") } : {}),
		...guard(change),
	});
	output.document(result, () => `LUN ${wwid} changed\n`);
}

/** `lun forget WWID`: asks first on a terminal. */
export async function forgetLun(
	{ client, output, io }: Session,
	wwid: string,
	options: { readonly force: boolean; readonly yes: boolean; readonly digest?: string },
): Promise<void> {
	const question = `Forget LUN ${wwid} on every node? Its map goes; the data on it stays.`;
	if (io.isTerminal && !options.yes && !(await io.confirm(question))) {
		io.err("Nothing changed.\n");
		return;
	}
	const force = options.force ? { force: 1 as const } : {};
	const result = await client.call(multipathRoutes.forgetLun, { wwid, ...force, ...guard(options) });
	output.document(result, () =>
		[...result.log, `LUN ${wwid} is forgotten`].map((line) => `${line}\n`).join(""),
	);
}

function guard({ digest }: { readonly digest?: string }): { digest?: string } {
	return digest === undefined ? {} : { digest };
}

/** `key=value` words as parameters. Throws PARAMETER_INVALID for a word without `=`. */
export function assignments(words: readonly string[]): Record<string, string> {
	return Object.fromEntries(
		words.map((word) => {
			const at = word.indexOf("=");
			if (at > 0) return [word.slice(0, at), word.slice(at + 1)];
			throw new PathkeeperError("PARAMETER_INVALID", { fields: { [word]: "is not KEY=VALUE" } });
		}),
	);
}
