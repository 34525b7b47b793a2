import { messageOf } from "@pathkeeper/model";
import { useQueries } from "@tanstack/react-query";
import { useFleet } from "../live/fleet-context.tsx";
import type { NodeSaid } from "./standing.ts";
import { nodeStoragesQuery } from "./storage-queries.ts";

/** Each question is a task for the node, so that large fleets are asked less often, and the largest on demand. */
function everyMs(nodes: number): number | false {
	if (nodes <= 8) return 15_000;
	return nodes <= 32 ? 60_000 : false;
}

/** What every node says of its storages, with a way to ask all of them again. Null until it is known which there are. */
export function useSaid(): { readonly said: readonly NodeSaid[] | null; readonly askAgain: () => void } {
	const { picture, isKnown } = useFleet();
	const answers = useQueries({
		queries: picture.nodes.map(({ node, online }) => ({
			...nodeStoragesQuery(node),
			enabled: online === 1,
			staleTime: 5_000,
			refetchInterval: everyMs(picture.nodes.length),
		})),
	});
	const said = picture.nodes.map(({ node, online }, at): NodeSaid => {
		const answer = answers[at];
		const error = answer?.error ?? null;
		return {
			node,
			isOnline: online === 1,
			storages: answer?.data,
			problem: error === null ? null : messageOf(error),
		};
	});
	return { said: isKnown ? said : null, askAgain: () => answers.forEach((answer) => void answer.refetch()) };
}
