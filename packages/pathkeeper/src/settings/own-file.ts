/** Files that the daemon takes its settings, keys and passwords from: whoever can change one of them steers root. */
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { trustProblem } from "@pathkeeper/host";

/** Throws an Error that says what to do when others than root can change the file, or read it though it is a secret. */
export function checkOwnFile(path: string, { isSecret }: { readonly isSecret: boolean }): void {
	// Said as what it is, by the call that knows: it is not there, or may not be looked at.
	const { mode } = statSync(path);
	const problem = trustProblem(resolve(path), { kind: "file" });
	if (problem !== null) throw new Error(`${problem}; chown it to root and chmod go-w it`);
	if (isSecret && (mode & 0o007) !== 0) throw new Error("everybody may read it; chmod o-rwx it");
}

/** The text of such a file. Throws as `checkOwnFile` does. */
export function readOwnFile(path: string, options: { readonly isSecret: boolean }): string {
	checkOwnFile(path, options);
	return readFileSync(path, "utf8");
}
