import { Button } from "./kit.ts";

/** A button in a row of a list, or in the head of a panel. */
export function RowButton({
	text,
	label,
	kind = "plain",
	isExpanded,
	onClick,
}: {
	readonly text: string;
	/** What the button is about, for screen readers. */
	readonly label?: string;
	/** `main`: what most come here for; `danger`: it removes something. */
	readonly kind?: "plain" | "main" | "danger";
	/** Of a button that opens and closes something. */
	readonly isExpanded?: boolean;
	readonly onClick: () => void;
}) {
	return (
		<Button
			size="compact-sm"
			variant={kind === "main" ? "filled" : "subtle"}
			{...(kind === "danger" ? { color: "red" } : {})}
			aria-label={label}
			aria-expanded={isExpanded}
			onClick={onClick}
		>
			{text}
		</Button>
	);
}
