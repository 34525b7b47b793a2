import { type LunState, type Picture, worstFirst } from "@pathkeeper/model";
import { StateMark } from "../ui/state-mark.tsx";
import { meaning } from "../ui/states.ts";
import { countStates } from "./rows.ts";

/** How many LUNs are in each state; pressing one shows only those. */
export function Counts({
	picture,
	chosen,
	onChoose,
}: {
	readonly picture: Picture;
	readonly chosen: LunState | null;
	readonly onChoose: (state: LunState | null) => void;
}) {
	const counts = countStates(picture);
	const shown = worstFirst.filter((state) => counts.has(state) || state === "optimal" || state === chosen);
	if (picture.luns.length === 0) return null;
	return (
		<fieldset className="counts">
			<legend className="sr-only">Show only LUNs in one state</legend>
			{shown.map((state) => (
				<button
					key={state}
					type="button"
					className={`count state-${state}`}
					aria-pressed={chosen === state}
					title={`${state}: ${meaning[state]}`}
					onClick={() => onChoose(chosen === state ? null : state)}
				>
					<StateMark state={state} />
					<b>{(counts.get(state) ?? 0).toLocaleString("en")}</b> <span>{state}</span>
				</button>
			))}
		</fieldset>
	);
}
