import { PathkeeperError } from "@pathkeeper/model";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { pageRuntime } from "../runtime.ts";
import { orderedTaskQuery } from "./task-queries.ts";

/**
 * Work on a node that the server answers only when its task has ended. Until then the task is found by the reference
 * that the call carries, so that it can be followed. A user who may not see tasks asks once, and just waits.
 */
export function useOrder<T>(node: string, call: (reference: string) => Promise<T>) {
	const queries = useQueryClient();
	const [reference, setReference] = useState<string | null>(null);
	const order = useMutation({
		mutationFn: async () => {
			const own = newReference();
			setReference(own);
			try {
				return await call(own);
			} finally {
				// A task that the call created is in the store by now.
				void queries.invalidateQueries({ queryKey: orderedTaskQuery(node, own).queryKey });
			}
		},
	});
	const found = useQuery({
		...orderedTaskQuery(node, reference ?? ""),
		enabled: reference !== null,
		refetchInterval: ({ state }) =>
			order.isPending && !state.data && !isDenied(state.error) ? pollMs : false,
	});
	const reset = () => {
		setReference(null);
		order.reset();
	};
	return { ...order, upid: found.data ?? null, reset };
}

const pollMs = 300;

function isDenied(error: unknown): boolean {
	return error instanceof PathkeeperError && error.fault === "denied";
}

/** A text that no other call has, in no tab. */
function newReference(): string {
	return Array.from(pageRuntime.bytes(16), (byte) => byte.toString(36).padStart(2, "0")).join("");
}
