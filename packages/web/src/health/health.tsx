import { type LunState, type Picture, worstFirst } from "@pathkeeper/model";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useFleet } from "../live/fleet-context.tsx";
import { useIsOld } from "../live/use-is-old.ts";
import { useStoragesOfLuns } from "../storage/storages-of-luns.ts";
import { agoText, useNow } from "../ui/age.tsx";
import { NextStep } from "../ui/empty-place.tsx";
import { SelectField } from "../ui/fields.tsx";
import { StateMark } from "../ui/state-mark.tsx";
import { Waiting } from "../ui/waiting.tsx";
import { Counts } from "./counts.tsx";
import { headline } from "./headline.ts";
import "./health.css";
import { Matrix } from "./matrix/matrix.tsx";
import { type Grouping, groupings, type Order, orders } from "./rows.ts";
import { Troubles } from "./troubles.tsx";
import { useRows } from "./use-rows.ts";

const route = getRouteApi("/");

/** The start page: is any LUN in danger, which, on which node, why, and what to do. */
export function Health() {
	const { picture, isKnown } = useFleet();
	const search = route.useSearch();
	const state = worstFirst.find((word) => word === search.state) ?? null;
	if (!isKnown) return <Waiting>Reading the fleet …</Waiting>;
	return (
		<div className="health">
			<HealthHead picture={picture} state={state} />
			{picture.luns.length === 0 ? (
				<NothingYet nodes={picture.nodes.length} />
			) : (
				<div className="health-body">
					<MatrixPanel picture={picture} state={state} />
					<Troubles picture={picture} only={state} />
				</div>
			)}
		</div>
	);
}

function HealthHead({ picture, state }: { readonly picture: Picture; readonly state: LunState | null }) {
	const { heardAt } = useFleet();
	const isOld = useIsOld();
	const now = useNow();
	const put = useSearchChange();
	const line = useMemo(() => headline(picture), [picture]);
	return (
		<header className="headline">
			<h1>
				<StateMark state={isOld ? "unknown" : line.state} size={26} />
				<span>
					{isOld && heardAt !== null ? `Last known, ${agoText(heardAt, now)}: ` : ""}
					{line.text} {line.but}
				</span>
			</h1>
			<Counts picture={picture} chosen={state} onChoose={(next) => put("state", next)} />
		</header>
	);
}

/** Every LUN on every node, in an order and in groups that can be chosen. */
function MatrixPanel({ picture, state }: { readonly picture: Picture; readonly state: LunState | null }) {
	const isOld = useIsOld();
	const search = route.useSearch();
	const put = useSearchChange();
	const grouping: Grouping = groupings.find((word) => word === search.group) ?? "none";
	const [order, setOrder] = useState<Order>("worst");
	const storages = useStoragesOfLuns();
	const choice = useMemo(() => ({ state, order, grouping, storages }), [state, order, grouping, storages]);
	const { rows, isBehind, sortAgain } = useRows(picture, choice);
	return (
		<section className="matrix-panel" aria-label="All LUNs on all nodes">
			<div className="tools">
				<SelectField
					size="xs"
					aria-label="Order of the LUNs"
					value={order}
					onChange={(word) => setOrder(orders.find((known) => known === word) ?? "worst")}
					data={orderNames}
				/>
				<SelectField
					size="xs"
					aria-label="Groups of LUNs"
					value={grouping}
					onChange={(group) => put("group", group === "none" ? null : group)}
					data={groupingNames}
				/>
				{isBehind ? (
					<button type="button" className="link" onClick={sortAgain}>
						States changed: sort again
					</button>
				) : null}
			</div>
			<Matrix picture={picture} rows={rows} storages={storages} isOld={isOld} />
		</section>
	);
}

const orderNames = [
	{ value: "worst", label: "Worst first" },
	{ value: "name", label: "By name" },
	{ value: "size", label: "By size" },
];

const groupingNames = [
	{ value: "none", label: "No groups" },
	{ value: "array", label: "By array" },
	{ value: "storage", label: "By storage" },
	{ value: "state", label: "By state" },
];

/** Puts a choice into the address; null removes it. */
function useSearchChange() {
	const search = route.useSearch();
	const navigate = route.useNavigate();
	return (name: keyof typeof search, value: string | null) => {
		const { [name]: _, ...others } = search;
		void navigate({ search: { ...others, ...(value === null ? {} : { [name]: value }) } });
	};
}

function NothingYet({ nodes }: { readonly nodes: number }) {
	// The title is in the headline.
	return (
		<div className="empty">
			{nodes === 0 ? (
				<NextStep place="noNode" />
			) : (
				<NextStep place="nothingAllowed">
					<Link to="/config" search={{ tab: "luns" }}>
						Choose LUNs
					</Link>
				</NextStep>
			)}
		</div>
	);
}
