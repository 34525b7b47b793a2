import { taskRoutes } from "@pathkeeper/model";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { client } from "../api/client.ts";
import { useSession } from "../session/use-session.ts";

const lookEveryMs = 300;
const most = 20;

/**
 * Work on a node that the server answers only when its task has ended: while it does not, the task is looked for, so
 * that it can be followed. It is the one of that type that was not there before. Who may not see tasks just waits.
 */
export function useOrder<T>(node: string, type: string, call: () => Promise<T>) {
	const user = useSession()?.user ?? "";
	const [upid, setUpid] = useState<string | null>(null);
	const order = useMutation({
		mutationFn: async () => {
			setUpid(null);
			const before = await tasksOf(node, type, user);
			const answered = new AbortController();
			if (before !== null) void look(node, type, user, new Set(before), answered.signal).then(setUpid);
			try {
				return await call();
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

async function look(
	node: string,
	type: string,
	user: string,
	before: ReadonlySet<string>,
	answered: AbortSignal,
): Promise<string | null> {
	for (;;) {
		const found = (await tasksOf(node, type, user))?.find((upid) => !before.has(upid));
		if (found !== undefined) return found;
		if (answered.aborted) return null;
		await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
	}
}

/** Names of somebody's last tasks of a type; null when they cannot be read. */
async function tasksOf(node: string, typefilter: string, user: string): Promise<readonly string[] | null> {
	try {
		const tasks = await client.call(taskRoutes.listTasks, {
			node,
			typefilter,
			userfilter: user,
			limit: most,
		});
		return tasks.filter((task) => task.user === user).map(({ upid }) => upid);
	} catch {
		return null;
	}
}
