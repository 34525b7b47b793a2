import {
	createToken,
	createUser,
	deleteToken,
	deleteUser,
	editAcl,
	readLog,
	type Store,
	updateUser,
	writeConfig,
} from "@pathkeeper/store";
import { afterEach, expect, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { LiveFleet } from "../../src/fleet/live-fleet.ts";
import { runHistory } from "../../src/history/history-writer.ts";
import { eventually, ReportedFleet } from "../reported-fleet.ts";

const faults: unknown[] = [];
const onFault = (error: unknown) => faults.push(error);
afterEach(() => expect(faults.splice(0)).toEqual([]));

class Writer implements AsyncDisposable {
	readonly live: LiveFleet;
	readonly #stop = new AbortController();
	readonly #ended: Promise<void>;

	constructor(store: Store) {
		this.live = new LiveFleet({ runtime: realRuntime, store, onFault, gatherMs: 5 });
		const options = {
			runtime: realRuntime,
			store,
			live: this.live,
			holder: "a",
			windowMs: 50,
			graceMs: 100,
			lockMs: 1000,
			onFault,
		};
		this.#ended = runHistory(options, this.#stop.signal);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#stop.abort();
		await this.#ended;
		await this.live.close();
	}
}

async function begun(store: Store): Promise<void> {
	await eventually("the log is kept", async () => (await store.get("history-memory")) !== null);
}

async function told(store: Store, count: number) {
	return await eventually(`${count} changes of access are told`, async () => {
		const { entries } = await readLog(store, {
			since: 0,
			until: Date.now() + 1000,
			kind: "access",
			limit: 100,
		});
		return entries.length >= count && entries.toReversed();
	});
}

const edit = () => ({ by: "root@local", from: "192.0.2.7", at: Date.now(), random: realRuntime });
const grant = { path: "/nodes", subject: "eve@local", role: "Operator", propagate: true } as const;

async function changeAll(store: Store): Promise<void> {
	await createUser(store, { id: "eve@local", passwordHash: null }, edit());
	await editAcl(store, "/nodes +Operator eve@local", (acl) => [...acl, grant], edit());
	await createToken(store, "eve@local", "tool", {}, edit());
	await deleteToken(store, "eve@local", "tool", edit());
	await updateUser(store, "eve@local", { enabled: false }, edit());
	await deleteUser(store, "eve@local", edit());
}

const sentences = [
	"root@local added user eve@local",
	"root@local gave eve@local the role Operator on /nodes and below",
	"root@local added token eve@local!tool: expires never, with rights of its own",
	"root@local removed token eve@local!tool",
	"root@local changed user eve@local: disabled",
	"root@local removed user eve@local",
	"root@local took the role Operator on /nodes and below from eve@local",
];

test("changes of users, tokens and roles are told once each, with who made them from where", async () => {
	await using fleet = await ReportedFleet.start({ nodes: 1, luns: 1, paths: 2 });
	await createUser(fleet.store, { id: "before@local", passwordHash: null }, edit());
	await using _writer = new Writer(fleet.store);
	await begun(fleet.store);
	await changeAll(fleet.store);
	const entries = await told(fleet.store, sentences.length);
	expect(entries.map(({ text }) => text).sort()).toEqual(sentences.toSorted());
	for (const entry of entries)
		expect(entry).toMatchObject({ kind: "access", by: "root@local", from: "192.0.2.7", severity: "info" });
});

test("what changed while nobody watched is told afterwards, and what was told is not told again", async () => {
	await using fleet = await ReportedFleet.start({ nodes: 1, luns: 1, paths: 2 });
	{
		await using _writer = new Writer(fleet.store);
		await begun(fleet.store);
		await createUser(fleet.store, { id: "first@local", passwordHash: null }, edit());
		await told(fleet.store, 1);
	}
	await writeConfig(fleet.store, "storage.cfg", "dir: a\n\tpath /srv/a\n", edit());
	await changeAll(fleet.store);
	{
		await using _writer = new Writer(fleet.store);
		await told(fleet.store, 1 + sentences.length);
	}
	await using _writer = new Writer(fleet.store);
	await createUser(fleet.store, { id: "last@local", passwordHash: null }, edit());
	const entries = await told(fleet.store, 2 + sentences.length);
	const all = ["root@local added user first@local", ...sentences, "root@local added user last@local"];
	expect(entries.map(({ text }) => text).sort()).toEqual(all.sort());
});

test("what was told is not told again in a copy of the store, whose revisions are others", async () => {
	await using fleet = await ReportedFleet.start({ nodes: 1, luns: 1, paths: 2 });
	const { store } = fleet;
	{
		await using _writer = new Writer(store);
		await begun(store);
		await changeAll(store);
		await told(store, sentences.length);
	}
	for (const { key, value } of (await store.list("audit/")).entries)
		await store.txn({ writes: [{ op: "put", key, value }] });
	// Told first, so that no entry stands where the same one stood.
	await writeConfig(store, "storage.cfg", "dir: a\n\tpath /srv/a\n", edit());
	await using _writer = new Writer(store);
	await createUser(store, { id: "last@local", passwordHash: null }, edit());
	const entries = await eventually("the change is told", async () => {
		const all = await told(store, 1 + sentences.length);
		return all.some(({ text }) => text.includes("last@local")) && all;
	});
	expect(entries).toHaveLength(1 + sentences.length);
});
