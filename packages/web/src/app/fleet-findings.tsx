import { useQuery } from "@tanstack/react-query";
import { fleetFindingsQuery } from "../api/queries.ts";
import { useRight } from "../session/use-session.ts";
import { Notice } from "../ui/notice.tsx";
import { shown } from "../ui/shown.ts";

/** Problems of the fleet as a whole, above every page: they may block every change. */
export function FleetFindings() {
	// Without the privilege it would be refused again and again.
	const { data = [] } = useQuery({ ...fleetFindingsQuery, enabled: useRight("Sys.Audit") });
	return data
		.filter(({ severity }) => severity !== "info")
		.map(({ code, severity, text }) => (
			<Notice key={code} kind={severity === "error" ? "error" : "warning"} title="The fleet:">
				{shown(text)}
			</Notice>
		));
}
