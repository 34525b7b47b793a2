import { chmodSync, copyFileSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A file of a package. */
export interface StagedFile {
	/** From the root of the file system, without a slash at its front. */
	readonly path: string;
	readonly mode: 0o644 | 0o755;
	/** Its text or bytes, or the file that has them. */
	readonly content: string | Uint8Array | { readonly copyOf: string };
	/** True: administrators change it, and an upgrade keeps what they made of it. */
	readonly isConfiguration?: true;
}

/** Writes files below `folder`; every mode and time is what it should be, whatever umask and clock say. */
export function writeTree(folder: string, files: readonly StagedFile[], epoch: number): void {
	for (const { path, mode, content } of files) {
		const file = join(folder, path);
		mkdirSync(dirname(file), { recursive: true });
		if (typeof content === "string" || content instanceof Uint8Array) writeFileSync(file, content);
		else copyFileSync(content.copyOf, file);
		chmodSync(file, mode);
		utimesSync(file, epoch, epoch);
	}
	for (const path of ["", ...foldersOf(files)].reverse()) {
		chmodSync(join(folder, path), 0o755);
		utimesSync(join(folder, path), epoch, epoch);
	}
}

/** Every folder that the files need, each before what is in it. */
export function foldersOf(files: readonly StagedFile[]): readonly string[] {
	const folders = files.flatMap(({ path }) => {
		const names = path.split("/").slice(0, -1);
		return names.map((_, at) => names.slice(0, at + 1).join("/"));
	});
	return [...new Set(folders)].sort();
}

/** The regular files below a folder, as files of a package below `place`, in order. */
export function filesBelow(folder: string, place: string): StagedFile[] {
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
		.sort()
		.map((path) => ({ path: `${place}/${path}`, mode: 0o644, content: { copyOf: join(folder, path) } }));
}
