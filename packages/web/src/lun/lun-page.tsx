import { sizeText } from "@pathkeeper/model";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { configQuery, type LunAnswer } from "../api/queries.ts";
import { LogList } from "../events/log-list.tsx";
import { rowSign, useLunReasons } from "../health/troubles.tsx";
import { useFleet } from "../live/fleet-context.tsx";
import { useRight } from "../session/use-session.ts";
import { baseOf } from "../storage/standing.ts";
import { storagesQuery } from "../storage/storage-queries.ts";
import { Loader } from "../ui/kit.ts";
import { Empty, Notice } from "../ui/notice.tsx";
import { Facts, Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { StateWord } from "../ui/state-mark.tsx";
import { meaning } from "../ui/states.ts";
import { queueingText, shown } from "../ui/words.ts";
import "./lun.css";
import { LunNodes } from "./lun-nodes.tsx";
import { LunSettings } from "./lun-settings.tsx";
import { useLunMaps } from "./use-lun-maps.ts";
import { Ways } from "./ways-picture.tsx";

const route = getRouteApi("/luns/$wwid");

/** Everything about one LUN. */
export function LunPage() {
	const { wwid } = route.useParams();
	const { picture } = useFleet();
	const row = picture.luns.findIndex((lun) => lun.wwid === wwid);
	const { data, error } = useLunReasons(wwid, row < 0 ? "" : rowSign(picture, row));
	const { data: config } = useQuery(configQuery);
	if (data === undefined)
		return error === null ? (
			<div className="waiting">
				<Loader size="sm" /> Reading the LUN …
			</div>
		) : (
			<NotThere wwid={wwid} error={error} isSeen={row >= 0} />
		);
	const allowed = config?.luns.find((lun) => lun.wwid === wwid);
	return <Lun lun={data} comment={allowed?.comment ?? null} isAllowed={data.state !== "unmanaged"} />;
}

function Lun({
	lun,
	comment,
	isAllowed,
}: {
	readonly lun: LunAnswer;
	readonly comment: string | null;
	readonly isAllowed: boolean;
}) {
	const mayModify = useRight("Sys.Modify");
	const nodes = Object.keys(lun.nodes);
	const maps = useLunMaps(lun.wwid, nodes);
	const { data: storages } = useQuery(storagesQuery);
	const above = (storages ?? []).filter((storage) => baseOf(storage)?.volname === lun.wwid);
	const users = maps.flatMap(({ node, map }) => (map?.users ?? []).map((user) => ({ node, user })));
	return (
		<div className="pages">
			<header className="page-head">
				<h1>{shown(lun.alias ?? lun.wwid)}</h1>
				<StateWord state={lun.state} />
				<span className="more">{meaning[lun.state]}</span>
				{mayModify && isAllowed ? (
					<Link to="/config" search={{ tab: "luns", edit: lun.wwid }} className="to-config">
						Change its settings
					</Link>
				) : null}
				{mayModify && !isAllowed ? (
					<Link to="/config" search={{ tab: "luns", allow: lun.wwid }} className="to-config">
						Allow it
					</Link>
				) : null}
			</header>
			{lun.problem === null ? null : (
				<Notice kind="warning" title="This is only what was last known.">
					{lun.problem}
				</Notice>
			)}
			<div className="side-by-side">
				<Panel title={lun.state === "optimal" ? "All is well" : "Why"}>
					{lun.reasons.length === 0 ? (
						<p>Every node that should carry it has all its paths.</p>
					) : (
						<ul className="reasons">
							{lun.reasons.map((reason) => (
								<li key={reason}>{shown(reason)}</li>
							))}
						</ul>
					)}
				</Panel>
				<Panel title="What it is">
					<Facts
						rows={[
							["WWID", <code key="wwid">{shown(lun.wwid)}</code>],
							[
								"Array",
								[lun.vendor, lun.model].flatMap((text) => (text === null ? [] : [shown(text)])).join(" ") ||
									"not told",
							],
							[
								"Size",
								lun.size === null ? (
									"not known"
								) : (
									<span title={`${lun.size.toLocaleString("en")} bytes`}>{sizeText(lun.size)}</span>
								),
							],
							["Without any path, I/O queues", queueingText(lun.queueing)],
							...(comment === null ? [] : [["Comment", shown(comment)] as const]),
						]}
					/>
				</Panel>
			</div>
			<Panel title="On each node">
				<LunNodes lun={lun} />
			</Panel>
			<Ways wwid={lun.wwid} name={lun.alias ?? lun.wwid} maps={maps} />
			<div className="side-by-side">
				<Panel title="What uses it">
					{users.length + above.length === 0 ? (
						<p>
							{maps.some(({ error }) => error !== null)
								? "Not known of every node."
								: "Nothing that the nodes know of."}
						</p>
					) : (
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
							{users.map(({ node, user }) => (
								<li key={`${node} ${user}`}>
									<strong>{shown(node)}</strong>: {shown(user)}
								</li>
							))}
						</ul>
					)}
				</Panel>
				{isAllowed ? <LunSettings wwid={lun.wwid} vendor={lun.vendor} model={lun.model} /> : null}
			</div>
			<Panel title="What happened" wide>
				<LogList filter={{ lun: lun.wwid }} />
			</Panel>
		</div>
	);
}

function NotThere({
	wwid,
	error,
	isSeen,
}: {
	readonly wwid: string;
	readonly error: unknown;
	readonly isSeen: boolean;
}) {
	if (isSeen) return <Problem what="This LUN could not be read." error={error} />;
	return (
		<>
			<Problem what={`Nothing is known of LUN ${shown(wwid)}.`} error={error} />
			<Empty title="It is not on the allow-list, and no node has a map of it.">
				<Link to="/config" search={{ tab: "luns", allow: wwid }}>
					Look among the LUNs that nodes find
				</Link>
			</Empty>
		</>
	);
}
