import { PathkeeperError } from "@pathkeeper/model";
import { describe, expect, it } from "vitest";
import { HeldReconfigure } from "../held-reconfigure.ts";
import { hostWith, interceptedHost } from "../intercepted-host.ts";
import { configFile, ledgerFile, milk, oil, oneNode, until } from "../one-node.ts";
import { applyOnce } from "./apply-once.ts";

const wish = `wwid: ${milk}\n\talias milk-run\n`;
const next = `${wish}\nwwid: ${oil}\n\talias midnight-oil\n`;

describe("a daemon that ends while it reads the new files", () => {
	it("has the previous ones back when it starts again, and gets the new ones later", async () => {
		const reconfigure = new HeldReconfigure();
		const node = await oneNode(reconfigure.options);
		node.startAgent();
		await node.config(wish);
		await node.applied();
		const before = node.read(configFile);
		reconfigure.hold();
		await node.config(next);
		await until(
			async () => (await node.host.daemon.answer("show daemon")).includes("configure"),
			() => "idle",
		);
		await node.host.daemon.stop();
		reconfigure.release();
		expect(await node.failure()).toMatch(/^multipathd exited while it read the new files/);
		expect(node.read(configFile)).toBe(before);
		await node.host.daemon.start();
		expect(node.host.kernel.map(milk)?.name).toBe("milk-run");
		// Once may have been an administrator, so it is tried again after a minute, which is a second here.
		await node.applied();
		expect(node.host.kernel.map(oil)?.name).toBe("midnight-oil");
	});

	it("is told of the previous files when it is back before they are", async () => {
		const node = await oneNode();
		await node.config(wish);
		await applyOnce(node);
		await node.config(next);
		// It ends and systemd starts it again: it has read the new files then.
		let ended = true;
		let told = 0;
		const renewed = interceptedHost(node.host, ({ method }, run) => {
			if (method === "reconfigure") told++;
			if (method !== "isRunning" || !ended) return run();
			ended = false;
			return Promise.resolve(false);
		});
		await expect(applyOnce(node, { host: renewed })).rejects.toThrow("multipathd exited");
		expect(told).toBe(2);
		expect(node.read(configFile)).not.toContain("midnight-oil");
		expect(await node.host.multipathd.config()).not.toContain("midnight-oil");
	});
});

describe("a daemon that does not run", () => {
	it("finds the files when it comes, and then it is applied", async () => {
		const node = await oneNode({ started: false });
		node.startAgent();
		await node.config(wish);
		expect(await node.failure()).toMatch(/^multipathd is not running .*systemctl start multipathd/);
		expect(node.read(configFile)).toContain("milk-run");
		await node.host.daemon.start();
		await node.applied();
		expect(node.host.kernel.map(milk)?.name).toBe("milk-run");
		expect(JSON.parse(node.read(ledgerFile) ?? "null")).toMatchObject({ unfinished: null });
	});

	it("keeps map and entry of a LUN that is to go, until it can be asked to let go", async () => {
		const node = await oneNode();
		node.startAgent();
		await node.config(next);
		await node.applied();
		await node.host.daemon.stop();
		await node.config(wish);
		await node.failure();
		expect(node.host.kernel.map(oil)).toBeDefined();
		expect(node.listedWwids()).toContain(oil);
		await node.host.daemon.start();
		await node.applied();
		expect(node.host.kernel.map(oil)).toBeUndefined();
		expect(node.listedWwids()).toEqual([milk]);
	});

	it("was stopped while we applied, and comes back", async () => {
		const node = await oneNode();
		const stopping = hostWith(node.host, "tools", "addWwid", async ([wwid], run) => {
			await run();
			if (wwid === oil && !node.read(configFile)?.includes("once")) await node.host.daemon.stop();
		});
		node.startAgent({ host: stopping });
		await node.config(wish);
		await node.applied();
		await node.config(next);
		await node.failure();
		await node.host.daemon.start();
		await node.applied();
		expect(node.host.kernel.map(oil)?.name).toBe("midnight-oil");
	});
});

describe("a daemon that does not confirm that it reads its files", () => {
	it("is asked once more when it is calm", async () => {
		const node = await oneNode();
		let asked = 0;
		const unsure = hostWith(node.host, "multipathd", "reconfigure", (_, run) => {
			asked++;
			if (asked > 1) return run();
			const values = { command: "reconfigure", problem: "the connection was closed" };
			return Promise.reject(new PathkeeperError("MULTIPATHD_UNCONFIRMED", values));
		});
		node.startAgent({ host: unsure });
		await node.config(wish);
		await node.applied();
		expect(asked).toBe(2);
		expect(node.host.kernel.map(milk)?.name).toBe("milk-run");
	});

	it("is not believed when it never does", async () => {
		const node = await oneNode();
		const values = { command: "reconfigure", problem: "the connection was closed" };
		const unsure = hostWith(node.host, "multipathd", "reconfigure", () =>
			Promise.reject(new PathkeeperError("MULTIPATHD_UNCONFIRMED", values)),
		);
		node.startAgent({ host: unsure });
		await node.config(wish);
		expect(await node.failure()).toContain("was sent to multipathd and not confirmed");
		expect(JSON.parse(node.read(ledgerFile) ?? "null")).toMatchObject({ unfinished: { told: true } });
	});
});

it("a daemon that is busy without end is given up on, and asked again", async () => {
	const node = await oneNode();
	await node.host.daemon.setFaults({ busy: true });
	node.startAgent();
	await node.config(wish);
	// Two minutes, which are two seconds here.
	expect(await node.failure()).toMatch(/no reply to 'reconfigure' within 120 s/);
	await node.host.daemon.setFaults({ busy: false });
	await node.applied();
});
