import assert from "node:assert/strict";
import { type Check, configure, maps, refusal, rows, since } from "./contract-host.ts";

/** What is listed, in which words, and that the ways to ask agree. */
export const listingChecks: readonly Check[] = [
	{
		name: "show daemon names a process and what it does",
		run: async (host) => {
			await configure(host);
			assert.match(await host.command("show daemon"), /^pid \d+ (idle|running)\n$/);
		},
	},
	{
		name: "nothing to list is answered with ok, in JSON with an empty list",
		run: async (host) => {
			await configure(host, { allowed: [] });
			for (const command of ["show maps", "show topology", "show maps status", 'show maps raw format "%n"'])
				assert.equal(await host.command(command), "ok\n", command);
			assert.equal(
				await host.command("show maps json"),
				'{\n   "major_version": 0,\n   "minor_version": 1,\n   "maps": []\n}\n',
			);
		},
	},
	{
		name: "JSON, rows, table and topology tell the same maps and paths",
		run: async (host) => {
			await configure(host, { maps: { [host.luns[0].wwid]: ["alias contract"] } });
			const document: unknown = JSON.parse(await host.command("show maps json"));
			const said = JSON.stringify(document);
			const topology = await host.command("show topology");
			const table = await host.command("show maps");
			for (const [name, wwid, dm] of await rows(host, 'show maps raw format "%n|%w|%d"')) {
				assert.ok(said.includes(`"name":"${name}","uuid":"${wwid}","sysfs":"${dm}"`));
				assert.ok(topology.includes(name === wwid ? `${name} ${dm} ` : `${name} (${wwid}) ${dm} `));
				assert.match(table, new RegExp(`^${name} +${dm} +${wwid} *$`, "m"));
			}
			const paths = await rows(host, 'show paths raw format "%i|%d|%D|%t|%T|%o"');
			assert.equal(paths.length, 4);
			for (const [hctl, dev, devT, dm, checker, state] of paths) {
				assert.ok(said.includes(`{"dev":"${dev}","dev_t":"${devT}","dm_st":"${dm}","dev_st":"${state}"`));
				assert.match(topology, new RegExp(`- ${hctl} +${dev} +${devT} +${dm} +${checker} +${state}`));
			}
		},
	},
	{
		name: "the document of one map is its part of the document of all",
		run: async (host) => {
			const [lun] = host.luns;
			await configure(host, { allowed: [lun.wwid] });
			const one = await host.command(`show map ${lun.wwid} json`);
			const all = await host.command("show maps json");
			assert.equal(one.replace('"map":{', '"maps": [{').replace(/\}\n\}\n$/, "}]\n}\n"), all);
		},
	},
	{
		name: "a map answers to its alias and dm name, and since 0.9.9 to its WWID",
		run: async (host) => {
			const [lun] = host.luns;
			await configure(host, { allowed: [lun.wwid], maps: { [lun.wwid]: ["alias contract"] } });
			const [dm = ""] = await maps(host, "%d");
			const name = (word: string) => host.command(`show map ${word} raw format "%n"`);
			for (const word of ["contract", '"contract"', dm, `/dev/${dm}`])
				assert.equal(await name(word), "contract\n");
			const unknown = refusal(host, "device not found\n");
			assert.equal(await name(lun.wwid), since(host, "0.9.9") ? "contract\n" : unknown);
			for (const word of ["nosuch", "253:0", "/dev/mapper/contract"]) assert.equal(await name(word), unknown);
		},
	},
	{
		name: "a path answers to its kernel name and device number",
		run: async (host) => {
			await configure(host);
			const [dev] = host.luns[0].paths;
			const [number = ""] = (await rows(host, 'show paths raw format "%d|%D"'))
				.filter((row) => row[0] === dev)
				.map((row) => row[1]);
			assert.equal(await host.command(`show path ${dev}`), "running\n");
			assert.equal(await host.command(`show path /dev/${dev}`), "running\n");
			if (since(host, "0.9.8")) assert.equal(await host.command(`show path ${number}`), "running\n");
			assert.equal(await host.command("show path nosuch"), refusal(host, "device not found\n"));
		},
	},
	{
		name: "unknown wildcards print nothing, text is copied",
		run: async (host) => {
			const [lun] = host.luns;
			await configure(host, { allowed: [lun.wwid] });
			assert.equal(await host.command('show maps raw format "<%n|%Z|%%>"'), `<${lun.wwid}||>\n`);
			assert.equal(await host.command(`show map ${lun.wwid} format %n`), `${lun.wwid}\n`);
		},
	},
	{
		name: "tables are as wide as their widest cell and head",
		run: async (host) => {
			const [lun] = host.luns;
			await configure(host, { allowed: [lun.wwid] });
			const [head = "", ...lines] = (await host.command("show maps")).trimEnd().split("\n");
			assert.match(head, /^name +sysfs uuid/);
			const [line = ""] = lines;
			assert.equal(line.indexOf("dm-"), head.indexOf("sysfs"));
			assert.equal(line.lastIndexOf(lun.wwid), head.indexOf("uuid"));
		},
	},
	{
		name: "show status counts the paths by the checker's word",
		run: async (host) => {
			await configure(host);
			assert.match(
				await host.command("show status"),
				/^path checker states:\nup {18}4\n\npaths: 4\nbusy: False\n$/,
			);
		},
	},
	{
		name: "the effective configuration has a block for every map",
		run: async (host) => {
			const [first, second] = host.luns;
			await configure(host, { maps: { [first.wwid]: ["alias contract", "no_path_retry 4"] } });
			const text = await host.command("show config local");
			assert.match(text, /^defaults \{\n/);
			assert.match(text, /\n\tpolling_interval 1\n/);
			assert.ok(text.includes(`\t\twwid "${first.wwid}"\n`));
			assert.ok(text.includes('\t\talias "contract"\n'));
			assert.ok(text.includes("\t\tno_path_retry 4\n"));
			assert.ok(text.includes(`\t\twwid "${second.wwid}"\n`));
			assert.match(
				await host.command("show blacklist"),
				/wwid rules:\n- blacklist:\n +\(config file rule\) \.\*\n/,
			);
		},
	},
	{
		name: "show wildcards explains maps and paths",
		run: async (host) => {
			const text = await host.command("show wildcards");
			assert.match(text, /^multipath format wildcards:\n%n {2}name\n%w {2}uuid\n/);
			assert.match(text, /\npath format wildcards:\n%w {2}uuid\n%i {2}hcil\n/);
			assert.equal(text.includes("%k  max_sectors_kb"), since(host, "0.9.9"));
		},
	},
];
