import {
	type Finding,
	lintOverrides,
	PathkeeperError,
	type RenderInput,
	readFleetConfig,
	renderNode,
} from "@pathkeeper/model";
import type { DesiredConfig } from "./desired-config.ts";

/** The drop-ins, read by multipathd in bytewise order after the main file. */
export const dropInFolder = "/etc/multipath/conf.d";

/** What one node gets, worked out from the documents alone. */
export interface Plan {
	/** Text of each of our drop-ins by path; null: the file must not be there. */
	readonly files: ReadonlyMap<string, string | null>;
	/** WWIDs that the node's allow-list must hold. */
	readonly wwids: readonly string[];
	/** The installed release that the plan is made for. */
	readonly toolsVersion: string | null;
	readonly findings: readonly Finding[];
}

const ourFiles = ["pathkeeper.conf", "pathkeeper-overrides.conf"];

/**
 * Renders the documents for a node. They were checked before they were stored, and are checked again here, because
 * an agent trusts no writer: throws CONF_INVALID with line and column, and then nothing of them is applied.
 */
export function planOf(
	desired: DesiredConfig,
	{ node, toolsVersion, inUse }: Pick<RenderInput, "node" | "toolsVersion" | "inUse">,
): Plan {
	const { config, problems } = readFleetConfig(desired.config.text);
	refuse("multipath.cfg", problems);
	const overrides = desired.overrides.text;
	refuse("multipath-overrides.conf", lintOverrides(overrides, {}));
	const rendered = renderNode({ config, overrides, toolsVersion, node, inUse: inUse ?? [] });
	const texts = new Map(rendered.files.map(({ name, text }) => [`${dropInFolder}/${name}`, text]));
	return {
		files: new Map(
			ourFiles.map((name) => [`${dropInFolder}/${name}`, texts.get(`${dropInFolder}/${name}`) ?? null]),
		),
		wwids: rendered.wwids,
		toolsVersion,
		findings: rendered.findings,
	};
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
	throw new PathkeeperError("CONF_INVALID", { values: { what: document, problem: words.join("; ") } });
}
