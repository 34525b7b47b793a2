import { clusterRoutes, type ResultOf } from "@pathkeeper/model";
import { counted, shown } from "../output/words.ts";
import type { Session } from "../session.ts";

export interface RemoveOptions {
	readonly yes: boolean;
	/** Name of the node again. */
	readonly confirm?: string;
}

type Removal = ResultOf<typeof clusterRoutes.getNodeRemoval>;

const mostNamed = 20;

/**
 * `node remove NODE`: takes a node out of the fleet whose host is gone. Shows what was in use there when it was last
 * heard, and asks where somebody can answer; where anything was, the name is to be given again. Gives the exit code.
 */
export async function removeNode(session: Session, node: string, options: RemoveOptions): Promise<number> {
	const { client, output, io } = session;
	const removal = await client.call(clusterRoutes.getNodeRemoval, { node });
	// Whether it is alive, or used, the server says again: here it is only shown.
	if (io.canAsk && !options.yes && removal.online !== 1) {
		for (const line of usesText(removal)) output.note(line);
		if (!(await io.confirm(question(removal, options.confirm !== undefined)))) {
			output.note("Nothing was changed.");
			return 1;
		}
	}
	const confirm = options.confirm === undefined ? {} : { confirm: options.confirm };
	const result = await client.call(clusterRoutes.removeNode, { node, ...confirm });
	output.document(result, () =>
		[
			output.lines(
				`Node ${shown(node)} is removed from the fleet. If its agent starts again, it joins as new.`,
			),
			...result.named.map((name) =>
				output.lines(`${shown(name)} still names it among its nodes.`, "  - ", "    "),
			),
		].join(""),
	);
	return 0;
}

function usesText({ node, uses }: Removal): string[] {
	if (uses.length === 0) return [];
	const rest = uses.length - mostNamed;
	return [
		`When ${shown(node)} was last heard, there was in use:`,
		...uses.slice(0, mostNamed).map((use) => `  - ${shown(use)}`),
		...(rest > 0 ? [`  - and ${counted(rest, "more")}`] : []),
		"If the host is only cut off, it still uses that, and will no longer be asked.",
	];
}

function question({ node, uses }: Removal, isConfirmed: boolean): string {
	const needs = uses.length > 0 && !isConfirmed ? " (it will be refused without --confirm and the name)" : "";
	return `Remove node ${shown(node)} from the fleet? Is its host off for good?${needs}`;
}
