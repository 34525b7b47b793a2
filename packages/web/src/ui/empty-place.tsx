import { emptyPlaces } from "@pathkeeper/model";
import type { ReactNode } from "react";
import { Empty } from "./notice.tsx";

/** Nothing is here yet: in the words of the command line, with its command, or with a link or button instead of it. */
export function EmptyPlace({
	place,
	children,
}: {
	readonly place: keyof typeof emptyPlaces;
	readonly children?: ReactNode;
}) {
	const { title } = emptyPlaces[place];
	return (
		<Empty title={title}>
			<NextStep place={place}>{children}</NextStep>
		</Empty>
	);
}

/** Only how to go on, where it is said already what is so. */
export function NextStep({
	place,
	children,
}: {
	readonly place: keyof typeof emptyPlaces;
	readonly children?: ReactNode;
}) {
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
