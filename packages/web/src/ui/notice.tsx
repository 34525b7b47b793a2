import type { ReactNode } from "react";
import "./notice.css";

/** What happened, what was not changed, what to do. */
export function Notice({
	kind,
	title,
	children,
}: {
	readonly kind: "info" | "warning" | "error" | "good";
	readonly title?: string;
	readonly children?: ReactNode;
}) {
	return (
		<div className={`notice ${kind}`} role={kind === "error" ? "alert" : "status"}>
			{title === undefined ? null : <strong>{title}</strong>}
			{children === undefined ? null : <div>{children}</div>}
		</div>
	);
}

/** There is nothing here yet; `children` says what to do next. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
	return (
		<div className="empty">
			<strong>{title}</strong>
			<div>{children}</div>
		</div>
	);
}
