import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { LunAnswer } from "../api/answers.ts";
import { storagesQuery } from "../storage/storage-queries.ts";
import { baseOf } from "../storage/storage-state.ts";
import { counted, namesOf } from "../ui/counted.ts";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { shown } from "../ui/shown.ts";
import type { LunMap } from "./lun-map.ts";
import { usersOf } from "./lun-uses.ts";

/** What uses a LUN: storages, and what has it open on nodes. Nodes that did not answer are named. */
export function LunUsers({ lun, maps }: { readonly lun: LunAnswer; readonly maps: readonly LunMap[] }) {
	const { data: storages, error } = useQuery(storagesQuery);
	const above = (storages ?? []).filter((storage) => baseOf(storage)?.volname === lun.wwid);
	const { users, answered, pending, unknown } = usersOf(lun, maps);
	const isWhole = pending.length + unknown.length === 0;
	return (
		<Panel title="Used by">
			<Problem what="Which storages use it is unknown." error={error} />
			{above.length + users.length === 0 ? null : (
				<ul className="reasons">
					{above.map(({ storage, type }) => (
						<li key={`storage ${storage}`}>
							storage{" "}
							<Link to="/storage/$storage" params={{ storage }}>
								{shown(storage)}
							</Link>{" "}
							of type {shown(type)}
						</li>
					))}
					{users.map(({ user, nodes }) => (
						<li key={user}>
							<strong>{namesOf(nodes)}</strong>: {shown(user)}
						</li>
					))}
				</ul>
			)}
			{users.length > 0 || answered === 0 ? null : (
				<p>
					{isWhole
						? `Nothing on ${answered === 1 ? "its node" : `any of its ${answered} nodes`}.`
						: `Nothing on ${answered === 1 ? "the node that has" : `the ${answered} nodes that have`} answered.`}
				</p>
			)}
			{pending.length === 0 ? null : (
				<p className="hint">
					Asking: {answered + unknown.length} of {counted(maps.length, "node")} have answered so far.
				</p>
			)}
			{storages === undefined && error === null ? <p className="hint">Reading the storages …</p> : null}
			{unknown.length === 0 ? null : (
				<p>
					<strong>Unknown on {namesOf(unknown)}</strong>: it may be in use there.
				</p>
			)}
		</Panel>
	);
}
