/** Changes of the configuration that are refused, that fail on one node, and that meet each other. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sanLuns, suites, until } from "../../src/index.ts";
import { member } from "../../src/unknown-json.ts";
import { reviewComment, typeWrongOverride } from "./page.ts";
import { minute, patience } from "./patience.ts";
import type { Stage } from "./stage.ts";

const [log, data] = sanLuns;

export function configSteps(stage: Stage): void {
	test("a wrong override is refused with line and column, and reaches no node, and the page underlines it while it is typed", async () => {
		const file = join(mkdtempSync(join(tmpdir(), "pk-overrides-")), "multipath-overrides.conf");
		writeFileSync(file, 'devices {\n\tdevice {\n\t\tvendor "LIO-ORG"\n\t\tproduct "["\n\t}\n}\n');
		const { code, stderr } = await stage.fleet.server.cli("config", "overrides", file);
		expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/line 4, column \d+/) });
		await using visit = await stage.visit("/config?tab=overrides");
		await typeWrongOverride(visit.page);
		expect(await stage.fleet.server.get("/cluster/multipath/overrides")).toMatchObject({ text: "" });
		for (const { guest } of stage.fleet.nodes)
			expect((await guest.tryExec("test -e /etc/multipath/conf.d/pathkeeper-overrides.conf")).code).toBe(1);
	});

	test("an apply that fails on one node is shown on that node only, and made up for", async () => {
		const node = stage.fleet.node("trixie");
		await node.guest.exec(
			"mount --bind /etc/multipath /etc/multipath && mount -o remount,bind,ro /etc/multipath",
		);
		await stage.whileBroken(
			async () => {
				await stage.fleet.server.run("lun", "set", log.wwid, "no-path-retry=7", "--no-wait");
				const { nodes } = await stage.untilFleet(
					"trixie cannot apply, the others do",
					(status) =>
						status.nodes.get("trixie")?.applied === "failed" &&
						suites.every((suite) => suite === "trixie" || status.nodes.get(suite)?.current === true) &&
						status,
				);
				expect(nodes.get("trixie")?.error).toContain("/etc/multipath");
				for (const peer of ["bookworm", "sid"] as const) expect(nodes.get(peer)?.error).toBe("");
			},
			() => node.guest.exec("umount /etc/multipath"),
		);
	});

	test("of two writers with the same digest one wins, and the other is told", async () => {
		const digest = String(member(await stage.fleet.server.get("/cluster/multipath/config"), "digest"));
		const write = (comment: string) =>
			stage.fleet.server.cli("lun", "set", data.wwid, `comment=${comment}`, "--digest", digest, "--no-wait");
		const [one, two] = await Promise.all([write("one"), write("two")]);
		const [winner, loser, comment] = one.code === 0 ? [one, two, "one"] : [two, one, "two"];
		expect(winner.code).toBe(0);
		expect(loser.code).not.toBe(0);
		expect(loser.stderr).toContain("detected modified configuration");
		expect(await stage.fleet.server.get(`/cluster/multipath/wwids/${data.wwid}`)).toMatchObject({ comment });
		await stage.untilWell();
	});

	test("an editor in the page who was overtaken keeps what they typed, sees the other change, and saves on top", async () => {
		await using visit = await stage.visit("/config");
		const { page } = visit;
		await reviewComment(page, data.wwid, "typed in the page");
		await stage.fleet.server.run("lun", "set", log.wwid, "comment=saved meanwhile", "--no-wait");
		const apply = page.getByRole("button", { name: "Apply" });
		await apply.click();
		await page.getByText("It was changed in the meantime.").waitFor();
		const theirs = page.getByRole("region", { name: "What was changed meanwhile" });
		expect(await theirs.textContent()).toContain("comment saved meanwhile");
		await apply.click();
		await page.getByText(/Applied on 3 of 3 nodes/).waitFor();
		for (const [{ wwid }, comment] of [
			[log, "saved meanwhile"],
			[data, "typed in the page"],
		] as const)
			expect(await stage.fleet.server.get(`/cluster/multipath/wwids/${wwid}`)).toMatchObject({ comment });
		await stage.untilWell();
	});

	test("a LUN that is mounted on one node is not forgotten: node and user are named", async () => {
		const node = stage.fleet.node("trixie");
		const device = `/dev/disk/by-id/dm-uuid-mpath-${data.wwid}`;
		await node.guest.exec(`mkfs.ext4 -q -F ${device} && mkdir -p /srv/lab && mount ${device} /srv/lab`, {
			timeout: 3 * minute,
		});
		await stage.whileBroken(
			async () => {
				const before = await stage.maps();
				const refusal = await until(
					"an answer of every node",
					async () => {
						const { code, stderr } = await stage.fleet.server.cli("lun", "forget", data.wwid, "--yes");
						expect(code).not.toBe(0);
						// A slow guest may not take the question in time: then that is why it is refused.
						return !stderr.includes("is not reachable") && stderr;
					},
					patience,
				);
				expect(refusal).toContain("trixie");
				expect(refusal).toContain("/srv/lab");
				await stage.untilWell();
				expect(await stage.maps()).toEqual(before);
			},
			() => node.guest.exec("umount /srv/lab"),
		);
	});
}
