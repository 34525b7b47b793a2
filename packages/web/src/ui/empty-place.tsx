import { emptyPlaces } from "@pathkeeper/model";
import type { ReactNode } from "react";
import { Empty } from "./notice.tsx";
import "./empty-place.css";

interface EmptyPlaceProps {
	readonly place: keyof typeof emptyPlaces;
	/** Shown instead of the command. */
	readonly children?: ReactNode;
}

/** There is nothing here yet: the text of the command line, with its command, or with a link or button instead. */
export function EmptyPlace({ place, children }: EmptyPlaceProps) {
	const { title } = emptyPlaces[place];
	return (
		<Empty title={title}>
			<NextStep place={place}>{children}</NextStep>
		</Empty>
	);
}

/** Only the next step, where the title is shown already. */
export function NextStep({ place, children }: EmptyPlaceProps) {
	const { step, command } = emptyPlaces[place];
	const instead = children ?? (command === null ? undefined : <code className="command">{command}</code>);
	return (
		<>
			<p>
				{step}
				{instead === undefined ? "." : ":"}
			</p>
			{instead === undefined ? null : <p>{instead}</p>}
		</>
	);
}
