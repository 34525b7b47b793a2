/**
 * A machine in a process of its own, so that its work is not counted as the agent's: a simulated multipathd on a real
 * socket, and a tree of /sys, /proc and /run/udev that shows the same disks and maps. Every tenth map carries a
 * mounted volume. Time stands still in it until the parent asks for something to happen, or goes on when it is told
 * to (`running`).
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { San, sanOf, simulateHost } from "@pathkeeper/simulator";
import { SysfsTree } from "../../packages/host/test/sysfs/sysfs-tree.ts";
import { ManualRuntime } from "../../packages/model/test/runtime/manual-runtime.ts";
import { realRuntime } from "../../packages/pathkeeper/src/runtime/real-runtime.ts";

const [root = "", luns = "1000", paths = "4", time = "still"] = process.argv.slice(2);
const clock = new ManualRuntime(Date.now());
const san = new San(sanOf({ nodes: 1, luns: Number(luns), pathsPerLun: Number(paths) }), clock);
mkdirSync(join(root, "etc/multipath"), { recursive: true });
const listed = san.luns.map((lun) => `/${lun.plan.wwid}/\n`).join("");
writeFileSync(join(root, "etc/multipath/wwids"), `# Multipath wwids, Version : 1.0\n${listed}`);
const host = await simulateHost({ runtime: realRuntime, node: "n1", san, root, clock });
while (host.kernel.maps.length < Number(luns)) await pass(1_000);
await pass(60_000);
makeTree();
if (time === "running") setInterval(() => clock.advance(1_000), 1_000);
process.send?.("ready");

// The simulator holds no process open; the channel to the parent does, until the parent is gone.
process.on("disconnect", () => process.exit());
process.on("message", (what) => void happen(String(what)));

async function happen(what: string): Promise<void> {
	const [port] = san.ports;
	const path = host.kernel.disks.find(({ session }) => session.port !== port);
	if (path === undefined || port === undefined) throw new Error("the SAN is empty");
	if (what === "fail one path") san.failPath("n1", path.dev);
	if (what === "restore one path") san.restorePath("n1", path.dev);
	if (what === "fail a port") san.failPort(port.plan.name);
	if (what === "restore a port") san.restorePort(port.plan.name);
	// Long enough for the checkers to come round, and for a path that is back to be used again.
	await pass(30_000);
	process.send?.(what);
}

async function pass(ms: number): Promise<void> {
	for (let passed = 0; passed < ms; passed += 1_000) {
		clock.advance(1_000);
		await delay(0);
	}
}

function makeTree(): void {
	const tree = new SysfsTree(root);
	for (const disk of host.kernel.disks) {
		const { session, lun } = disk;
		tree.iscsi(
			{
				dev: disk.dev,
				number: disk.devT,
				hctl: `${session.host}:0:0:${lun.plan.number}`,
				sectors: lun.sizeBytes / 512,
				state: "running",
				vendor: lun.array.vendor,
				model: lun.array.product,
				udev: { ID_SERIAL: lun.plan.wwid },
			},
			{
				session: session.host,
				target: session.port.plan.target,
				ip: session.initiator.address,
				portal: session.port.plan.portal ?? "",
			},
		);
	}
	const { maps } = host.kernel;
	for (const map of maps) {
		const on = host.kernel.disksOf(map.wwid).map(({ dev }) => dev);
		tree.dm({ minor: map.number, name: map.name, uuid: `mpath-${map.wwid}`, on, sectors: 2 ** 30 });
	}
	for (const [n, map] of maps.filter((_, at) => at % 10 === 0).entries()) {
		const minor = maps.length + n;
		const name = `vg${n}-data`;
		tree.dm({ minor, name, uuid: `LVM-${n}`, on: [map.dm] });
		tree.mount(`254:${minor}`, `/srv/data${n}`, "xfs", `/dev/mapper/${name}`);
	}
}
