import type { ReactNode } from "react";
import { Dialog } from "../ui/dialog.tsx";
import { Button } from "../ui/kit.ts";
import { Notice } from "../ui/notice.tsx";
import { FollowTask } from "./follow-task.tsx";
import type { useOrder } from "./use-order.ts";

type Order<T> = Pick<ReturnType<typeof useOrder<T>>, "data" | "isPending" | "upid" | "reset">;

/** A form for work on a node (its children); then the task that does it, and its result. */
export function OrderDialog<T>({
	title,
	node,
	order,
	doneText,
	onEnded,
	onClose,
	children,
}: {
	readonly title: string;
	readonly node: string;
	readonly order: Order<T>;
	/** What was done, from the answer of the server. */
	readonly doneText: (result: T) => string;
	readonly onEnded: () => void;
	readonly onClose: () => void;
	readonly children: ReactNode;
}) {
	const { data, isPending, upid, reset } = order;
	if (data !== undefined)
		return (
			<Dialog onClose={onClose} title={title}>
				<div className="stack">
					<Notice kind="good" title={doneText(data)} />
					{upid === null ? null : <FollowTask node={node} upid={upid} />}
					<div className="row-of end">
						<Button data-autofocus onClick={onClose}>
							Done
						</Button>
					</div>
				</div>
			</Dialog>
		);
	if (upid !== null)
		return (
			<Dialog onClose={onClose} title={title}>
				<div className="stack">
					<FollowTask node={node} upid={upid} onEnded={onEnded} />
					<div className="row-of end">
						{isPending ? null : (
							<Button variant="default" onClick={reset}>
								Back
							</Button>
						)}
						<Button onClick={onClose}>{isPending ? "Close; this continues" : "Close"}</Button>
					</div>
				</div>
			</Dialog>
		);
	return (
		<Dialog onClose={onClose} title={title}>
			{children}
		</Dialog>
	);
}
