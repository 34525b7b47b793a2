import { messageOf } from "@pathkeeper/model";
import { useQueries } from "@tanstack/react-query";
import { useFleet } from "../live/fleet-context.tsx";
import { nodeStoragesQuery } from "./storage-queries.ts";
import type { StorageReport } from "./storage-state.ts";

/** Each query is a task for the node: large fleets are asked less often, and the largest only on demand. */
function everyMs(nodes: number): number | false {
	if (nodes <= 8) return 15_000;
	return nodes <= 32 ? 60_000 : false;
}

/** What every node reports of its storages, and a way to ask all of them again. */
export function useStorageReports(): {
	/** Null until the nodes of the fleet are known. */
	readonly reports: readonly StorageReport[] | null;
	readonly refresh: () => void;
} {
	const { picture, isKnown } = useFleet();
	const answers = useQueries({
		queries: picture.nodes.map(({ node, online }) => ({
			...nodeStoragesQuery(node),
			enabled: online === 1,
			staleTime: 5_000,
			refetchInterval: everyMs(picture.nodes.length),
		})),
	});
	const reports = picture.nodes.map(({ node, online }, at): StorageReport => {
		const answer = answers[at];
		const error = answer?.error ?? null;
		return {
			node,
			isOnline: online === 1,
			storages: answer?.data,
			problem: error === null ? null : messageOf(error),
		};
	});
	return {
		reports: isKnown ? reports : null,
		refresh: () => answers.forEach((answer) => void answer.refetch()),
	};
}
