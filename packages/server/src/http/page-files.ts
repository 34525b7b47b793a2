/** The web page as the build left it: a folder of files, read once and kept ready to send. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join, sep } from "node:path";
import { gzipSync } from "node:zlib";

export interface PageFile {
	readonly type: string;
	readonly bytes: Buffer;
	/** Null where packing gains nothing. */
	readonly gzip: Buffer | null;
	readonly etag: string;
	/** True when its name says what is in it, so that it never changes. */
	readonly immutable: boolean;
}

export interface Page {
	/** The document that every address of the page begins with; `%NONCE%` stands where styles are let in. */
	readonly document: string;
	/** By path below the root, such as `assets/index-4f2a.js`. */
	readonly files: ReadonlyMap<string, PageFile>;
}

const types: Readonly<Record<string, string>> = {
	".css": "text/css; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
	".txt": "text/plain; charset=utf-8",
	".woff2": "font/woff2",
};

/** Null when there is no page in that folder. Files of a kind that the page has none of are left out. */
export function readPage(folder: string): Page | null {
	try {
		const document = readFileSync(join(folder, "index.html"), "utf8");
		const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
		const files = names.flatMap((name): [string, PageFile][] => {
			const type = types[extname(name)];
			return type === undefined
				? []
				: [[name.split(sep).join("/"), fileOf(readFileSync(join(folder, name)), name, type)]];
		});
		return { document, files: new Map(files) };
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
		throw error;
	}
}

function fileOf(bytes: Buffer, name: string, type: string): PageFile {
	const gzip = gzipSync(bytes, { level: 9 });
	return {
		type,
		bytes,
		gzip: gzip.length < bytes.length * 0.9 ? gzip : null,
		etag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`,
		immutable: name.startsWith(`assets${sep}`),
	};
}
