import { Button, Loader } from "../ui/kit.ts";
import { Problem } from "../ui/problem.tsx";
import { shown } from "../ui/words.ts";

/** The end of a form that orders work on a node: whether it goes on, why it was refused, and what can be done now. */
export function OrderEnd({
	node,
	order: { isPending, error },
	refusal,
	action,
	canOrder,
	onClose,
}: {
	readonly node: string;
	readonly order: { readonly isPending: boolean; readonly error: unknown };
	/** What did not happen, when it was refused. */
	readonly refusal: string;
	readonly action: string;
	readonly canOrder: boolean;
	readonly onClose: () => void;
}) {
	return (
		<>
			{isPending ? (
				<p className="row-of" role="status">
					<Loader size="sm" /> {shown(node)} works on it …
				</p>
			) : null}
			{error === null ? null : <Problem what={refusal} error={error} unchanged />}
			<div className="row-of end">
				<Button variant="default" onClick={onClose}>
					Cancel
				</Button>
				<Button type="submit" disabled={!canOrder || isPending}>
					{action}
				</Button>
			</div>
		</>
	);
}
