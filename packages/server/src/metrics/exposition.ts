/** Prometheus' text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats), as far as gauges need it. */
export interface Family {
	readonly name: string;
	readonly help: string;
	readonly samples: readonly Sample[];
}

export interface Sample {
	readonly labels: Readonly<Record<string, string>>;
	readonly value: number;
}

export const expositionType = "text/plain; version=0.0.4; charset=utf-8";

/** All families as text. With more samples than `most`, the last ones are left out, and the last family says so. */
export function exposition(families: readonly Family[], most: number): string {
	const lines: string[] = [];
	let left = most;
	let leftOut = 0;
	for (const { name, help, samples } of families) {
		const shown = samples.slice(0, left);
		left -= shown.length;
		leftOut += samples.length - shown.length;
		if (shown.length === 0) continue;
		lines.push(`# HELP ${name} ${escapedHelp(help)}`, `# TYPE ${name} gauge`);
		for (const { labels, value } of shown) lines.push(`${name}${labelText(labels)} ${value}`);
	}
	const name = "pathkeeper_series_left_out";
	const help = "Series that are left out of this answer because there are too many; ask node by node.";
	lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${leftOut}`, "");
	return lines.join("\n");
}

function labelText(labels: Readonly<Record<string, string>>): string {
	const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapedLabel(value)}"`);
	return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

/** Targets choose texts that end up here: none may end its quotes or its line, nor be no UTF-8. */
function escapedLabel(value: string): string {
	return value.toWellFormed().replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function escapedHelp(text: string): string {
	return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
