import { lunProperties, sizeText, urgency } from "@pathkeeper/model";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import type { ConfigAnswer } from "../api/queries.ts";
import { useFleet } from "../live/fleet-context.tsx";
import { useRight } from "../session/use-session.ts";
import { ActionsMenu } from "../ui/actions-menu.tsx";
import { EmptyPlace } from "../ui/empty-place.tsx";
import { Button, TextInput } from "../ui/kit.ts";
import { Panel, Scroll } from "../ui/panel.tsx";
import { StateWord } from "../ui/state-mark.tsx";
import { counted, shown } from "../ui/words.ts";
import { Candidates } from "./candidates.tsx";
import type { Change } from "./change.ts";
import { Forget } from "./forget.tsx";
import { LunForm } from "./lun-form.tsx";

type Lun = ConfigAnswer["luns"][number];
type Column = "alias" | "wwid" | "size" | "state";

const page = 100;

/** The allow-list, and what could be put on it. */
export function LunsTab({
	config,
	allow,
	edit,
	onClosed,
	onReview,
}: {
	readonly config: ConfigAnswer;
	/** WWID that is to be allowed. */
	readonly allow: string | null;
	readonly edit: string | null;
	/** The form that the address opened is closed. */
	readonly onClosed: () => void;
	readonly onReview: (change: Change, done: () => void) => void;
}) {
	const mayModify = useRight("Sys.Modify");
	const [form, setForm] = useState<{ readonly wwid: string | null } | null>(null);
	const [forgotten, setForgotten] = useState<Lun | null>(null);
	const asked = form ?? (allow !== null ? { wwid: allow } : edit !== null ? { wwid: edit } : null);
	const close = () => {
		setForm(null);
		onClosed();
	};
	return (
		<div className="pages">
			<AllowList
				config={config}
				mayModify={mayModify}
				onEdit={(wwid) => setForm({ wwid })}
				onForget={setForgotten}
			/>
			<Candidates
				allowed={config.luns}
				onAllow={mayModify ? (wwid) => setForm({ wwid }) : null}
				onType={mayModify ? () => setForm({ wwid: null }) : null}
			/>
			{asked === null || !mayModify ? null : (
				<LunForm key={asked.wwid} config={config} wwid={asked.wwid} onClose={close} onReview={onReview} />
			)}
			{forgotten === null ? null : (
				<Forget lun={forgotten} digest={config.digest} onClose={() => setForgotten(null)} />
			)}
		</div>
	);
}

function AllowList({
	config,
	mayModify,
	onEdit,
	onForget,
}: {
	readonly config: ConfigAnswer;
	readonly mayModify: boolean;
	readonly onEdit: (wwid: string) => void;
	readonly onForget: (lun: Lun) => void;
}) {
	const { picture } = useFleet();
	const [filter, setFilter] = useState("");
	const [most, setMost] = useState(page);
	const [order, setOrder] = useState<{ readonly by: Column; readonly down: boolean }>({
		by: "alias",
		down: false,
	});
	const seen = useMemo(() => new Map(picture.luns.map((lun) => [lun.wwid, lun])), [picture.luns]);
	const rows = useMemo(() => {
		const words = filter.toLowerCase();
		const found = config.luns.filter(({ wwid, alias, comment }) =>
			`${wwid} ${alias ?? ""} ${comment ?? ""}`.toLowerCase().includes(words),
		);
		const text = (a: string, b: string) => a.localeCompare(b, "en", { numeric: true });
		const compare: Record<Column, (a: Lun, b: Lun) => number> = {
			alias: (a, b) => text(a.alias ?? a.wwid, b.alias ?? b.wwid),
			wwid: (a, b) => text(a.wwid, b.wwid),
			size: (a, b) => (seen.get(a.wwid)?.size ?? 0) - (seen.get(b.wwid)?.size ?? 0),
			state: (a, b) =>
				urgency(seen.get(a.wwid)?.state ?? "unknown") - urgency(seen.get(b.wwid)?.state ?? "unknown"),
		};
		const sorted = found.toSorted(compare[order.by]);
		return order.down ? sorted.reverse() : sorted;
	}, [config.luns, filter, order, seen]);
	const head = (by: Column, label: string, className = "") => (
		<th
			scope="col"
			className={className}
			aria-sort={order.by === by ? (order.down ? "descending" : "ascending") : "none"}
		>
			<button type="button" onClick={() => setOrder((now) => ({ by, down: now.by === by && !now.down }))}>
				{label} {order.by === by ? (order.down ? "↓" : "↑") : ""}
			</button>
		</th>
	);
	if (config.luns.length === 0)
		return (
			<Panel title="Allowed LUNs">
				<EmptyPlace place="nothingAllowed">they are in the list below</EmptyPlace>
			</Panel>
		);
	return (
		<Panel
			title={`Allowed LUNs · ${config.luns.length.toLocaleString("en")}`}
			wide
			aside={
				<TextInput
					size="xs"
					aria-label="Filter allowed LUNs"
					placeholder="Filter"
					value={filter}
					onChange={(event) => setFilter(event.currentTarget.value)}
				/>
			}
		>
			<Scroll label="Allowed LUNs">
				<table className="list">
					<thead>
						<tr>
							{head("alias", "Alias")}
							{head("state", "State")}
							{head("size", "Size", "number")}
							{head("wwid", "WWID")}
							<th scope="col">Array</th>
							<th scope="col">Settings and comment</th>
							{mayModify ? (
								<th scope="col">
									<span className="sr-only">Actions</span>
								</th>
							) : null}
						</tr>
					</thead>
					<tbody>
						{rows.slice(0, most).map((lun) => {
							const now = seen.get(lun.wwid);
							const name = shown(lun.alias ?? lun.wwid);
							return (
								<tr key={lun.wwid}>
									<td>
										<Link to="/luns/$wwid" params={{ wwid: lun.wwid }}>
											{lun.alias === undefined ? "no alias" : shown(lun.alias)}
										</Link>
									</td>
									<td>
										<StateWord state={now?.state ?? "unknown"} />
									</td>
									<td className="number">{sizeText(now?.size ?? null)}</td>
									<td>
										<code>{shown(lun.wwid)}</code>
									</td>
									<td>
										{[now?.vendor, now?.model].flatMap((text) => (text ? [shown(text)] : [])).join(" ") ||
											"not known"}
									</td>
									<td>
										{setOn(lun)}
										{lun.comment === undefined ? null : <div className="more">{shown(lun.comment)}</div>}
									</td>
									{mayModify ? (
										<td className="tight">
											<Button
												size="compact-sm"
												variant="subtle"
												aria-label={`Change ${name}`}
												onClick={() => onEdit(lun.wwid)}
											>
												Change
											</Button>
											<ActionsMenu
												label={`More for ${name}`}
												actions={[{ value: "forget", text: "Forget", isDanger: true }]}
												onChoose={() => onForget(lun)}
											/>
										</td>
									) : null}
								</tr>
							);
						})}
					</tbody>
				</table>
			</Scroll>
			{rows.length > most ? (
				<Button variant="subtle" m="xs" onClick={() => setMost(most + 400)}>
					Show more of {counted(rows.length, "LUN")}
				</Button>
			) : null}
			{rows.length === 0 ? <p className="hint">None fits the filter.</p> : null}
		</Panel>
	);
}

function setOn(lun: Lun): string {
	const own = Object.entries(lun).filter(
		([key]) => key !== "wwid" && !lunProperties.some((name) => name === key),
	);
	const parts = [
		...(lun.nodes === undefined ? [] : [`only on ${shown(lun.nodes)}`]),
		...(lun["expected-paths"] === undefined ? [] : [`${lun["expected-paths"]} paths expected`]),
		...own.map(([key, value]) => `${key} ${shown(String(value))}`),
	];
	return parts.length === 0 ? "" : parts.join(", ");
}
