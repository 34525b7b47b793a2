import { type ReactNode, useId } from "react";
import "./panel.css";

/** A part of a page under a heading of its own. */
export function Panel({
	title,
	aside,
	children,
	wide = false,
}: {
	readonly title: string;
	readonly aside?: ReactNode;
	readonly children: ReactNode;
	/** True where the content runs to the edge: tables. */
	readonly wide?: boolean;
}) {
	const id = useId();
	return (
		<section className={`panel${wide ? " wide" : ""}`} aria-labelledby={id}>
			<header>
				<h2 id={id}>{title}</h2>
				{aside === undefined ? null : <div className="aside">{aside}</div>}
			</header>
			<div className="content">{children}</div>
		</section>
	);
}

/** Names and their values. */
export function Facts({ rows }: { readonly rows: readonly (readonly [string, ReactNode])[] }) {
	return (
		<dl className="facts">
			{rows.map(([name, value]) => (
				<div key={name}>
					<dt>{name}</dt>
					<dd>{value}</dd>
				</div>
			))}
		</dl>
	);
}

/** A part that scrolls, also with the keyboard. */
export function Scroll({ label, children }: { readonly label: string; readonly children: ReactNode }) {
	return (
		<section className="scroll" aria-label={label} tabIndex={0}>
			{children}
		</section>
	);
}
