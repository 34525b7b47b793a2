import type { ReactNode } from "react";
import "./choice-box.css";

/** A frame around things to choose from. */
export function ChoiceBox({
	legend,
	isTall = false,
	error,
	children,
}: {
	readonly legend: string;
	/** True where each choice takes more than a word. */
	readonly isTall?: boolean;
	readonly error?: string | undefined;
	readonly children: ReactNode;
}) {
	return (
		<fieldset className={isTall ? "choice-box tall" : "choice-box"}>
			<legend>{legend}</legend>
			{isTall ? children : <div className="row-of">{children}</div>}
			{error === undefined ? null : <p className="field-error">{error}</p>}
		</fieldset>
	);
}
