import type { VolumeAnswer } from "./answers.ts";
import { FreeVolume } from "./free-volume.tsx";
import { GrowVolume } from "./grow-volume.tsx";
import { RenameVolume } from "./rename-volume.tsx";
import { UseVolume } from "./use-volume.tsx";

export type VolumeWork = "activate" | "deactivate" | "grow" | "rename" | "remove";

/** A volume and who can work on it. */
export interface VolumeDialog {
	readonly storage: string;
	readonly volume: VolumeAnswer;
	/** Node that tells of the volumes. */
	readonly node: string;
	/** Nodes that have the storage active. */
	readonly nodes: readonly string[];
	readonly onClose: () => void;
}

/** The dialog for what somebody wants to do with a volume. */
export function VolumeDialogs({ work, ...dialog }: VolumeDialog & { readonly work: VolumeWork }) {
	switch (work) {
		case "activate":
		case "deactivate":
			return <UseVolume {...dialog} work={work} />;
		case "grow":
			return <GrowVolume {...dialog} />;
		case "rename":
			return <RenameVolume {...dialog} />;
		case "remove":
			return <FreeVolume {...dialog} />;
	}
}
