import type { Picture } from "@pathkeeper/model";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { lunQuery } from "../api/queries.ts";
import { pageRuntime } from "../runtime.ts";

/** The reasons of a row that keeps changing are not asked for more often than this. */
const pauseMs = 1_000;

/**
 * The reasons of a LUN, asked for again whenever its row in the picture changes. Each row asks in a task of its own: a
 * list of them that changes all at once would block the page.
 */
export function useLunReasons(wwid: string, sign: string) {
	const queries = useQueryClient();
	const asked = useRef({ sign, at: Number.NEGATIVE_INFINITY });
	useEffect(() => {
		if (asked.current.sign === sign) return;
		const ask = () => {
			asked.current = { sign, at: pageRuntime.monotonic() };
			void queries.invalidateQueries({ queryKey: ["lun", wwid] });
		};
		return pageRuntime.schedule(Math.max(0, asked.current.at + pauseMs - pageRuntime.monotonic()), ask);
	}, [queries, wwid, sign]);
	return useQuery({ ...lunQuery(wwid), refetchInterval: 15_000 });
}

/** Changes whenever anything in the row of a LUN does. */
export function rowSign({ states, counts, nodes }: Picture, at: number): string {
	const [from, to] = [at * nodes.length, (at + 1) * nodes.length];
	const usable = counts?.usable.subarray(from, to).join() ?? "";
	return `${states.subarray(from, to).join()} ${usable}`;
}
