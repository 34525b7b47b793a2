import { writeConfig } from "@pathkeeper/store";
import { expect, test } from "vitest";
import { SimulatedFleet } from "../simulated-fleet.ts";

const text = `lvm: data
	vgname vg0
	saferemove ja
	pool tank

dir: local
	path /srv/local
`;

test("what a storage's section says and nobody understands is shown with the storage", async () => {
	await using fleet = await SimulatedFleet.start({ nodes: ["n1"], agents: false });
	await writeConfig(fleet.store, "storage.cfg", text, { by: "jane@local", from: null, at: 1 });
	const problems = [
		"storage.cfg:3:13: error: saferemove: type check ('boolean') failed - got 'ja'; it counts as set",
		"storage.cfg:4:2: warning: key 'pool' is unknown; it is kept and has no effect",
	];
	expect((await fleet.call("GET", "/storage")).data).toEqual([
		expect.objectContaining({ storage: "data", saferemove: 1, problems }),
		expect.not.objectContaining({ problems: expect.anything() }),
	]);
	expect((await fleet.call("GET", "/storage/data")).data).toMatchObject({ saferemove: 1, problems });
}, 60_000);
