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
});

test("a section that gives no storage is shown with the reason, and can be taken out", async () => {
	await using fleet = await SimulatedFleet.start({ nodes: ["n1"], agents: false });
	const broken = "lvm: data\n\tshared 1\n\ntape: old\n\tdrive 3\n\ndir: local\n\tpath /srv/local\n";
	await writeConfig(fleet.store, "storage.cfg", broken, { by: "jane@local", from: null, at: 1 });
	const data = {
		storage: "data",
		type: "lvm",
		content: "none",
		left_out: 1,
		problems: ["storage.cfg:1:1: error: storage 'data' has no effect: it needs a valid 'vgname'"],
	};
	expect((await fleet.call("GET", "/storage")).data).toMatchObject([
		{ storage: "local" },
		data,
		{ storage: "old", type: "tape", problems: [expect.stringContaining("tape")] },
	]);
	expect((await fleet.call("GET", "/storage/data")).data).toMatchObject(data);
	expect(await fleet.call("DELETE", "/storage/old")).toMatchObject({ status: 200 });
	expect((await fleet.call("GET", "/storage?type=tape")).data).toEqual([]);
});
