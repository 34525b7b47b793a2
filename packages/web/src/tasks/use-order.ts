import { taskRoutes } from "@pathkeeper/model";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { client } from "../api/client.ts";

const lookEveryMs = 300;

/**
 * Work on a node that the server answers only when its task has ended: while it does not, its task is looked for by the
 * reference that the call carries, so that it can be followed. Who may not see tasks just waits.
 */
export function useOrder<T>(node: string, call: (reference: string) => Promise<T>) {
	const [upid, setUpid] = useState<string | null>(null);
	const order = useMutation({
		mutationFn: async () => {
			setUpid(null);
			const reference = newReference();
			const answered = new AbortController();
			void look(node, reference, answered.signal).then((found) => {
				if (found !== null) setUpid(found);
			});
			try {
				return await call(reference);
			} finally {
				answered.abort();
			}
		},
	});
	const reset = () => {
		setUpid(null);
		order.reset();
	};
	return { ...order, upid, reset };
}

/** A text that no other call has, also of another tab. */
function newReference(): string {
	return Array.from(crypto.getRandomValues(new Uint32Array(4)), (number) => number.toString(36)).join("-");
}

/** UPID of the task that a call with this reference left; null when it left none, or it cannot be seen. */
async function look(node: string, reference: string, answered: AbortSignal): Promise<string | null> {
	for (;;) {
		// Asked before it is looked for: a task that the call left stands in the store when the call is answered.
		const isLast = answered.aborted;
		const found = await taskOf(node, reference);
		if (found !== null || isLast) return found;
		await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
	}
}

async function taskOf(node: string, reference: string): Promise<string | null> {
	try {
		const [task] = await client.call(taskRoutes.listTasks, { node, reference, limit: 1 });
		return task?.upid ?? null;
	} catch {
		return null;
	}
}
