/**
 * One look at a host with 1,000 maps of 4 paths: the agent's whole observe cycle beside the bare cost of fetching the
 * same reply and `JSON.parse`, and beside reading `multipath -ll`-style text. Aim: under 2x of the bare cost.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { livenessOnHost, MultipathdClient } from "@pathkeeper/host";
import { readMapsJson, readTopology } from "@pathkeeper/model";
import { report, sideBySide } from "./src/measure.ts";

const root = mkdtempSync(join(tmpdir(), "bench-"));
const daemon = fork(join(import.meta.dirname, "src/simulated-daemon.ts"), [root, "1000", "4"]);
await once(daemon, "message");
const client = new MultipathdClient({ root, liveness: livenessOnHost(root) });
let json = await client.command("show maps json");
while ((JSON.parse(json).maps?.length ?? 0) < 1000) {
	await delay(300);
	json = await client.command("show maps json");
}
const topology = await client.command("show topology");
console.log(`show maps json: ${json.length} bytes; show topology: ${topology.length} bytes`);

report(
	"reading the text alone",
	await sideBySide(
		{
			"JSON.parse": () => JSON.parse(json),
			"our JSON reader (checked, tolerant)": () => readMapsJson(json),
			"our topology reader": () => readTopology(topology),
		},
		15,
	),
);
report(
	"fetching and reading",
	await sideBySide(
		{
			"socket + JSON.parse (bare)": async () => JSON.parse(await client.command("show maps json")),
			"client.maps()": () => client.maps(),
			"socket + topology text": async () => readTopology(await client.command("show topology")),
		},
		15,
	),
);
await client.close();
daemon.kill();
rmSync(root, { recursive: true, force: true });
