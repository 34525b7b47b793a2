import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Architecture, architectures } from "./architecture.ts";

/** The Node.js that a package brings. */
export interface Runtime {
	readonly version: string;
	/** The program. */
	readonly program: string;
	/** Of the program, in hex. */
	readonly sha256: string;
	/** Licences of Node.js and of everything in it. */
	readonly license: string;
}

/** `packaging/runtime.json`: which Node.js, and what its files are. */
interface RuntimePins {
	readonly version: string;
	readonly x64: { readonly sha256: string };
	readonly arm64: { readonly sha256: string };
	readonly license: { readonly sha256: string };
}

/** Node.js for a machine, as `./dev` fetched it. Throws an Error when it is not there or is not the one that is pinned. */
export function runtimeFor(root: string, architecture: Architecture): Runtime {
	const pins: RuntimePins = JSON.parse(readFileSync(join(root, "packaging/runtime.json"), "utf8"));
	const { runtime } = architectures[architecture];
	const places = [".tools/runtimes/node_modules", ".tools/node_modules"];
	const folders = places.map((place) => join(root, place, `node-linux-${runtime}`));
	const folder = folders.find((each) => existsSync(join(each, "bin/node")));
	if (folder === undefined)
		throw new Error(`Node.js ${pins.version} for ${architecture} is not here; ./dev package fetches it`);
	const pinned = (name: string, { sha256 }: { readonly sha256: string }) => {
		const path = join(folder, name);
		const found = createHash("sha256").update(readFileSync(path)).digest("hex");
		if (found === sha256) return path;
		throw new Error(`${path} is not that of Node.js ${pins.version}: its SHA-256 is ${found}, not ${sha256}`);
	};
	return {
		version: pins.version,
		program: pinned("bin/node", pins[runtime]),
		sha256: pins[runtime].sha256,
		license: pinned("LICENSE", pins.license),
	};
}
