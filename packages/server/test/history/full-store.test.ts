import { PathkeeperError } from "@pathkeeper/model";
import { auditWrite, openEtcdStore } from "@pathkeeper/store";
import { expect, test, vi } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { defragmentAndDisarm } from "../../../store/test/etcd/bench.ts";
import { startEtcd } from "../../../store/test/etcd/etcd-process.ts";
import { LiveFleet } from "../../src/fleet/live-fleet.ts";
import { runHistory } from "../../src/history/history-writer.ts";

test("an etcd that is full is trimmed by a server that cannot even take the lock, and the log goes on when it has room", async () => {
	const etcd = await startEtcd("--quota-backend-bytes=16777216");
	const store = await openEtcdStore({ runtime: realRuntime, endpoints: [etcd.url] });
	const about = { by: "test", from: null, what: "test", subject: "", before: null, after: null };
	const old = Date.now() - 100 * 24 * 60 * 60_000;
	const codes = new Set<string>();
	const onFault = (error: unknown) =>
		codes.add(error instanceof PathkeeperError ? error.code : String(error));
	const live = new LiveFleet({ runtime: realRuntime, store, onFault });
	const stop = new AbortController();
	try {
		await store.txn({
			writes: [auditWrite({ ...about, at: old }, "x"), auditWrite({ ...about, at: Date.now() }, "y")],
		});
		const fill = async () => {
			const value = new Uint8Array(100_000).fill(120);
			for (let n = 0; ; n++) await store.txn({ writes: [{ op: "put", key: `fill/${n % 3}`, value }] });
		};
		await expect(fill()).rejects.toMatchObject({ code: "STORE_FULL" });
		const running = runHistory(
			{ runtime: realRuntime, store, live, holder: "test", lockMs: 1000, onFault },
			stop.signal,
		);
		const kept = async () => (await store.list("audit/")).entries.map(({ key }) => key.slice(-1));
		await vi.waitFor(async () => expect(await kept()).toEqual(["y"]), { timeout: 60_000, interval: 50 });
		expect([...codes]).toEqual(["STORE_FULL"]);
		// Nearly all of it was past: after the compaction by the server, the rest of the way is the administrator's.
		await vi.waitFor(
			async () => {
				await defragmentAndDisarm(etcd);
				expect(await store.get("history-watched")).not.toBeNull();
			},
			{ timeout: 60_000, interval: 200 },
		);
		expect((await store.space()).used).toBeLessThan(2_000_000);
		stop.abort();
		await running;
	} finally {
		stop.abort();
		await live.close();
		await store.close();
		await etcd.dispose();
	}
});
