import { StateWord } from "../ui/state-mark.tsx";
import { shown } from "../ui/words.ts";
import type { OnNode } from "./standing.ts";

/** A storage on one node, in words. */
export function OnNodeWord({ place }: { readonly place: OnNode }) {
	switch (place.kind) {
		case "active":
			return <StateWord state="optimal" word="active" />;
		case "inactive":
			return (
				<>
					<StateWord state="failed" word="not active" />
					<div className="more">{shown(place.problem)}</div>
				</>
			);
		case "unknown":
			return (
				<>
					<StateWord state="unknown" word="not known" />
					<div className="more">{shown(place.problem)}</div>
				</>
			);
		case "asking":
			return <span className="hint">asking …</span>;
		case "none":
			return <span className="hint">not used here</span>;
	}
}
