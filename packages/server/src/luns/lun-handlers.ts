/** `/cluster/multipath/wwids`: the allow-list. */
import { allowLun, multipathRoutes, PathkeeperError, splitList, updateLun } from "@pathkeeper/model";
import { editDocument } from "../context/edit-document.ts";
import type { HandlerContext } from "../context/handler-context.ts";
import { knownNames, nodesThatSee } from "../fleet/read-fleet.ts";
import { type BoundRoute, bind } from "../http/bind.ts";
import { flag } from "../http/flag.ts";
import { forgetLun } from "./forget-lun.ts";
import { lunEntry, lunTexts } from "./lun-entry.ts";

export function lunHandlers(context: HandlerContext): BoundRoute[] {
	const { fleet } = context;
	return [
		bind(multipathRoutes.listLuns, async () => (await fleet.config()).config.luns.map(lunEntry)),
		bind(multipathRoutes.allowLun, async (parameters, caller) => {
			const { wwid, digest } = parameters;
			const nodes = await fleet.nodes();
			const known = knownNames(nodes);
			const set = lunTexts(parameters);
			const change = (text: string) => allowLun(text, wwid, set, known);
			const changed = await editDocument(context, "multipath.cfg", change, { caller, digest });
			return { ...changed, seen: nodesThatSee(wwid, nodes) };
		}),
		bind(multipathRoutes.getLun, async ({ wwid }) => {
			const { config, document } = await fleet.config();
			const lun = config.luns.find((other) => other.wwid === wwid);
			if (lun === undefined) throw notListed(wwid);
			return { ...lunEntry(lun), digest: document.digest };
		}),
		bind(multipathRoutes.putLun, async (parameters, caller) => {
			const { wwid, digest } = parameters;
			const known = knownNames(await fleet.nodes());
			const change = { set: lunTexts(parameters), delete: splitList(parameters.delete ?? "") };
			const update = (text: string) => updateLun(text, wwid, change, known);
			return await editDocument(context, "multipath.cfg", update, { caller, digest });
		}),
		bind(multipathRoutes.forgetLun, async ({ wwid, force, digest }, caller) => {
			const request = { wwid, force: force === 1 || force === true, digest, caller };
			const { document, log, verified } = await forgetLun(context, request);
			return { digest: document.digest, log: [...log], verified: flag(verified) };
		}),
	];
}

function notListed(wwid: string): PathkeeperError {
	return new PathkeeperError("NOT_FOUND", { what: `LUN ${wwid} in the allow-list` });
}
