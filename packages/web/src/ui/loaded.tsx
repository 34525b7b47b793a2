import type { ReactNode } from "react";
import { Problem } from "./problem.tsx";
import { Waiting } from "./waiting.tsx";

/** An answer of the server: why it could not be read, that it is being read, or what `children` makes of it. */
export function Loaded<Data>({
	answer: { data, error },
	problem,
	waiting,
	isOldHidden = false,
	children,
}: {
	readonly answer: { readonly data: Data | undefined; readonly error: unknown };
	/** What could not be read. */
	readonly problem: string;
	/** What is shown while it is read. */
	readonly waiting?: string;
	/** True where an earlier answer must not be shown once a newer one could not be read. */
	readonly isOldHidden?: boolean;
	readonly children: (data: Data) => ReactNode;
}) {
	return (
		<>
			<Problem what={problem} error={error} />
			{data === undefined && error === null ? <Waiting>{waiting}</Waiting> : null}
			{data === undefined || (isOldHidden && error !== null) ? null : children(data)}
		</>
	);
}
