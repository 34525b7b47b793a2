import type { ReactNode } from "react";
import { type ShownState, shownState } from "./states.ts";
import "./state-mark.css";

/** A shape for each state: states differ in more than their colour. */
const shapes: Readonly<Record<ShownState, ReactNode>> = {
	optimal: <circle cx="8" cy="8" r="5.4" />,
	usable: <circle cx="8" cy="8" r="5.4" />,
	standby: <circle cx="8" cy="8" r="4.6" className="open" />,
	degraded: <path d="M8 1.8 15 14H1z" />,
	impaired: <path d="M8 1.8 15 14H1z" />,
	failed: (
		<path d="M4.2 1.5 8 5.3l3.8-3.8 2.7 2.7L10.7 8l3.8 3.8-2.7 2.7L8 10.7 4.2 14.5 1.5 11.8 5.3 8 1.5 4.2z" />
	),
	gone: <path d="M3 3 13 13M13 3 3 13" className="open" />,
	missing: <rect x="2.5" y="2.5" width="11" height="11" className="open dashed" />,
	unknown: (
		<>
			<path d="M8 1 15 8 8 15 1 8z" className="open" />
			<path d="M6.3 6.7a1.8 1.8 0 1 1 2.5 1.6c-.6.3-.8.6-.8 1.2M8 11.2v.1" className="stroke" />
		</>
	),
	unmanaged: <circle cx="8" cy="8" r="2.6" />,
};

/** The mark of a state; its word is shown next to it, or is there for screen readers. */
export function StateMark({ state, size = 16 }: { readonly state: string; readonly size?: number }) {
	const known = shownState(state);
	return (
		<svg className={`mark state-${known}`} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
			{shapes[known]}
		</svg>
	);
}

/** A state as mark and word. */
export function StateWord({ state, word }: { readonly state: string; readonly word?: string }) {
	return (
		<span className={`state-word state-${shownState(state)}`}>
			<StateMark state={state} />
			<span>{word ?? state}</span>
		</span>
	);
}
