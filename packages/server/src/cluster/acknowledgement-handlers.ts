/** `/cluster/pathkeeper/acknowledgements`: findings that a person has decided to be no work for now. */
import { acknowledgementRoutes, isAcknowledgeable, PathkeeperError } from "@pathkeeper/model";
import { readAcknowledgements, removeAcknowledgement, writeAcknowledgement } from "@pathkeeper/store";
import type { HandlerContext } from "../context/handler-context.ts";
import { type BoundRoute, bind } from "../http/bind.ts";

/** Each text is a document and a record of its own. */
const mostTexts = 50;

export function acknowledgementHandlers({ store, fleet, runtime }: HandlerContext): BoundRoute[] {
	return [
		bind(acknowledgementRoutes.listAcknowledgements, async () => [...(await readAcknowledgements(store))]),
		bind(acknowledgementRoutes.acknowledge, async ({ code, node, subject, reason }, caller) => {
			const nodes = (await fleet.nodes()).filter((facts) => node === undefined || facts.node === node);
			if (node !== undefined && nodes.length === 0)
				throw new PathkeeperError("NOT_FOUND", { what: `node '${node}'` });
			const found = nodes.flatMap(({ head }) =>
				(head?.findings ?? []).filter(
					(finding) => finding.code === code && (subject === undefined || finding.subject === subject),
				),
			);
			if (found.length === 0) {
				const where = node === undefined ? "any node" : `node '${node}'`;
				const what = `a finding '${code}'${subject === undefined ? "" : ` about '${subject}'`} on ${where}`;
				throw new PathkeeperError("NOT_FOUND", { what });
			}
			if (!found.every(isAcknowledgeable))
				throw new PathkeeperError("PARAMETER_INVALID", {
					fields: {
						code: "it cannot be acknowledged, because it is not a lasting condition: the next occurrence would be hidden; it ends when its cause is fixed",
					},
				});
			const texts = Map.groupBy(found, (finding) => JSON.stringify([finding.subject, finding.text]));
			if (texts.size > mostTexts) {
				const [field, narrower] = node === undefined ? ["node", "a node"] : ["subject", "a subject"];
				throw new PathkeeperError("PARAMETER_INVALID", {
					fields: {
						[field]: `${texts.size} different texts are meant, and at most ${mostTexts} are acknowledged at once; name ${narrower}`,
					},
				});
			}
			const author = { by: caller.user, from: caller.from, at: runtime.now() };
			const ids: string[] = [];
			for (const [finding] of texts.values()) {
				if (finding === undefined) continue;
				const { subject: about, text } = finding;
				const acknowledged = { node: node ?? null, code, subject: about, text, reason };
				ids.push(await writeAcknowledgement(store, acknowledged, author));
			}
			return ids;
		}),
		bind(acknowledgementRoutes.withdrawAcknowledgement, async ({ id }, caller) => {
			await removeAcknowledgement(store, id, { by: caller.user, from: caller.from, at: runtime.now() });
			return null;
		}),
	];
}
