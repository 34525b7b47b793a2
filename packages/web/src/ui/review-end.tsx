import { Button } from "./kit.ts";
import { Problem } from "./problem.tsx";

/** The end of a form whose change is looked at before it is made: why it cannot be yet, and what can be done now. */
export function ReviewEnd({
	error,
	canReview,
	onClose,
}: {
	/** Why what was typed is not to be looked at; null when nothing is known against it. */
	readonly error: unknown;
	readonly canReview: boolean;
	readonly onClose: () => void;
}) {
	return (
		<>
			{error === null ? null : <Problem what="Not yet." error={error} unchanged />}
			<div className="row-of end">
				<Button variant="default" onClick={onClose}>
					Cancel
				</Button>
				<Button type="submit" disabled={!canReview}>
					Review
				</Button>
			</div>
		</>
	);
}
