import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { realRuntime } from "../../src/runtime/real-runtime.ts";
import { followFleet } from "../../src/serve/follow-fleet.ts";
import { openStore } from "../../src/store/open-store.ts";

test("a report that takes all the time a thread has for it is no loop that stands still", async () => {
	const folder = mkdtempSync(join(tmpdir(), "pk-follow-"));
	const longest = new Map<string, number>();
	const store = await openStore({ kind: "embedded", path: join(folder, "store.db") }, realRuntime);
	{
		await using resources = new AsyncDisposableStack();
		resources.defer(() => store.close());
		const pulses = {
			loop: (name: string, longestMs: number) => {
				longest.set(name, longestMs);
				return { beat: () => undefined, rest: () => undefined };
			},
		};
		await followFleet(store, realRuntime, { logDays: 1, auditDays: 1 }, () => undefined, resources, pulses);
	}
	rmSync(folder, { recursive: true });
	// A minute to begin (heavy-worker.ts), half a minute to read (report-reader.ts).
	expect(longest.get("reading reports")).toBeGreaterThan(90_000);
});
