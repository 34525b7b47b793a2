/**
 * The web page in Chromium, against the real server: how much script it begins with, how soon the first answer stands
 * there, how smoothly the matrix scrolls and zooms beside a plain table of the same size, and how it bears a fleet in
 * which much changes. `PARTS` names some of `start`, `changes`, `large`.
 */

import { ReportedFleet } from "../packages/server/test/reported-fleet.ts";
import { largeFleet } from "../packages/web/test/shown-fleets.ts";
import { median } from "./src/measure.ts";
import { changing } from "./src/page/changing.ts";
import { frames, plainTable } from "./src/page/frames.ts";
import { missed, PageBench } from "./src/page/page-bench.ts";
import { scriptBytes } from "./src/page/script-bytes.ts";

const aim = { scriptKb: 250, firstMs: 1000, longTaskMs: 50, grownMb: 5 };
const parts = (process.env["PARTS"] ?? "start,changes,large").split(",");

if (parts.includes("start")) await start();
if (parts.includes("changes")) await changes();
if (parts.includes("large")) await large();
process.exit();

async function start(): Promise<void> {
	await using fleet = await largeFleet();
	await using bench = await PageBench.open(fleet.store);
	const { page } = bench;
	const scripts = scriptBytes(page);
	await bench.logIn();
	const headline = page.getByText(/of 2,000 LUNs on 64 nodes/);
	await headline.waitFor();
	const { kb, files, of } = scripts();
	console.log(`script until Health stands there: ${kb.toFixed(1)} kB gzipped${missed(kb > aim.scriptKb)}`);
	console.log(`files: ${files} of ${of}`);
	const times: number[] = [];
	for (let run = 0; run < 7; run++) {
		const begun = performance.now();
		await page.reload({ waitUntil: "commit" });
		await headline.waitFor();
		times.push(performance.now() - begun);
	}
	const first = median(times);
	console.log(
		`Health at 2,000 x 64 stands there after: ${first.toFixed(0)} ms, median of 7${missed(first > aim.firstMs)}`,
	);
	const canvas = await frames(page, ".matrix");
	await plainTable(page, 2000, 64);
	console.log(
		`a frame while scrolling, median and longest: canvas ${canvas}; plain table ${await frames(page, ".plain")}`,
	);
}

async function changes(): Promise<void> {
	await using fleet = await ReportedFleet.start({ nodes: 64, luns: 2000, paths: 4 });
	await using bench = await PageBench.open(fleet.store);
	await bench.logIn();
	await bench.page.getByText("All 2,000 LUNs are optimal on 64 nodes.").waitFor();
	await changing(fleet, { seconds: 5, cellsASecond: 1000 });
	const before = await bench.heapMb();
	const tasks = await bench.watchLongTasks();
	const { cells, seconds } = await changing(fleet, { seconds: 30, cellsASecond: 1000 });
	const long = await tasks();
	const grown = (await bench.heapMb()) - before;
	const longest = Math.max(0, ...long);
	console.log(`${(cells / seconds).toFixed(0)} cells changed a second for ${seconds.toFixed(0)} s`);
	console.log(
		`tasks over 50 ms: ${long.length}, the longest ${longest.toFixed(0)} ms${missed(longest > aim.longTaskMs)}`,
	);
	console.log(
		`memory in use after it: ${grown >= 0 ? "+" : ""}${grown.toFixed(1)} MB on ${before.toFixed(1)} MB${missed(grown > aim.grownMb)}`,
	);
}

async function large(): Promise<void> {
	await using fleet = await ReportedFleet.start({ nodes: 200, luns: 5000, paths: 2 });
	await using bench = await PageBench.open(fleet.store);
	const { page } = bench;
	await bench.logIn();
	await page.getByText("All 5,000 LUNs are optimal on 200 nodes.").waitFor();
	console.log(
		`5,000 x 200: a frame while scrolling, median and longest: canvas ${await frames(page, ".matrix")}`,
	);
	const zooms: number[] = [];
	for (const name of [
		"Smaller cells",
		"Smaller cells",
		"Larger cells",
		"The whole fleet at once",
		"The whole fleet at once",
	])
		zooms.push(await bench.untilPainted(name));
	console.log(
		`5,000 x 200: from a press of a zoom button to the next picture: ${median(zooms).toFixed(1)} ms, longest ${Math.max(...zooms).toFixed(1)} ms`,
	);
	await plainTable(page, 5000, 200);
	console.log(`5,000 x 200: a plain table: ${await frames(page, ".plain")}`);
}
