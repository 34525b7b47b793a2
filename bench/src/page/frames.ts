import type { Page } from "playwright-core";
import { median } from "../measure.ts";

/** Scrolls through everything in 120 frames; gives the time that they took, median and longest. */
export async function frames(page: Page, selector: string): Promise<string> {
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

/** Puts a table of as many cells in the page's place, as plain as can be. */
export async function plainTable(page: Page, rows: number, columns: number): Promise<void> {
	await page.evaluate(`document.body.innerHTML = '<div class="plain"><table>' + Array.from({ length: ${rows} },
		(_, row) => "<tr>" + ("<td>" + (row % 5) + "/4</td>").repeat(${columns}) + "</tr>").join("") + "</table></div>"`);
	await page.evaluate('document.querySelector(".plain").style.cssText = "height:600px;overflow:auto"');
}
