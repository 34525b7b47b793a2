import { formatUpid, type Store } from "@pathkeeper/store";

let number = 0;

/** Leaves a task for n1 as another version may write it: of any type, with any argument. Gives its UPID. */
export async function rawTask(store: Store, type: string, argument: unknown): Promise<string> {
	const at = Date.now();
	const name = { node: "n1", pid: 9, pstart: ++number, startedAtS: Math.floor(at / 1000), type, id: "" };
	const upid = formatUpid({ ...name, user: "root@pam" });
	const task = {
		upid,
		node: "n1",
		type,
		id: "",
		user: "root@pam",
		startedAt: at,
		takeBefore: at + 10_000,
		state: "waiting",
		claimedBy: null,
		exitStatus: null,
		endedAt: null,
		argument,
	};
	const value = new TextEncoder().encode(JSON.stringify(task));
	await store.txn({ writes: [{ op: "put", key: `task/n1/${upid}`, value }] });
	return upid;
}
