import { messageOf, PathkeeperError } from "@pathkeeper/model";
import { Notice } from "./notice.tsx";

/** Why something could not be shown or done, with the problem of each field; nothing where there is no error. */
export function Problem({
	what,
	error,
	advice,
	unchanged = false,
}: {
	readonly what: string;
	/** Null: there is none. */
	readonly error: unknown;
	/** What to do about it. */
	readonly advice?: string | undefined;
	/** True to say that nothing was changed. */
	readonly unchanged?: boolean;
}) {
	if (error === null) return null;
	const fields = error instanceof PathkeeperError ? Object.entries(error.fields) : [];
	return (
		<Notice kind="error" title={what}>
			<p>{messageOf(error)}</p>
			{fields.length === 0 ? null : (
				<ul>
					{fields.map(([name, problem]) => (
						<li key={name}>
							<code>{name}</code>: {problem}
						</li>
					))}
				</ul>
			)}
			{advice === undefined ? null : <p>{advice}</p>}
			{unchanged ? <p>Nothing was changed.</p> : null}
		</Notice>
	);
}
