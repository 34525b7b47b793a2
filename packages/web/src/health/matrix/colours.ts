/** Colours of the matrix, from the same custom properties that the rest of the page has. */
export interface MatrixColours {
	readonly page: string;
	readonly text: string;
	readonly quiet: string;
	readonly line: string;
	readonly cursor: string;
	/** By the code of the state in a cell's byte. */
	readonly solid: readonly string[];
	readonly soft: readonly string[];
	readonly old: string;
	readonly oldSoft: string;
	readonly font: string;
}

const stateNames = ["none", "optimal", "degraded", "failed", "missing", "unknown", "unmanaged"];

export function coloursOf(element: Element): MatrixColours {
	const style = getComputedStyle(element);
	const value = (name: string) => style.getPropertyValue(name).trim();
	return {
		page: value("--surface"),
		text: value("--text"),
		quiet: value("--quiet"),
		line: value("--line"),
		cursor: value("--accent"),
		solid: stateNames.map((name) => value(`--state-${name}`)),
		soft: stateNames.map((name) => value(`--soft-${name}`)),
		old: value("--state-old"),
		oldSoft: value("--soft-old"),
		font: style.fontFamily,
	};
}
