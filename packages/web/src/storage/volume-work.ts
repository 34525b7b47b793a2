import type { VolumeAnswer } from "./answers.ts";

/** What can be done with a volume, each with a dialog of its own. */
export type VolumeWork = "activate" | "deactivate" | "grow" | "rename" | "remove";

/** A volume and who can work on it. */
export interface VolumeDialog {
	readonly storage: string;
	readonly volume: VolumeAnswer;
	/** Node that reports the volumes. */
	readonly node: string;
	/** Nodes that have the storage active. */
	readonly nodes: readonly string[];
	readonly onClose: () => void;
}
