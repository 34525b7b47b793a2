import {
	checkAlias,
	configDropIn,
	type Finding,
	type FleetConfig,
	type KnownDmDevice,
	lintOverrides,
	overridesDropIn,
	PathkeeperError,
	readFleetConfig,
	renderNode,
} from "@pathkeeper/model";
import type { DesiredConfig } from "./desired-config.ts";

/** The drop-ins, read by multipathd in bytewise order after the main file. */
export const dropInFolder = "/etc/multipath/conf.d";

/** The files that are Pathkeeper's own. */
export const ourPaths: readonly string[] = [configDropIn, overridesDropIn].map(
	(name) => `${dropInFolder}/${name}`,
);

/** What one node gets, worked out from the documents and what the node is. */
export interface Plan {
	/** Text of each of our drop-ins by path; null: the file must not be there. */
	readonly files: ReadonlyMap<string, string | null>;
	/** WWIDs that the node's allow-list must hold. */
	readonly wwids: readonly string[];
	/** The installed release that the plan is made for. */
	readonly toolsVersion: string | null;
	readonly findings: readonly Finding[];
}

export interface PlanInput {
	readonly node: string;
	/** Installed release; null: none is. */
	readonly toolsVersion: string | null;
	/** WWIDs of the maps that somebody uses here. */
	readonly inUse: readonly string[];
	/** All device-mapper devices of the node: names that an alias must not take from another one. */
	readonly dmDevices: readonly KnownDmDevice[];
}

/**
 * Renders the documents for a node. They were checked before they were stored, and are checked again here, because
 * an agent trusts no writer: throws CONF_INVALID with line and column, and then nothing of them is applied.
 */
export function planOf(desired: DesiredConfig, input: PlanInput): Plan {
	const { toolsVersion } = input;
	const read = readFleetConfig(desired.config.text);
	refuse("multipath.cfg", read.problems);
	const overrides = desired.overrides.text;
	refuse("multipath-overrides.conf", lintOverrides(overrides, {}));
	const { config, findings } = withFreeAliases(read.config, input);
	const rendered = renderNode({ config, overrides, ...input });
	const texts = new Map(rendered.files.map(({ name, text }) => [`${dropInFolder}/${name}`, text]));
	return {
		files: new Map(ourPaths.map((path) => [path, texts.get(path) ?? null])),
		wwids: rendered.wwids,
		toolsVersion,
		findings: [...rendered.findings, ...findings],
	};
}

/**
 * An alias that another device of this node bears would make multipathd remove the idle map and not bring it back
 * (observed on 0.9.4, 0.11.1 and 0.15.1). The server looks at all nodes before it stores one; the name may have been
 * taken since.
 */
function withFreeAliases(
	config: FleetConfig,
	{ node, dmDevices }: PlanInput,
): { readonly config: FleetConfig; readonly findings: readonly Finding[] } {
	const known = { wwids: [], dmDevices };
	const findings: Finding[] = [];
	const luns = config.luns.map((lun) => {
		const { alias, wwid } = lun;
		const problem = alias === null ? null : checkAlias(alias, { wwid, luns: [], known });
		if (problem === null) return lun;
		const text = `alias '${alias}' of LUN ${wwid} ${problem}; on ${node} the map keeps its WWID as name until the alias is free`;
		findings.push({ code: "alias-taken", severity: "warning", subject: wwid, text });
		return { ...lun, alias: null };
	});
	return { config: { ...config, luns }, findings };
}

interface Problem {
	readonly line: number;
	readonly column: number;
	readonly severity: "error" | "warning";
	readonly text: string;
}

function refuse(document: string, problems: readonly Problem[]): void {
	const errors = problems.filter(({ severity }) => severity === "error");
	if (errors.length === 0) return;
	const words = errors.map(({ line, column, text }) => `line ${line}, column ${column}: ${text}`);
	throw new PathkeeperError("CONF_INVALID", { what: document, problem: words.join("; ") });
}
