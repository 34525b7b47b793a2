/** Loaded by Node before a program: writes the address of every module that the program loads into a file. */
import { appendFileSync } from "node:fs";
import { registerHooks } from "node:module";

const file = process.env["MODULES_FILE"] ?? "";

registerHooks({
	load(url, context, next) {
		appendFileSync(file, `${url}\n`);
		return next(url, context);
	},
});
