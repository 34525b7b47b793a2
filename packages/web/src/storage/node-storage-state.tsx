import { shown } from "../ui/shown.ts";
import { StateWord } from "../ui/state-mark.tsx";
import type { StorageOnNode } from "./storage-state.ts";

/** The state of a storage on one node. */
export function NodeStorageState({ storage }: { readonly storage: StorageOnNode }) {
	switch (storage.kind) {
		case "active":
			return <StateWord state="optimal" word="active" />;
		case "inactive":
			return (
				<>
					<StateWord state="failed" word="not active" />
					<div className="more">{shown(storage.problem)}</div>
				</>
			);
		case "unknown":
			return (
				<>
					<StateWord state="unknown" word="unknown" />
					<div className="more">{shown(storage.problem)}</div>
				</>
			);
		case "asking":
			return <span className="hint">asking …</span>;
		case "none":
			return <span className="hint">not used here</span>;
	}
}
