/** Replaces one file over and over with two texts in turn, until it is killed. Started by rooted-files.test.ts. */
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { RootedFiles } from "../../src/files/rooted-files.ts";
import { wholeTexts } from "./whole-texts.ts";

const files = new RootedFiles(realRuntime, process.argv[2]);
for (;;) {
	for (const text of wholeTexts) {
		await files.replace("/etc/multipath/conf.d/pathkeeper.conf", text);
		process.stdout.write(".");
	}
}
