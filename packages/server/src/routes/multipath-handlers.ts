/** `/cluster/multipath`: reads and changes the configuration of the fleet, and shows the health that follows. */
import {
	type AllowedLun,
	allowLun,
	diffLines,
	type FleetConfig,
	fleetStatus,
	givenSettings,
	lintOverrides,
	multipathRoutes,
	PathkeeperError,
	readFleetConfig,
	renderNode,
	setDefaults,
	splitList,
	updateLun,
} from "@pathkeeper/model";
import { type ConfigDocumentName, editConfig, type Store, writeConfig } from "@pathkeeper/store";
import type { Caller } from "../caller.ts";
import { forgetLun } from "../fleet/forget-lun.ts";
import { statusOf } from "../fleet/node-status.ts";
import { knownNames, readFleet, readNodeViews } from "../fleet/read-fleet.ts";
import { flag } from "../wire/flag.ts";
import { type BoundRoute, bind } from "./bind.ts";

export interface MultipathContext {
	readonly store: Store;
	readonly now: () => number;
	readonly sleep: (ms: number) => Promise<void>;
}

export function multipathHandlers(context: MultipathContext): BoundRoute[] {
	const { store, now } = context;
	const author = (caller: Caller, digest?: string) => ({
		by: caller.user,
		from: caller.from,
		at: now(),
		...(digest === undefined ? {} : { digest }),
	});
	const edit = async (
		name: ConfigDocumentName,
		change: (text: string) => string,
		caller: Caller,
		digest?: string,
	): Promise<{ digest: string }> => {
		const document = await editConfig(store, name, change, author(caller, digest));
		return { digest: document.digest };
	};

	return [
		bind(multipathRoutes.getConfig, async () => {
			const { config, document, overrides, problems } = await readFleet(store);
			return {
				text: document.text,
				digest: document.digest,
				overrides: overrides.text,
				"overrides-digest": overrides.digest,
				defaults: config.defaults,
				luns: config.luns.map(lunEntry),
				problems: [...problems],
			};
		}),
		bind(multipathRoutes.putConfig, async ({ text, digest }, caller) => {
			refuseProblems("multipath.cfg", readFleetConfig(text).problems);
			return await edit("multipath.cfg", (before) => keepLuns(before, text), caller, digest);
		}),
		bind(multipathRoutes.getDefaults, async () => {
			const { config, document } = await readFleet(store);
			return { ...config.defaults, digest: document.digest };
		}),
		bind(multipathRoutes.putDefaults, async (parameters, caller) => {
			const change = {
				set: givenSettings("defaults", parameters),
				delete: splitList(parameters.delete ?? ""),
			};
			return await edit("multipath.cfg", (text) => setDefaults(text, change), caller, parameters.digest);
		}),
		bind(multipathRoutes.listLuns, async () => (await readFleet(store)).config.luns.map(lunEntry)),
		bind(multipathRoutes.allowLun, async (parameters, caller) => {
			const known = knownNames(await readNodeViews(store));
			const set = lunTexts(parameters);
			const change = (text: string) => allowLun(text, parameters.wwid, set, known);
			return await edit("multipath.cfg", change, caller, parameters.digest);
		}),
		bind(multipathRoutes.getLun, async ({ wwid }) => {
			const { config, document } = await readFleet(store);
			const lun = config.luns.find((other) => other.wwid === wwid);
			if (lun === undefined) throw notListed(wwid);
			return { ...lunEntry(lun), digest: document.digest };
		}),
		bind(multipathRoutes.putLun, async (parameters, caller) => {
			const known = knownNames(await readNodeViews(store));
			const change = { set: lunTexts(parameters), delete: splitList(parameters.delete ?? "") };
			const update = (text: string) => updateLun(text, parameters.wwid, change, known);
			return await edit("multipath.cfg", update, caller, parameters.digest);
		}),
		bind(multipathRoutes.forgetLun, async ({ wwid, force, digest }, caller) => {
			const request = { wwid, force: force === 1 || force === true, caller };
			const { document, log } = await forgetLun(
				context,
				digest === undefined ? request : { ...request, digest },
			);
			return { digest: document.digest, log: [...log] };
		}),
		bind(multipathRoutes.getOverrides, async () => {
			const { overrides } = await readFleet(store);
			return { text: overrides.text, digest: overrides.digest };
		}),
		bind(multipathRoutes.putOverrides, async ({ text, digest }, caller) => {
			refuseProblems("multipath-overrides.conf", lintOverrides(text, {}));
			const document = await writeConfig(store, "multipath-overrides.conf", text, author(caller, digest));
			return { digest: document.digest };
		}),
		bind(multipathRoutes.preview, async ({ text, overrides }) => {
			const fleet = await readFleet(store);
			const wanted = { text: text ?? fleet.document.text, overrides: overrides ?? fleet.overrides.text };
			const { config, problems } = readFleetConfig(wanted.text);
			return {
				problems: [
					...problems.map((problem) => located("multipath.cfg", problem)),
					...lintOverrides(wanted.overrides, {}).map((problem) =>
						located("multipath-overrides.conf", problem),
					),
				],
				nodes: fleet.nodes.map(({ node, report }) => {
					const toolsVersion = report?.multipathd.version ?? "0.9.4";
					const before = renderNode({
						config: fleet.config,
						overrides: fleet.overrides.text,
						toolsVersion,
						node,
					});
					const after = renderNode({ config, overrides: wanted.overrides, toolsVersion, node });
					return { node, diff: nodeDiff(before, after), findings: [...after.findings] };
				}),
			};
		}),
		bind(multipathRoutes.getStatus, async () => {
			const fleet = await readFleet(store);
			const luns = fleetStatus(fleet.config, fleet.nodes);
			return {
				simulated: flag(fleet.nodes.some(({ report }) => report?.simulated === true)),
				luns: luns.map((lun) => ({
					wwid: lun.wwid,
					alias: lun.alias,
					size: lun.sizeBytes,
					vendor: lun.vendor,
					model: lun.product,
					state: lun.state,
					reasons: [...lun.reasons],
					queueing: lun.queueing,
					nodes: Object.fromEntries(
						[...lun.nodes].map(([node, { reasons, ...rest }]) => [node, { ...rest, reasons: [...reasons] }]),
					),
				})),
				nodes: fleet.nodes.map((view) => statusOf(view, fleet, now())),
			};
		}),
	];
}

function lunEntry({ wwid, alias, comment, expectedPaths, nodes, settings }: AllowedLun) {
	return {
		wwid,
		...(alias === null ? {} : { alias }),
		...(comment === null ? {} : { comment }),
		...(expectedPaths === null ? {} : { "expected-paths": expectedPaths }),
		...(nodes === null ? {} : { nodes: nodes.join(",") }),
		...settings,
	};
}

/** The keys of a LUN that were given, as texts for the document. */
function lunTexts(parameters: {
	readonly alias?: string;
	readonly comment?: string;
	readonly "expected-paths"?: number;
	readonly nodes?: string;
}): Record<string, string> {
	const { alias, comment, nodes, "expected-paths": expected } = parameters;
	return {
		...(alias === undefined ? {} : { alias }),
		...(comment === undefined ? {} : { comment }),
		...(expected === undefined ? {} : { "expected-paths": String(expected) }),
		...(nodes === undefined ? {} : { nodes }),
		...givenSettings("multipaths", parameters),
	};
}

interface Problem {
	readonly line: number;
	readonly column: number;
	readonly severity: "error" | "warning";
	readonly text: string;
}

function located(document: string, { line, column, severity, text }: Problem): string {
	return `${document}:${line}:${column}: ${severity}: ${text}`;
}

function refuseProblems(document: string, problems: readonly Problem[]): void {
	const errors = problems.filter(({ severity }) => severity === "error");
	if (errors.length === 0) return;
	const words = errors.map(({ line, column, text }) => `line ${line}, column ${column}: ${text}`).join("; ");
	throw new PathkeeperError("CONF_INVALID", {
		values: { what: document, problem: words },
		fields: { text: words },
	});
}

/** A LUN leaves the allow-list by being forgotten, which looks at every node first; never by leaving the text. */
function keepLuns(before: string, after: string): string {
	const kept = wwidsOf(readFleetConfig(after).config);
	const dropped = [...wwidsOf(readFleetConfig(before).config)].filter((wwid) => !kept.has(wwid));
	if (dropped.length === 0) return after;
	throw new PathkeeperError("PARAMETER_INVALID", {
		fields: {
			text: `LUN ${dropped.join(", ")} would leave the allow-list; forget it instead, so that nobody who uses it is cut off`,
		},
	});
}

function wwidsOf(config: FleetConfig): Set<string> {
	return new Set(config.luns.map(({ wwid }) => wwid));
}

function notListed(wwid: string): PathkeeperError {
	return new PathkeeperError("NOT_FOUND", { values: { what: `LUN ${wwid} in the allow-list` } });
}

type Rendered = ReturnType<typeof renderNode>;

/** What changes on a node: its files, and its allow-list as one more. */
function nodeDiff(before: Rendered, after: Rendered): string {
	const old = new Map([...before.files, allowList(before)].map(({ name, text }) => [name, text]));
	const fresh = new Map([...after.files, allowList(after)].map(({ name, text }) => [name, text]));
	return [...new Set([...old.keys(), ...fresh.keys()])]
		.map((name) => diffLines(old.get(name) ?? "", fresh.get(name) ?? "", { from: name, to: name }))
		.join("");
}

function allowList({ wwids }: Rendered) {
	return { name: "wwids", text: wwids.map((wwid) => `${wwid}\n`).join("") };
}
