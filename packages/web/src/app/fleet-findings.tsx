import { useQuery } from "@tanstack/react-query";
import { fleetFindingsQuery } from "../api/queries.ts";
import { useRight } from "../session/use-session.ts";
import { Notice } from "../ui/notice.tsx";
import { shown } from "../ui/shown.ts";

/** What is wrong with the fleet as a whole, above every page: it may keep all of them from changing anything. */
export function FleetFindings() {
	// Who may not look is not to knock again and again.
	const { data = [] } = useQuery({ ...fleetFindingsQuery, enabled: useRight("Sys.Audit") });
	return data
		.filter(({ severity }) => severity !== "info")
		.map(({ code, severity, text }) => (
			<Notice key={code} kind={severity === "error" ? "error" : "warning"} title="The fleet:">
				{shown(text)}
			</Notice>
		));
}
