import { rmSync } from "node:fs";
import { join } from "node:path";
import { allowLun, type Runtime } from "@pathkeeper/model";
import {
	demoAliases,
	demoSanPlan,
	San,
	type SanPlan,
	type SimulatedHost,
	sanOf,
	simulateHost,
} from "@pathkeeper/simulator";
import { editConfig, readConfig, type Store } from "@pathkeeper/store";
import type { SimulatedSan } from "./settings/daemon-settings.ts";

/** A SAN that is played, and the hosts on it. */
export interface SimulatedFleet {
	readonly san: San;
	readonly hosts: readonly SimulatedHost[];
}

/** Hosts of the demo's fleet; `pathkeeper daemon --simulate` plays the first of them. */
const fleetOfDemo = ["n1", "n2", "n3"];
/** One of them was not updated yet, and a finding says so. */
const releases: Readonly<Record<string, "0.11.1">> = { n3: "0.11.1" };

/** A simulated SAN and its hosts, each with a root folder of its own below `folder`. They end with `resources`. */
export async function simulateFleet(
	size: SimulatedSan,
	folder: string,
	runtime: Runtime,
	resources: AsyncDisposableStack,
): Promise<SimulatedFleet> {
	const san = new San(planOf(size), runtime);
	const hosts = await Promise.all(
		san.nodes.map(async ({ name }) => {
			const root = join(folder, name);
			// A daemon that was killed took its played multipathds with it, and left their sockets.
			rmSync(join(root, "run/multipathd.socket"), { force: true });
			const release = size === "demo-fleet" ? (releases[name] ?? "0.15.1") : "0.11.1";
			return resources.use(await simulateHost({ runtime, node: name, san, root, release }));
		}),
	);
	return { san, hosts };
}

function planOf(size: SimulatedSan): SanPlan {
	if (size === "demo") return demoSanPlan(fleetOfDemo.slice(0, 1));
	return size === "demo-fleet" ? demoSanPlan(fleetOfDemo) : sanOf(size);
}

/** Gives the demo an allow-list at its first start; what a trial changed since is left as it is. */
export async function seedDemo(store: Store, clock: Pick<Runtime, "now">): Promise<void> {
	if ((await readConfig(store, "multipath.cfg")).version > 0) return;
	const allow = (text: string) =>
		Object.entries(demoAliases).reduce((before, [wwid, alias]) => allowLun(before, wwid, { alias }), text);
	await editConfig(store, "multipath.cfg", allow, { by: "demo", from: null, at: clock.now() });
}
