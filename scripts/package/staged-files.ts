import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { copyrightFile } from "./copyright-file.ts";
import type { Product } from "./product.ts";
import type { Release } from "./release.ts";
import type { Runtime } from "./runtime.ts";
import { sbomText } from "./sbom.ts";
import { settingsFile } from "./settings-file.ts";
import { settingsPage } from "./settings-page.ts";
import { filesBelow, type StagedFile } from "./write-tree.ts";

/** The files of a package that are the same in each kind of it. */
export function stagedFiles(
	root: string,
	{
		product,
		runtime,
		release,
	}: { readonly product: Product; readonly runtime: Runtime; readonly release: Release },
): readonly StagedFile[] {
	const packaging = (name: string) => readFileSync(join(root, "packaging", name), "utf8");
	const units = ["pathkeeper", "pathkeeper-agent", "pathkeeper-server"].map((name) => `${name}.service`);
	return [
		program("usr/bin/pathkeeper", packaging("pathkeeper.sh")),
		...filesBelow(product.folder, "usr/lib/pathkeeper"),
		program("usr/lib/pathkeeper/runtime/node", { copyOf: runtime.program }),
		plain("usr/lib/pathkeeper/runtime/LICENSE", { copyOf: runtime.license }),
		...units.map((unit) => plain(`usr/lib/systemd/system/${unit}`, packaging(`systemd/${unit}`))),
		plain("usr/lib/sysusers.d/pathkeeper.conf", packaging("sysusers.conf")),
		plain("usr/lib/tmpfiles.d/pathkeeper.conf", packaging("tmpfiles.conf")),
		{ ...plain("etc/pathkeeper/pathkeeper.conf", settingsFile()), isConfiguration: true },
		plain("usr/share/bash-completion/completions/pathkeeper", product.completion),
		plain("usr/share/man/man1/pathkeeper.1.gz", packed(product.manual)),
		plain("usr/share/man/man5/pathkeeper.conf.5.gz", packed(settingsPage(release.version))),
		plain(
			"usr/share/doc/pathkeeper/copyright",
			copyrightFile(product.parts, readFileSync(runtime.license, "utf8")),
		),
		plain("usr/share/doc/pathkeeper/sbom.cdx.json", sbomText(release, runtime, product.parts)),
		plain("usr/share/doc/pathkeeper/examples/needrestart.conf", packaging("needrestart.conf")),
	];
}

/** As `gzip -9n`. */
export function packed(text: string): Uint8Array {
	return gzipSync(text, { level: 9 });
}

export function plain(path: string, content: StagedFile["content"]): StagedFile {
	return { path, mode: 0o644, content };
}

function program(path: string, content: StagedFile["content"]): StagedFile {
	return { path, mode: 0o755, content };
}
