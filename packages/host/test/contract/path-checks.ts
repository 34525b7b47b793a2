import assert from "node:assert/strict";
import { type Check, type ContractHost, configure, maps, refusal, rows, until } from "./contract-host.ts";

/** What becomes of paths, and of maps without them. */
export const pathChecks: readonly Check[] = [
	{
		name: "a path that goes offline is faulty and failed, and comes back by itself",
		run: async (host) => {
			const [lun] = host.luns;
			const [dev] = lun.paths;
			await configure(host, { allowed: [lun.wwid] });
			await host.offline(dev);
			await until("it is failed", async () => (await stateOf(host, dev)) === "failed|faulty|offline");
			await until("its map counts the fault", async () => (await maps(host, "%N|%0"))[0] === "1|1");
			await host.online(dev);
			await until("it is back", async () => (await stateOf(host, dev)) === "active|ready|running");
			await until("its map has two paths", async () => (await maps(host, "%N|%0"))[0] === "2|1");
		},
	},
	{
		name: "without a path a map queues as long as it may, then errors, and queues again when a path is back",
		run: async (host) => {
			const [lun] = host.luns;
			await configure(host, { allowed: [lun.wwid], maps: { [lun.wwid]: ["no_path_retry 3"] } });
			const state = async () => (await maps(host, "%N|%Q|%f"))[0] ?? "";
			assert.equal(await state(), "2|3 chk|1 queue_if_no_path");
			for (const dev of lun.paths) await host.offline(dev);
			await until("it counts down", async () => /^0\|[123] sec\|1 queue_if_no_path$/.test(await state()));
			await until("it has given up", async () => (await state()) === "0|off|0");
			// The daemon counts its own rounds, and a slow one makes several seconds of one.
			const [queued = 0, timeouts] = ((await maps(host, "%3|%4"))[0] ?? "").split("|").map(Number);
			assert.ok(queued >= 4, `${queued} s of queueing`);
			assert.equal(timeouts, 1);
			for (const dev of lun.paths) await host.online(dev);
			await until("it is whole", async () => (await state()) === "2|3 chk|1 queue_if_no_path");
		},
	},
	{
		name: "a map that queues for ever says on, and disablequeueing ends it until restorequeueing",
		run: async (host) => {
			const [lun] = host.luns;
			await configure(host, { allowed: [lun.wwid], maps: { [lun.wwid]: ["no_path_retry queue"] } });
			const state = async () => (await maps(host, "%Q|%f"))[0] ?? "";
			const becomes = (wanted: string) => until(wanted, async () => (await state()) === wanted);
			await becomes("on|1 queue_if_no_path");
			assert.equal(await host.command(`disablequeueing map ${lun.wwid}`), "ok\n");
			await becomes("off|0");
			assert.equal(await host.command(`restorequeueing map ${lun.wwid}`), "ok\n");
			await becomes("on|1 queue_if_no_path");
		},
	},
	{
		name: "fail path holds a path failed until reinstate path",
		run: async (host) => {
			const [lun] = host.luns;
			const [dev] = lun.paths;
			await configure(host, { allowed: [lun.wwid] });
			// Soon after a reconfigure, 0.15.1 was seen to look at its paths anew and to mend this one: let it be over.
			await host.pause(4);
			assert.equal(await host.command(`fail path ${dev}`), "ok\n");
			// The answer comes before the kernel's event, which brings the state.
			await until("it is failed", async () => (await stateOf(host, dev)) === "failed|faulty|running");
			await host.pause(3);
			assert.equal(await stateOf(host, dev), "failed|faulty|running");
			assert.equal(await host.command(`reinstate path ${dev}`), "ok\n");
			await until("it is back", async () => (await stateOf(host, dev)) === "active|ready|running");
			assert.equal(await host.command("fail path nosuch"), refusal(host, "device not found\n"));
		},
	},
	{
		name: "del path takes a path out of its map, add path brings it back",
		run: async (host) => {
			const [lun] = host.luns;
			const [dev] = lun.paths;
			await configure(host, { allowed: [lun.wwid] });
			assert.equal(await host.command(`del path ${dev}`), "ok\n");
			await until("one is left", async () => (await maps(host, "%N"))[0] === "1");
			assert.equal(await host.kernelPaths(lun.wwid), 1);
			assert.equal(await host.command(`add path ${dev}`), "ok\n");
			await until("both are there", async () => (await maps(host, "%N"))[0] === "2");
			assert.equal(await host.kernelPaths(lun.wwid), 2);
			assert.equal(await host.command("add path nosuch"), "blacklisted\n");
			assert.equal(await host.command("del path nosuch"), refusal(host, "device not found\n"));
		},
	},
	{
		name: "a suspended map says so until it is resumed",
		run: async (host) => {
			const [lun] = host.luns;
			await configure(host, { allowed: [lun.wwid] });
			assert.equal(await host.command(`suspend map ${lun.wwid}`), "ok\n");
			assert.deepEqual(await maps(host, "%t"), ["suspend"]);
			assert.equal(await host.command(`resume map ${lun.wwid}`), "ok\n");
			assert.deepEqual(await maps(host, "%t"), ["active"]);
		},
	},
	{
		name: "changing commands answer ok, also when there is nothing to change",
		run: async (host) => {
			const [lun] = host.luns;
			await configure(host, { allowed: [lun.wwid] });
			for (const command of [
				`resize map ${lun.wwid}`,
				`reload map ${lun.wwid}`,
				`switch map ${lun.wwid} group 1`,
				"reset maps stats",
				`reset map ${lun.wwid} stats`,
				"forcequeueing daemon",
				"restorequeueing daemon",
			])
				assert.equal(await host.command(command), "ok\n", command);
			assert.equal(await host.command(`switch map ${lun.wwid} group 9`), "fail\n");
			assert.equal(await host.command("resize map nosuch"), refusal(host, "device not found\n"));
		},
	},
];

/** `dm_st|chk_st|dev_st` of a path. */
async function stateOf(host: ContractHost, dev: string): Promise<string | undefined> {
	const all = await rows(host, 'show paths raw format "%d|%t|%T|%o"');
	return all
		.find((row) => row[0] === dev)
		?.slice(1)
		.join("|");
}
