/** `/cluster/multipath`: the configuration as documents, their defaults and overrides, and what they would do. */
import { givenSettings, multipathRoutes, PathkeeperError, setDefaults, splitList } from "@pathkeeper/model";
import { editDocument, replaceDocument } from "../context/edit-document.ts";
import type { HandlerContext } from "../context/handler-context.ts";
import { droppedText } from "../documents/check-config.ts";
import { refuseErrors } from "../documents/problems.ts";
import { knownNames } from "../fleet/read-fleet.ts";
import { type BoundRoute, bind } from "../http/bind.ts";
import { lunEntry } from "../luns/lun-entry.ts";
import { previewInput } from "./preview-input.ts";

const below = ["config", "defaults", "wwids", "overrides", "preview", "status", "matrix", "log"];

export function configHandlers(context: HandlerContext): BoundRoute[] {
	const { store, fleet, configWork } = context;
	return [
		bind(multipathRoutes.index, async () => below.map((name) => ({ name }))),
		bind(multipathRoutes.getConfig, async () => {
			const { config, document, overrides, problems } = await fleet.config();
			return {
				text: document.text,
				digest: document.digest,
				overrides: overrides.text,
				"overrides-digest": overrides.digest,
				defaults: config.defaults,
				luns: config.luns.map(lunEntry),
				problems: [...problems],
			};
		}),
		bind(multipathRoutes.putConfig, async ({ text, digest }, caller) => {
			const isSound = async (before: string) => {
				const gather = async () => ({ before, after: text, known: knownNames(await fleet.nodes()) });
				const { problems, dropped } = await configWork.do(caller, "check-config", gather);
				refuseErrors("multipath.cfg", problems);
				refuseDropped(dropped);
			};
			return await replaceDocument(context, "multipath.cfg", { text, isSound }, { caller, digest });
		}),
		bind(multipathRoutes.getDefaults, async () => {
			const { config, document } = await fleet.config();
			return { ...config.defaults, digest: document.digest };
		}),
		bind(multipathRoutes.putDefaults, async (parameters, caller) => {
			const change = {
				set: givenSettings("defaults", parameters),
				delete: splitList(parameters.delete ?? ""),
			};
			const edit = { caller, digest: parameters.digest };
			return await editDocument(context, "multipath.cfg", (text) => setDefaults(text, change), edit);
		}),
		bind(multipathRoutes.getOverrides, async () => {
			const { overrides } = await fleet.config();
			return { text: overrides.text, digest: overrides.digest };
		}),
		bind(multipathRoutes.putOverrides, async ({ text, digest }, caller) => {
			const problems = await configWork.do(caller, "lint-overrides", async () => ({ text }));
			refuseErrors("multipath-overrides.conf", problems);
			return await editDocument(context, "multipath-overrides.conf", () => text, { caller, digest });
		}),
		bind(multipathRoutes.preview, async ({ text, overrides }, caller) => {
			const { problems, nodes } = await configWork.do(caller, "preview", async () => {
				const stored = { ...(await fleet.documents()), nodes: await fleet.nodes() };
				return await previewInput(store, stored, {
					config: text ?? stored.document.text,
					overrides: overrides ?? stored.overrides.text,
				});
			});
			return {
				problems: [...problems],
				nodes: nodes.map(({ node, diff, findings }) => ({ node, diff, findings: [...findings] })),
			};
		}),
	];
}

function refuseDropped(dropped: readonly string[]): void {
	if (dropped.length === 0) return;
	throw new PathkeeperError("PARAMETER_INVALID", { fields: { text: droppedText(dropped) } });
}
