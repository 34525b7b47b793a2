import type { Output } from "../output/output.ts";
import { marked, shown } from "../output/words.ts";
import type { Fleet } from "./fleet-answers.ts";

/** What is wrong with the fleet as a whole, in full: it comes before any LUN, since it may keep all of them from being changed. */
export function fleetFindings({ findings }: Pick<Fleet, "findings">, output: Output): string {
	return findings
		.filter(({ severity }) => severity !== "info")
		.map(({ severity, text }) => {
			const mark = marked(severity === "error" ? "failed" : "degraded", "fleet", output.colour);
			return output.lines(`${mark}: ${shown(text)}`, "", "    ");
		})
		.join("");
}
