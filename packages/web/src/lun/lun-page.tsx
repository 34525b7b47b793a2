import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { LunAnswer } from "../api/answers.ts";
import { isNotFound } from "../api/client.ts";
import { configQuery } from "../api/queries.ts";
import { LogList } from "../events/log-list.tsx";
import { rowSign, useLunReasons } from "../health/use-lun-reasons.ts";
import { useFleet } from "../live/fleet-context.tsx";
import { useRight } from "../session/use-session.ts";
import { Empty, Notice } from "../ui/notice.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { shown } from "../ui/shown.ts";
import { StateWord } from "../ui/state-mark.tsx";
import { Waiting } from "../ui/waiting.tsx";
import "./lun.css";
import { LunFacts } from "./lun-facts.tsx";
import { lunHeadline } from "./lun-headline.ts";
import { LunNodes } from "./lun-nodes.tsx";
import { LunReasons } from "./lun-reasons.tsx";
import { LunSettings } from "./lun-settings.tsx";
import { LunUsers } from "./lun-users.tsx";
import { useLunMaps } from "./use-lun-maps.ts";
import { Ways } from "./ways-panel.tsx";

const route = getRouteApi("/luns/$wwid");

/** Everything about one LUN. */
export function LunPage() {
	const { wwid } = route.useParams();
	const { picture } = useFleet();
	const row = picture.luns.findIndex((lun) => lun.wwid === wwid);
	const { data, error } = useLunReasons(wwid, row < 0 ? "" : rowSign(picture, row));
	if (data !== undefined) return <Lun lun={data} />;
	if (error === null) return <Waiting>Reading the LUN …</Waiting>;
	return <NotThere wwid={wwid} error={error} isSeen={row >= 0} />;
}

function Lun({ lun }: { readonly lun: LunAnswer }) {
	const { data: config } = useQuery(configQuery);
	const maps = useLunMaps(lun.wwid, Object.keys(lun.nodes));
	const allowed = config?.luns.find(({ wwid }) => wwid === lun.wwid);
	return (
		<div className="pages">
			<header className="page-head">
				<h1>{shown(lun.alias ?? lun.wwid)}</h1>
				<StateWord state={lun.state} />
				<span className="more">{lunHeadline(lun)}</span>
				<ToConfig lun={lun} />
			</header>
			{lun.problem === null ? null : (
				<Notice kind="warning" title="This is only the last known state.">
					{lun.problem}
				</Notice>
			)}
			<div className="side-by-side">
				<LunReasons lun={lun} />
				<LunFacts lun={lun} comment={allowed?.comment ?? null} />
			</div>
			<Panel title="On each node">
				<LunNodes lun={lun} />
			</Panel>
			<Ways lun={lun} maps={maps} />
			<div className="side-by-side">
				<LunUsers lun={lun} maps={maps} />
				{isAllowed(lun) ? <LunSettings lun={lun} /> : null}
			</div>
			<Panel title="Events of this LUN" wide>
				<LogList filter={{ lun: lun.wwid }} />
			</Panel>
		</div>
	);
}

function isAllowed({ state }: LunAnswer): boolean {
	return state !== "unmanaged";
}

/** Leads to the form of the LUN under Configuration. */
function ToConfig({ lun }: { readonly lun: LunAnswer }) {
	const mayModify = useRight("Sys.Modify");
	const { wwid } = lun;
	if (!mayModify) return null;
	return isAllowed(lun) ? (
		<Link to="/config" search={{ tab: "luns", edit: wwid }} className="to-config">
			Change its settings
		</Link>
	) : (
		<Link to="/config" search={{ tab: "luns", allow: wwid }} className="to-config">
			Allow it
		</Link>
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
	// Only the server can say that there is no such LUN; any other error says nothing about it.
	if (isSeen || !isNotFound(error)) return <Problem what="This LUN could not be read." error={error} />;
	return (
		<>
			<Problem what={`LUN ${shown(wwid)} is unknown.`} error={error} />
			<Empty title="It is not on the allow-list, and no node has a map of it.">
				<Link to="/config" search={{ tab: "luns", allow: wwid }}>
					Search the LUNs that nodes see
				</Link>
			</Empty>
		</>
	);
}
