import assert from "node:assert/strict";
import { type Check, configure, idle, maps, refusal, since, until } from "./contract-host.ts";

/** What the configuration, the wwids file and reconfigure do to maps. */
export const configChecks: readonly Check[] = [
	{
		name: "strict assembles nothing that the wwids file does not list",
		run: async (host) => {
			const [first, second] = host.luns;
			await configure(host, { listed: [second.wwid] });
			assert.deepEqual(await maps(host, "%w"), [second.wwid]);
			await configure(host, { listed: [first.wwid] });
			assert.deepEqual(await maps(host, "%w"), [first.wwid]);
		},
	},
	{
		name: "off assembles all that is allowed and lists it",
		run: async (host) => {
			const [first, second] = host.luns;
			await configure(host, { listed: [], defaults: ["find_multipaths off"] });
			assert.equal((await maps(host, "%w")).length, 2);
			const listed = (await host.readFile("/etc/multipath/wwids")) ?? "";
			for (const { wwid } of [first, second]) assert.ok(listed.includes(`\n/${wwid}/\n`), listed);
		},
	},
	{
		name: "add map builds the map under strict and lists the WWID, unless a rule forbids it",
		run: async (host) => {
			const [first, second] = host.luns;
			await configure(host, { allowed: [first.wwid], listed: [] });
			assert.equal(await host.command("show maps"), "ok\n");
			assert.equal(await host.command(`add map ${second.wwid}`), "blacklisted\n");
			assert.equal(await host.command(`add map ${first.wwid}`), "ok\n");
			assert.deepEqual(await maps(host, "%n|%N"), [`${first.wwid}|2`]);
			assert.ok((await host.readFile("/etc/multipath/wwids"))?.includes(`\n/${first.wwid}/\n`));
		},
	},
	{
		name: "multipath -a lists a WWID, silently not a forbidden one, and -w takes it out; maps follow at reconfigure",
		run: async (host) => {
			const [first, second] = host.luns;
			await configure(host, { allowed: [first.wwid], listed: [] });
			assert.equal((await host.runMultipath(["-a", second.wwid])).code, 1);
			const added = await host.runMultipath(["-a", first.wwid]);
			assert.equal(added.code, 0);
			assert.equal(added.stdout, `wwid '${first.wwid}' added\n`);
			const listed = (await host.readFile("/etc/multipath/wwids")) ?? "";
			assert.ok(listed.includes(`\n/${first.wwid}/\n`) && !listed.includes(second.wwid), listed);
			assert.equal(await host.command("show maps"), "ok\n");
			await host.command("reconfigure");
			await until("the map is there", async () => (await maps(host, "%w")).includes(first.wwid));
			await idle(host);

			const removed = await host.runMultipath(["-w", first.wwid]);
			assert.deepEqual([removed.code, removed.stdout], [0, `wwid '${first.wwid}' removed\n`]);
			assert.ok((await host.readFile("/etc/multipath/wwids"))?.includes(`\n#${first.wwid}/\n`));
			assert.deepEqual(await maps(host, "%w"), [first.wwid]);
			await host.command("reconfigure");
			await until("the map is gone", async () => (await host.command("show maps")) === "ok\n");
			assert.equal((await host.runMultipath(["-w", first.wwid])).code, 0);
		},
	},
	{
		name: "an idle map that is not allowed any more is removed",
		run: async (host) => {
			const [first, second] = host.luns;
			await configure(host);
			assert.equal((await maps(host, "%w")).length, 2);
			await configure(host, { allowed: [second.wwid] });
			assert.deepEqual(await maps(host, "%w"), [second.wwid]);
			assert.equal(await host.kernelPaths(first.wwid), null);
		},
	},
	{
		name: "an open map that is not allowed any more loses its paths: the daemon's, and since 0.12 the kernel's",
		run: async (host) => {
			const [first, second] = host.luns;
			const queue = { [first.wwid]: ["no_path_retry queue"] };
			await configure(host, { maps: queue });
			const release = await host.hold(first.wwid);
			await configure(host, { allowed: [second.wwid] });
			const empties = since(host, "0.12.0");
			await until("the daemon knows no path of it", async () =>
				(await maps(host, "%w|%N|%Q|%f")).includes(
					empties ? `${first.wwid}|0|off|0` : `${first.wwid}|0|-|1 queue_if_no_path`,
				),
			);
			// Seen of 0.15.1: for a moment it counts no path and still lists the old groups, their paths unchecked.
			await until("it lists no group of paths", async () =>
				(await host.command(`show map ${first.wwid} json`)).includes('"path_groups": []'),
			);
			const left = empties ? 0 : 2;
			await until("so does the kernel", async () => (await host.kernelPaths(first.wwid)) === left);

			await configure(host, { maps: queue });
			await until("it is whole again", async () =>
				(await maps(host, "%w|%N|%Q|%f")).includes(`${first.wwid}|2|on|1 queue_if_no_path`),
			);
			assert.equal(await host.kernelPaths(first.wwid), 2);
			await release();
		},
	},
	{
		name: "an open map that only the wwids file does not list any more keeps its paths and is listed again, but loses its settings",
		run: async (host) => {
			const [first] = host.luns;
			await configure(host, { maps: { [first.wwid]: ["no_path_retry queue"] } });
			const release = await host.hold(first.wwid);
			await configure(host, { maps: { [first.wwid]: ["no_path_retry queue"] }, listed: [] });
			const unset = since(host, "0.12.0") ? "off|0" : "-|1 queue_if_no_path";
			await until("it has no settings", async () =>
				(await maps(host, "%w|%N|%Q|%f")).includes(`${first.wwid}|2|${unset}`),
			);
			assert.equal(await host.kernelPaths(first.wwid), 2);
			assert.ok((await host.readFile("/etc/multipath/wwids"))?.includes(`\n/${first.wwid}/\n`));
			assert.equal(await host.command("reconfigure"), "ok\n");
			await until("it has its settings again, as it is listed now", async () =>
				(await maps(host, "%w|%N|%Q|%f")).includes(`${first.wwid}|2|on|1 queue_if_no_path`),
			);
			await release();
		},
	},
	{
		name: "a new alias renames a map in place, even an open one",
		run: async (host) => {
			const [lun] = host.luns;
			const named = (alias: string) =>
				configure(host, { allowed: [lun.wwid], maps: { [lun.wwid]: [`alias ${alias}`] } });
			await named("one");
			const [dm = ""] = await maps(host, "%d");
			const release = await host.hold(lun.wwid);
			await named("two");
			assert.deepEqual(await maps(host, "%n|%w|%d"), [`two|${lun.wwid}|${dm}`]);
			await release();
		},
	},
	{
		name: "of two LUNs with one alias the first keeps it, the other is named by its WWID",
		run: async (host) => {
			const [first, second] = [...host.luns].sort((a, b) => (a.wwid < b.wwid ? -1 : 1));
			assert.ok(first !== undefined && second !== undefined);
			await configure(host, { maps: { [first.wwid]: ["alias same"], [second.wwid]: ["alias same"] } });
			assert.deepEqual(
				new Set(await maps(host, "%n|%w")),
				new Set([`same|${first.wwid}`, `${second.wwid}|${second.wwid}`]),
			);
		},
	},
	{
		name: "a mistake in a drop-in costs its line and nothing else",
		run: async (host) => {
			const [lun] = host.luns;
			await configure(host, {
				allowed: [lun.wwid],
				extra: 'blacklist {\nwwid "["\n}\nno_such_section {\n}\n',
				defaults: ["no_path_retry sometimes", "fast_io_fail_tmo 7"],
			});
			assert.deepEqual(await maps(host, "%w|%Q"), [`${lun.wwid}|-`]);
			assert.ok((await host.command("show config local")).includes("\tfast_io_fail_tmo 7\n"));
		},
	},
	{
		name: "del map refuses a map in use and changes nothing; an idle one goes and its paths are orphans",
		run: async (host) => {
			const [lun] = host.luns;
			await configure(host, { allowed: [lun.wwid] });
			const release = await host.hold(lun.wwid);
			assert.equal(await host.command(`del map ${lun.wwid}`), refusal(host, "map or partition in use\n"));
			assert.deepEqual(await maps(host, "%w|%N"), [`${lun.wwid}|2`]);
			assert.equal(await host.kernelPaths(lun.wwid), 2);
			await release();
			await until("del map is taken", async () => (await host.command(`del map ${lun.wwid}`)) === "ok\n");
			assert.equal(await host.command("show maps"), "ok\n");
			assert.equal(await host.kernelPaths(lun.wwid), null);
			assert.match(await host.command("show paths"), /undef +undef +unknown orphan/);
			assert.equal(await host.command(`del map ${lun.wwid}`), refusal(host, "device not found\n"));
		},
	},
	{
		name: "reconfigure all loads every table anew, reconfigure only what differs",
		run: async (host) => {
			const [lun] = host.luns;
			await until("a reconfigure that changes nothing loads no table", async () => {
				await configure(host, { allowed: [lun.wwid] });
				return (await maps(host, "%2"))[0] === "0";
			});
			assert.equal(await host.command("reconfigure all"), "ok\n");
			await until("the table was loaded", async () => (await maps(host, "%2"))[0] === "1");
		},
	},
];
