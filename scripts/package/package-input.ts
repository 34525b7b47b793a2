import type { Architecture } from "./architecture.ts";
import type { Release } from "./release.ts";
import type { StagedFile } from "./write-tree.ts";

/** What a package of any kind is made from. */
export interface PackageInput {
	readonly files: readonly StagedFile[];
	readonly release: Release;
	readonly architecture: Architecture;
	/** Of xz, 0 to 9. */
	readonly level: number;
	/** A folder for what is only needed meanwhile. */
	readonly work: string;
	/** Where the package goes. */
	readonly folder: string;
}
