import { auditKinds } from "@pathkeeper/model";
import { SelectField, TextField } from "../ui/fields.tsx";
import "../ui/filters.css";

/** What is asked of the audit. */
export interface AuditFilter {
	readonly kind?: (typeof auditKinds)[number];
	readonly user?: string;
	/** Seconds since the epoch. */
	readonly since?: number;
}

/** The filter as it is typed. */
export interface TypedFilter {
	readonly kind: string;
	readonly user: string;
	/** Seconds; 0: no limit. */
	readonly span: string;
}

export const noFilter: TypedFilter = { kind: "", user: "", span: "0" };

const kindNames: Readonly<Record<(typeof auditKinds)[number], string>> = {
	access: "Users, tokens and roles",
	config: "Configuration",
	finding: "Acknowledged findings",
	login: "Failed logins",
	lun: "Forgotten LUNs",
	node: "Nodes",
	refused: "Refused requests",
	task: "Tasks and their stops",
};
const spans: readonly (readonly [string, number])[] = [
	["all records", 0],
	["the last hour", 3600],
	["the last day", 86_400],
	["the last 30 days", 30 * 86_400],
];

/** `now` in milliseconds since the epoch; whole minutes, so that the same filter asks the same. */
export function auditFilter({ kind, user, span }: TypedFilter, now: number): AuditFilter {
	const known = auditKinds.find((word) => word === kind);
	const seconds = Number(span);
	return {
		...(known === undefined ? {} : { kind: known }),
		...(user.trim() === "" ? {} : { user: user.trim() }),
		...(seconds === 0 ? {} : { since: Math.floor(now / 60_000) * 60 - seconds }),
	};
}

export function AuditFilters({
	value,
	onChange,
}: {
	readonly value: TypedFilter;
	readonly onChange: (value: TypedFilter) => void;
}) {
	const put = (name: keyof TypedFilter) => (text: string) => onChange({ ...value, [name]: text });
	return (
		<div className="filters">
			<SelectField
				label="What was done"
				value={value.kind}
				onChange={put("kind")}
				data={[
					{ value: "", label: "Everything" },
					...auditKinds.map((word) => ({ value: word, label: kindNames[word] })),
				]}
			/>
			<TextField label="Who did it" placeholder="jane@local" value={value.user} onChange={put("user")} />
			<SelectField
				label="Time"
				value={value.span}
				onChange={put("span")}
				data={spans.map(([label, seconds]) => ({ value: String(seconds), label }))}
			/>
		</div>
	);
}
