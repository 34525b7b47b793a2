import { expect, it } from "vitest";
import { codesOf, configFile, milk, oil, oneNode, until } from "../one-node.ts";

async function appliedNode() {
	const node = await oneNode();
	node.startAgent();
	await node.allow(milk, { alias: "milk-run" });
	await node.applied();
	await node.reported(({ settling, maps }) => !settling && maps.length === 1, "calm");
	return node;
}

it("puts our file back that was edited by hand, and says so for a while", async () => {
	const node = await appliedNode();
	const ours = node.read(configFile);
	node.write(configFile, `${ours}defaults {\n\tno_path_retry "queue"\n}\n`);
	const finding = await node.finding("drift-file");
	expect(finding).toMatchObject({
		subject: configFile,
		text: expect.stringContaining("was changed by hand"),
	});
	expect(node.read(configFile)).toBe(ours);
	// Some rounds later the report still has it, for people to see.
	await node.rounds("apply", 4);
	await node.rounds("observe", 1);
	expect(codesOf((await node.report()) ?? { findings: [] })).toContain("drift-file");
});

it("puts our file back that was removed", async () => {
	const node = await appliedNode();
	const ours = node.read(configFile);
	node.remove(configFile);
	expect((await node.finding("drift-file")).text).toContain("was removed by hand");
	expect(node.read(configFile)).toBe(ours);
});

it("puts our file back that somebody replaced by one without our heading", async () => {
	const node = await appliedNode();
	const ours = node.read(configFile);
	node.write(configFile, "defaults {\n\tverbosity 3\n}\n");
	await node.finding("drift-file");
	expect(node.read(configFile)).toBe(ours);
});

it("has the daemon read what was put back", async () => {
	const node = await appliedNode();
	node.write(configFile, "# emptied by hand\n");
	await node.host.multipathd.reconfigure();
	await until(
		() => node.host.kernel.map(milk)?.name === "milk-run",
		() => `${node.host.kernel.map(milk)?.name}`,
	);
	await node.finding("drift-file");
	await until(
		async () => (await node.host.multipathd.configLocal()).includes('alias "milk-run"'),
		() => "no alias",
	);
});

it("puts an entry back that was taken out of the wwids file by hand", async () => {
	const node = await appliedNode();
	node.unlistByHand(milk);
	const finding = await node.finding("drift-wwids");
	expect(finding).toMatchObject({
		subject: milk,
		text: expect.stringContaining("to give up the LUN, forget it"),
	});
	expect(node.listedWwids()).toEqual([milk]);
	expect(node.ownedWwids()).toEqual([milk]);
});

it("never adopts an entry that was there before, and never takes it out", async () => {
	const node = await oneNode();
	node.listByHand(oil);
	node.startAgent();
	await node.allow(oil);
	await node.allow(milk);
	await node.applied();
	expect(node.ownedWwids()).toEqual([milk]);
	await node.config("");
	await node.applied();
	expect(node.listedWwids()).toEqual([oil]);
});

it("names the file when a later drop-in wins, and leaves it alone", async () => {
	const node = await oneNode();
	const theirs = 'defaults {\n\tno_path_retry "queue"\n}\n';
	node.write("/etc/multipath/conf.d/zz-theirs.conf", theirs);
	node.startAgent();
	await node.config(`defaults: defaults\n\tno-path-retry 6\n\nwwid: ${milk}\n`);
	await node.applied();
	const { text, severity } = await node.finding("drift-effective");
	expect(severity).toBe("warning");
	expect(text).toContain('no_path_retry should be "6" and is "queue"');
	expect(text).toContain("/etc/multipath/conf.d/zz-theirs.conf is read after ours");
	expect(node.read("/etc/multipath/conf.d/zz-theirs.conf")).toBe(theirs);
});

it("finds a later drop-in that comes when everything was applied, once it is in force", async () => {
	const node = await appliedNode();
	node.write(
		"/etc/multipath/conf.d/zz-theirs.conf",
		`multipaths {\n\tmultipath {\n\t\twwid "${milk}"\n\t\talias "theirs"\n\t}\n}\n`,
	);
	await node.host.multipathd.reconfigure();
	// Read back once a minute, which is a second here.
	const { text } = await node.finding("drift-effective");
	expect(text).toContain('alias should be "milk-run" and is "theirs"');
});

it("does not call earlier drop-ins and the main file drift that ours win over", async () => {
	const node = await oneNode();
	node.write("/etc/multipath.conf", 'defaults {\n\tno_path_retry "queue"\n}\n');
	node.write("/etc/multipath/conf.d/00-first.conf", "defaults {\n\tno_path_retry 99\n}\n");
	node.startAgent();
	await node.config(`defaults: defaults\n\tno-path-retry 6\n\nwwid: ${milk}\n`);
	const report = await node.applied();
	expect(codesOf(report)).not.toContain("drift-effective");
});
