/** `./dev bench [NAME…]`: runs the measurements in bench/, one process each; with names only those. */
import { readdirSync } from "node:fs";
import { run } from "./steps.ts";

const names = process.argv.slice(2);
const files = readdirSync("bench").filter((file) => file.endsWith(".bench.ts"));
const chosen =
	names.length === 0 ? files : files.filter((file) => names.some((name) => file.startsWith(name)));
if (chosen.length === 0) {
	console.error(
		`no such measurement; there are: ${files.map((file) => file.replace(".bench.ts", "")).join(", ")}`,
	);
	process.exitCode = 2;
}
for (const file of chosen) {
	console.log(`== ${file.replace(".bench.ts", "")}`);
	if (run([process.execPath, `bench/${file}`]) !== 0) process.exitCode = 1;
}
