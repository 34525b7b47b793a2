import { FreeVolume } from "./free-volume.tsx";
import { GrowVolume } from "./grow-volume.tsx";
import { RenameVolume } from "./rename-volume.tsx";
import { UseVolume } from "./use-volume.tsx";
import type { VolumeDialog, VolumeWork } from "./volume-work.ts";

/** The dialog for what a user wants to do with a volume. */
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
