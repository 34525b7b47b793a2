import type { ReactNode } from "react";
import "./more-settings.css";

/** Settings that few need, behind a line that opens them. */
export function MoreSettings({
	summary,
	isOpen,
	children,
}: {
	readonly summary: string;
	/** True where some of them are set. */
	readonly isOpen: boolean;
	readonly children: ReactNode;
}) {
	return (
		<details className="more-settings" open={isOpen}>
			<summary>{summary}</summary>
			{children}
		</details>
	);
}
