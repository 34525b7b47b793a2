/** Parsing and checking a multipath.conf of 1 MB. Aim: parse in at most 100 ms. */
import { lintConf, parseConf } from "@pathkeeper/model";
import { judged, report, sideBySide } from "./src/measure.ts";

const block = (n: number) =>
	`\tmultipath {\n\t\twwid "36001405${String(n).padStart(25, "0")}"\n\t\talias lun-${n}\n\t\tno_path_retry 12\n\t}\n`;
let text = "multipaths {\n";
for (let n = 0; text.length < 1_000_000; n++) text += block(n);
text += "}\n";

console.log(`${text.length} bytes`);
const costs = await sideBySide(
	{
		"split into lines and words (floor)": () => text.split("\n").map((line) => line.split(/\s+/)),
		parse: () => parseConf(text),
		"parse and lint": () => lintConf(text),
	},
	9,
);
report("multipath.conf of 1 MB", costs);
const parseMs = costs.get("parse")?.cpuMs ?? Number.NaN;
console.log(`parse: ${parseMs.toFixed(0)} ms (${judged(parseMs, 100, " ms")})`);
