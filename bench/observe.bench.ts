/**
 * One look at a host with 1,000 maps of 4 paths: the agent's whole observe cycle (ask multipathd, lay it over sysfs,
 * make the report, write it when it says something new) beside the bare cost of fetching the same reply and
 * `JSON.parse`, and beside reading the text of `show topology`. Aim: under 2x the bare cost.
 */
import { connectSocket, livenessOnHost, MultipathdClient } from "@pathkeeper/host/parts";
import { mapsJsonReader, readMapsJson, readTopology } from "@pathkeeper/model";
import { realRuntime } from "../packages/pathkeeper/src/runtime/real-runtime.ts";
import { startMachine } from "./src/machine.ts";
import { Costs, report, sideBySide } from "./src/measure.ts";
import { observingAgent } from "./src/observing-agent.ts";

const rounds = Number(process.env["ROUNDS"] ?? 9);
const [luns, paths] = [Number(process.env["LUNS"] ?? 1000), Number(process.env["PATHS"] ?? 4)];

using machine = await startMachine(luns, paths);
const client = new MultipathdClient({
	runtime: realRuntime,
	connect: connectSocket,
	root: machine.root,
	liveness: livenessOnHost(machine.root),
});
const json = await client.command("show maps json");
const topology = await client.command("show topology");
console.log(
	`${luns} maps x ${paths} paths; show maps json: ${json.length} bytes; show topology: ${topology.length} bytes`,
);

const readAgain = mapsJsonReader();
const onePathLess = json.replace('"chk_st" : "ready"', '"chk_st" : "faulty"');
let turn = 0;
report(
	"reading the text alone",
	await sideBySide(
		{
			"JSON.parse": () => JSON.parse(json),
			"checked reader, never seen before": () => readMapsJson(json),
			"checked reader, one path changed": () => readAgain(turn++ % 2 === 0 ? onePathLess : json),
			"checked reader, line by line (forged or damaged text)": () => readMapsJson(` ${json}`),
			"topology reader": () => readTopology(topology),
		},
		rounds,
	),
);

const bare = async () => JSON.parse(await client.command("show maps json"));
const text = async () => readTopology(await client.command("show topology"));
const clientOfAgents = new MultipathdClient({
	runtime: realRuntime,
	connect: connectSocket,
	root: machine.root,
	liveness: livenessOnHost(machine.root),
});
const agent = await observingAgent(machine.root);
const looks = {
	"nothing changed": new Costs(),
	"one path changed": new Costs(),
	"every map changed": new Costs(),
};
const happenings = {
	"nothing changed": [null, null],
	"one path changed": ["fail one path", "restore one path"],
	"every map changed": ["fail a port", "restore a port"],
} as const;
for (let round = 0; round <= rounds; round++) {
	for (const what of ["nothing changed", "one path changed", "every map changed"] as const) {
		const costs = looks[what];
		const happening = happenings[what][round % 2 === 0 ? 0 : 1];
		if (happening !== null) await machine.happen(happening);
		const before = agent.written();
		await costs.take("socket + JSON.parse (bare)", bare);
		await costs.take("socket + client.maps()", () => clientOfAgents.maps());
		await costs.take("the agent's whole cycle", () => agent.look());
		await costs.take("socket + topology text", text);
		const wrote = agent.written() > before;
		if (wrote !== (happening !== null))
			throw new Error(`${what}: a report was ${wrote ? "" : "not "}written`);
		if (happening !== null) await costs.take("the next cycle, which sweeps sysfs", () => agent.look());
	}
}
for (const [what, costs] of Object.entries(looks)) {
	report(`a look when ${what}`, costs.medians(), { "the agent's whole cycle": 2 });
}
await agent.end();
await client.close();
await clientOfAgents.close();
