import { exitCode, multipathRoutes } from "@pathkeeper/model";
import type { Session } from "../session.ts";
import type { Fleet } from "./fleet-answers.ts";
import { statusText } from "./status-text.ts";

/** `pathkeeper status`: the fleet at a glance. Gives the exit code. */
export async function status({ client, output }: Session): Promise<number> {
	const fleet = await client.call(multipathRoutes.getStatus, {});
	output.document(fleet, () => statusText(fleet, output));
	return exitCodeOf(fleet);
}

/** What is not known is not healthy: a fleet of no node, and one with a node that is silent. */
function exitCodeOf({ luns, nodes }: Fleet): number {
	const daemons = nodes.map(({ online, multipathd }) =>
		online === 1 && multipathd.state === "running" ? ("ok" as const) : ("silent" as const),
	);
	const states = luns.map(({ state }) => state);
	return exitCode(states, nodes.length === 0 ? ["silent"] : daemons);
}
