import { worstFirst } from "@pathkeeper/model";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useFleet } from "../live/fleet-context.tsx";
import { useIsOld } from "../live/use-is-old.ts";
import { useStoragesOfLuns } from "../storage/storages-of-luns.ts";
import { agoText, useNow } from "../ui/age.tsx";
import { NextStep } from "../ui/empty-place.tsx";
import { Loader, NativeSelect } from "../ui/kit.ts";
import { StateMark } from "../ui/state-mark.tsx";
import { Counts } from "./counts.tsx";
import { headline } from "./headline.ts";
import "./health.css";
import { Matrix } from "./matrix/matrix.tsx";
import { type Grouping, groupings, type Order, orders } from "./rows.ts";
import { Troubles } from "./troubles.tsx";
import { useRows } from "./use-rows.ts";

const route = getRouteApi("/");

/** The start page: is any LUN in danger, which, on which node, why, and what now. */
export function Health() {
	const { picture, isKnown, heardAt } = useFleet();
	const isOld = useIsOld();
	const now = useNow();
	const search = route.useSearch();
	const navigate = route.useNavigate();
	const state = worstFirst.find((word) => word === search.state) ?? null;
	const grouping: Grouping = groupings.find((word) => word === search.group) ?? "none";
	const [order, setOrder] = useState<Order>("worst");
	const storages = useStoragesOfLuns();
	const choice = useMemo(() => ({ state, order, grouping, storages }), [state, order, grouping, storages]);
	const { rows, isBehind, sortAgain } = useRows(picture, choice);
	const line = useMemo(() => headline(picture), [picture]);
	if (!isKnown)
		return (
			<div className="waiting">
				<Loader size="sm" /> Reading the fleet …
			</div>
		);
	return (
		<div className="health">
			<header className="headline">
				<h1>
					<StateMark state={isOld ? "unknown" : line.look} size={26} />
					<span>
						{isOld && heardAt !== null ? `Last known, ${agoText(heardAt, now)}: ` : ""}
						{line.text} {line.but}
					</span>
				</h1>
				<Counts
					picture={picture}
					chosen={state}
					onChoose={(next) =>
						void navigate({
							search: {
								...(search.group === undefined ? {} : { group: search.group }),
								...(next === null ? {} : { state: next }),
							},
						})
					}
				/>
			</header>
			{picture.luns.length === 0 ? (
				<NothingYet nodes={picture.nodes.length} />
			) : (
				<div className="health-body">
					<section className="matrix-panel" aria-label="All LUNs on all nodes">
						<div className="tools">
							<NativeSelect
								size="xs"
								aria-label="Order of the LUNs"
								value={order}
								onChange={(event) =>
									setOrder(orders.find((word) => word === event.currentTarget.value) ?? "worst")
								}
								data={[
									{ value: "worst", label: "Worst first" },
									{ value: "name", label: "By name" },
									{ value: "size", label: "By size" },
								]}
							/>
							<NativeSelect
								size="xs"
								aria-label="Groups of LUNs"
								value={grouping}
								onChange={(event) => {
									const group = event.currentTarget.value;
									void navigate({
										search: {
											...(search.state === undefined ? {} : { state: search.state }),
											...(group === "none" ? {} : { group }),
										},
									});
								}}
								data={[
									{ value: "none", label: "No groups" },
									{ value: "array", label: "By array" },
									{ value: "storage", label: "By storage" },
									{ value: "state", label: "By state" },
								]}
							/>
							{isBehind ? (
								<button type="button" className="link" onClick={sortAgain}>
									States changed: sort again
								</button>
							) : null}
						</div>
						<Matrix picture={picture} rows={rows} storages={storages} isOld={isOld} />
					</section>
					<Troubles picture={picture} only={state} />
				</div>
			)}
		</div>
	);
}

function NothingYet({ nodes }: { readonly nodes: number }) {
	// The headline says what is so.
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
