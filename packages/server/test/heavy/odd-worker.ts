/** A worker thread that does with a text what the text says. */
import { parentPort } from "node:worker_threads";

parentPort?.on("message", ({ takes: { text } }: { readonly takes: { readonly text: string } }) => {
	if (text === "endless") for (;;) text.at(0);
	const held: unknown[] = [];
	if (text === "greedy") for (;;) held.push(Array.from({ length: 1000 }, () => ({ text })));
	if (text === "throws") parentPort?.postMessage({ problem: "it threw" });
	else if (text === "ends") process.exit(1);
	else parentPort?.postMessage({ gives: [] });
});

parentPort?.postMessage("ready");
