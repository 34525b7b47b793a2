import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

/** An npm package that code in the product comes from. */
export interface NpmPart {
	readonly name: string;
	readonly version: string;
	/** An expression of SPDX's. */
	readonly license: string;
	/** As the lock file has it, such as `sha512-…` in base64. */
	readonly integrity: string;
	/** From the project's root, such as `node_modules/@fastify/error`. */
	readonly folder: string;
	/** What its authors put their names to, one line each. */
	readonly copyright: readonly string[];
	/** The text of its licence, without those lines. */
	readonly licenseText: string;
}

/** What is read of package-lock.json. */
interface LockFile {
	readonly packages: Readonly<
		Record<string, { readonly version?: string; readonly license?: string; readonly integrity?: string }>
	>;
}

/**
 * Packages without a file with their licence, or with one that is about more than what comes from them: whose they are,
 * and where in packaging/licenses the text is.
 */
const toldHere: Readonly<Record<string, { readonly copyright: string; readonly text: string }>> = {
	"abstract-logging": { copyright: "James Sumners <james.sumners@gmail.com>", text: "MIT" },
	"@bufbuild/protobuf": { copyright: "2021-2026 Buf Technologies, Inc.; 2008 Google Inc.", text: "protobuf" },
	"@connectrpc/connect": { copyright: "2021-2026 The Connect Authors", text: "Apache-2.0" },
	"@connectrpc/connect-node": { copyright: "2021-2026 The Connect Authors", text: "Apache-2.0" },
	"react-remove-scroll-bar": { copyright: "Anton Korzunov <thekashey@gmail.com>", text: "MIT" },
	// Only its loader of chunks; its file has the licences of all that it bundles for itself.
	vite: { copyright: "2019-present VoidZero Inc. and Vite contributors", text: "MIT" },
};

/** Modules that a bundler writes itself, by the package that they come from. */
const writtenBy: Readonly<Record<string, string>> = {
	"\0vite/preload-helper.js": "node_modules/vite",
	"\0rolldown/runtime.js": "node_modules/rolldown",
};

/**
 * The npm packages of source files, each once, by folder. Throws an Error for a file that belongs to no package of the
 * lock file, and for a package whose licence is not known.
 */
export function npmParts(root: string, modules: readonly string[]): readonly NpmPart[] {
	const lock: LockFile = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
	const folders = new Set(
		modules.map((module) => folderOf(root, module)).filter((folder) => folder !== null),
	);
	return [...folders].sort().map((folder) => {
		const { version, license, integrity } = lock.packages[folder] ?? {};
		if (version === undefined || license === undefined || integrity === undefined)
			throw new Error(`${folder}: package-lock.json lacks its version, its licence or its checksum`);
		const name = folder.slice(folder.lastIndexOf("node_modules/") + "node_modules/".length);
		return { name, version, license, integrity, folder, ...licenseOf(root, folder, name) };
	});
}

/** Null: the file is the project's own. */
function folderOf(root: string, module: string): string | null {
	const written = writtenBy[module];
	if (written !== undefined) return written;
	const [file = ""] = relative(root, resolve(root, module)).split("?");
	const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? [];
	if (folder !== undefined) return folder;
	if (/^packages\/[^/]+\/(?:src\/|index\.html$)/.test(file)) return null;
	throw new Error(`${module} is in the product, and neither ours nor of a package`);
}

function licenseOf(root: string, folder: string, name: string): Pick<NpmPart, "copyright" | "licenseText"> {
	const known = toldHere[name];
	if (known !== undefined) {
		const text = readFileSync(join(root, `packaging/licenses/${known.text}.txt`), "utf8");
		return { copyright: known.copyright.split("; "), licenseText: text.trim() };
	}
	const files = readdirSync(join(root, folder)).filter((file) => /^licen[cs]e(?:\.md|\.txt)?$/i.test(file));
	if (files[0] === undefined)
		throw new Error(`${name} has no file with its licence; say whose it is in npm-parts.ts`);
	return splitLicense(readFileSync(join(root, folder, files[0]), "utf8"), name);
}

/** The lines that say whose it is, without the word, and the rest. */
function splitLicense(text: string, name: string): Pick<NpmPart, "copyright" | "licenseText"> {
	const mark = /^(?:copyright\b(?! (?:notice|holders?|owner))|\(c\)|©)(?:\s*(?:\(c\)|©))*[\s,]*(?:by )?/i;
	const lines = text.replaceAll("\r", "").trim().split("\n");
	const holders = lines.filter((line) => mark.test(line.trim()));
	if (holders.length === 0)
		throw new Error(`${name}: its licence names nobody; say whose it is in npm-parts.ts`);
	const licenseText = lines.filter((line) => !mark.test(line.trim())).join("\n");
	return { copyright: holders.map((line) => line.trim().replace(mark, "")), licenseText: licenseText.trim() };
}
