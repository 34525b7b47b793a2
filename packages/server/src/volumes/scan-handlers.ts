/** `/nodes/N/scan`: what storages can be made of on a node. Agents look, as tasks. */
import { PathkeeperError, parsePortal, portalText, storageRoutes } from "@pathkeeper/model";
import type { HandlerContext } from "../context/handler-context.ts";
import { type BoundRoute, bind } from "../http/bind.ts";
import { question } from "../tasks/ask-node.ts";

export function scanHandlers(context: HandlerContext): BoundRoute[] {
	return [
		bind(storageRoutes.scanLvm, async ({ node }, caller) => {
			const groups = await question(context, "scanLvm", { node, argument: {}, caller });
			return groups.map(({ name, sizeBytes, freeBytes, volumes }) => ({
				vg: name,
				size: sizeBytes,
				free: freeBytes,
				lvcount: volumes,
			}));
		}),
		bind(storageRoutes.scanIscsi, async ({ node, portal }, caller) => {
			const parsed = parsePortal(portal);
			if (parsed === null) {
				const fields = { portal: `invalid format - '${portal.slice(0, 80)}' is not HOST or HOST:PORT` };
				throw new PathkeeperError("PARAMETER_INVALID", { fields });
			}
			const argument = { portal: portalText(parsed) };
			const found = await question(context, "scanIscsi", { node, argument, caller });
			const targets = Map.groupBy(found, ({ target }) => target);
			return [...targets].map(([target, places]) => ({
				target,
				portal: places.map((place) => place.portal).join(","),
			}));
		}),
	];
}
