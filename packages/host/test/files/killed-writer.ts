/**
 * Replaces a file by the first text, then by the second, and kills itself at a given point of the second replace:
 * `killed-writer.ts ROOT POINT`. Started by rooted-files.test.ts. It kills itself because another process could not hit
 * a chosen point; for the kernel this is the same.
 */
import { promises } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import type { killPoints } from "./kill-points.ts";
import { wholeTexts } from "./whole-texts.ts";

const [root, point] = process.argv.slice(2);
const conf = "/etc/multipath/conf.d/pathkeeper.conf";
let isLast = false;

function at(here: (typeof killPoints)[number]): void {
	if (isLast && here === point) process.kill(process.pid, "SIGKILL");
}

/** The temp file, with the points between the steps of its writer, and one in the middle of the text. */
function watched(file: FileHandle): FileHandle {
	const { writeFile, sync } = file;
	return Object.assign(file, {
		writeFile: async (text: string) => {
			at("temp file made");
			const bytes = Buffer.from(text);
			await file.write(bytes, 0, bytes.length >> 1, 0);
			at("half of the text written");
			await file.truncate(0);
			await writeFile.call(file, text, "utf8");
			at("text written");
		},
		sync: async () => {
			await sync.call(file);
			at("text on the disk");
		},
	});
}

const { open, rename } = promises;
Object.assign(promises, {
	open: async (...args: Parameters<typeof open>) => {
		const file = await open(...args);
		return String(args[0]).endsWith(".tmp") ? watched(file) : file;
	},
	rename: async (...args: Parameters<typeof rename>) => {
		at("before the rename");
		await rename(...args);
		at("after the rename");
	},
});
syncBuiltinESMExports();

const { realRuntime } = await import("../../../pathkeeper/src/runtime/real-runtime.ts");
const { RootedFiles } = await import("../../src/files/rooted-files.ts");
const files = new RootedFiles(realRuntime, root);
const [first = "", second = ""] = wholeTexts;
await files.replace(conf, first);
isLast = true;
await files.replace(conf, second);
