import { nextSteps, sizeText } from "@pathkeeper/model";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { LunAnswer } from "../api/answers.ts";
import { isNotFound } from "../api/client.ts";
import { configQuery } from "../api/queries.ts";
import { LogList } from "../events/log-list.tsx";
import { rowSign, useLunReasons } from "../health/troubles.tsx";
import { useFleet } from "../live/fleet-context.tsx";
import { useRight } from "../session/use-session.ts";
import { Loader } from "../ui/kit.ts";
import { Empty, Notice } from "../ui/notice.tsx";
import { Facts, Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { StateWord } from "../ui/state-mark.tsx";
import { queueingText, shown } from "../ui/words.ts";
import "./lun.css";
import { isWell, lunHeadline } from "./lun-headline.ts";
import { LunNodes } from "./lun-nodes.tsx";
import { LunSettings } from "./lun-settings.tsx";
import { LunUsers } from "./lun-users.tsx";
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
	const maps = useLunMaps(lun.wwid, Object.keys(lun.nodes));
	const isAllWell = isWell(lun);
	return (
		<div className="pages">
			<header className="page-head">
				<h1>{shown(lun.alias ?? lun.wwid)}</h1>
				<StateWord state={lun.state} />
				<span className="more">{lunHeadline(lun)}</span>
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
				<Panel title={isAllWell ? "All is well" : "Why"}>
					{lun.reasons.length === 0 ? (
						<p>
							{isAllWell ? "Every node that should carry it has all its paths." : "No reason is reported."}
						</p>
					) : (
						<ul className="reasons">
							{lun.reasons.map((reason) => (
								<li key={reason}>{shown(reason)}</li>
							))}
						</ul>
					)}
					<WhatToDo lun={lun} />
				</Panel>
				<Panel title="What it is">
					<Facts
						rows={[
							["WWID", <code key="wwid">{shown(lun.wwid)}</code>],
							[
								"Array",
								[lun.vendor, lun.model].flatMap((text) => (text === null ? [] : [shown(text)])).join(" ") ||
									"not reported",
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
			<Ways lun={lun} maps={maps} />
			<div className="side-by-side">
				<LunUsers lun={lun} maps={maps} />
				{isAllowed ? <LunSettings wwid={lun.wwid} vendor={lun.vendor} model={lun.model} /> : null}
			</div>
			<Panel title="What happened" wide>
				<LogList filter={{ lun: lun.wwid }} />
			</Panel>
		</div>
	);
}

/** The next steps, in the words of the command line. */
function WhatToDo({ lun: { reasons, nodes } }: { readonly lun: LunAnswer }) {
	const steps = nextSteps([...reasons, ...Object.values(nodes).flatMap((here) => here.reasons)]);
	if (steps.length === 0) return null;
	return (
		<section className="what-to-do">
			<h3>What to do</h3>
			<ul className="reasons">
				{steps.map((step) => (
					<li key={step}>{step}</li>
				))}
			</ul>
		</section>
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
	// Only the server can say that there is no such LUN; whatever else went wrong says nothing about it.
	if (isSeen || !isNotFound(error)) return <Problem what="This LUN could not be read." error={error} />;
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
