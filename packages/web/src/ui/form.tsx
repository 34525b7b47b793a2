import type { ReactNode } from "react";

/** A form that is sent by its button or by Enter, to `onSubmit` and not by the browser. */
export function Form({
	className = "stack",
	onSubmit,
	children,
}: {
	readonly className?: string;
	readonly onSubmit: () => void;
	readonly children: ReactNode;
}) {
	return (
		<form
			className={className}
			onSubmit={(event) => {
				event.preventDefault();
				onSubmit();
			}}
		>
			{children}
		</form>
	);
}
