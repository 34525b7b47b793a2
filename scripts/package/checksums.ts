import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes SHA256SUMS over every package of a version in a folder, for `sha256sum --check`. */
export function writeChecksums(folder: string, version: string): void {
	const names = readdirSync(folder).filter((name) => {
		const [, of] = /^pathkeeper[_-](\d+\.\d+\.\d+)[_-].*\.(?:deb|rpm|tar\.xz|cdx\.json)$/.exec(name) ?? [];
		return of === version;
	});
	const lines = names.sort().map((name) => {
		const sum = createHash("sha256")
			.update(readFileSync(join(folder, name)))
			.digest("hex");
		return `${sum}  ${name}\n`;
	});
	writeFileSync(join(folder, "SHA256SUMS"), lines.join(""));
}
