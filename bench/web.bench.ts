/**
 * The web page in Chromium, against the real server over 2,000 LUNs x 64 nodes: how much script it begins with, how
 * soon the first answer stands there, and how smoothly the matrix scrolls, beside a plain table of the same size.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { logIn, openBrowser, openWindow } from "../packages/web/test/browser.ts";
import { PageServer } from "../packages/web/test/page-server.ts";
import { largeFleet } from "../packages/web/test/shown-fleets.ts";
import { pageFolder } from "../scripts/build-page.ts";

const aim = { scriptKb: 250, firstMs: 1000 };

await using fleet = await largeFleet();
await using server = await PageServer.start(fleet.store, { simulated: true });
const browser = await openBrowser();
const { page } = await openWindow(browser, server);

const scripts: string[] = [];
page.on("response", (response) => {
	const name = /\/(assets\/[^/]+\.js)$/.exec(response.url())?.[1];
	if (name !== undefined) scripts.push(name);
});
await logIn(page, server);
const headline = page.getByText(/of 2,000 LUNs on 64 nodes/);
await headline.waitFor();
const bytes = scripts.map((name) => gzipSync(readFileSync(join(pageFolder, name)), { level: 9 }).length);
const kb = bytes.reduce((sum, size) => sum + size, 0) / 1000;
console.log(`script until Health stands there: ${kb.toFixed(1)} kB gzipped${missed(kb > aim.scriptKb)}`);
const all = readdirSync(join(pageFolder, "assets")).length;
console.log(`files: ${scripts.length} of ${all}`);

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

const canvas = await frames(".matrix");
await page.evaluate(`document.body.innerHTML = '<div class="plain"><table>' + Array.from({ length: 2000 },
	(_, row) => "<tr>" + ("<td>" + (row % 5) + "/4</td>").repeat(64) + "</tr>").join("") + "</table></div>"`);
await page.evaluate('document.querySelector(".plain").style.cssText = "height:600px;overflow:auto"');
const table = await frames(".plain");
console.log(`a frame while scrolling, median and longest: canvas ${canvas}; plain table ${table}`);
await browser.close();
process.exit();

/** Scrolls through everything in 120 frames; gives the time that they took. */
async function frames(selector: string): Promise<string> {
	const spans = await page.evaluate<number[]>(`new Promise((done) => {
		const box = document.querySelector(${JSON.stringify(selector)});
		const step = (box.scrollHeight - box.clientHeight) / 120;
		const spans = [];
		let last = performance.now();
		const next = (now) => {
			spans.push(now - last);
			last = now;
			if (spans.length === 120) return done(spans.slice(1));
			box.scrollTop += step;
			requestAnimationFrame(next);
		};
		requestAnimationFrame(next);
	})`);
	return `${median(spans).toFixed(1)} and ${Math.max(...spans).toFixed(1)} ms`;
}

function median(values: readonly number[]): number {
	return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function missed(isMissed: boolean): string {
	return isMissed ? " MISSED" : "";
}
