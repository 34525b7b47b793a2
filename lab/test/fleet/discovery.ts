/** iSCSI discovery on the nodes of a fleet, by the open-iscsi of each release at the portals of the array. */
import { expect, test } from "vitest";
import { networks, type Suite, suites, targetName } from "../../src/index.ts";
import { minute } from "./patience.ts";
import type { Stage } from "./stage.ts";
import { storageCommands } from "./storage-commands.ts";

/** Where open-iscsi of any release keeps what it was told. */
const records =
	"find /etc/iscsi /var/lib/iscsi -type f -exec md5sum {} + 2>/dev/null | sort; iscsiadm -m session";

export function discoverySteps(stage: Stage): void {
	const { run, refusal } = storageCommands(stage);
	const recordsOf = (name: Suite) => stage.fleet.node(name).guest.exec(records, { timeout: minute });

	test.each(suites)(
		"%s is told the target of the array with both portals, and keeps nothing of it",
		async (name) => {
			const before = await recordsOf(name);
			const told = await run("scan", "iscsi", networks.a.portal, "--node", name);
			expect(told).toContain(targetName);
			for (const { portal } of Object.values(networks)) expect(told).toContain(`${portal}:3260`);
			expect(await recordsOf(name)).toBe(before);
		},
	);

	test("a port where nobody listens is told as that", async () => {
		const said = await refusal("scan", "iscsi", `${networks.a.portal}:3999`, "--node", "trixie");
		expect(said).toMatch(/no connection to the portal.*Connection refused/);
	});
}
