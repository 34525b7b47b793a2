import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useFleet } from "../live/fleet-context.tsx";
import { pageRuntime } from "../runtime.ts";
import { useDebouncedValue } from "../ui/kit.ts";
import { Panel } from "../ui/panel.tsx";
import { EventFilters, logFilter } from "./event-filters.tsx";
import { LogList } from "./log-list.tsx";

const route = getRouteApi("/events");

/** The events of the fleet, live. The filter is in the address, so that it can be shared. */
export function EventsPage() {
	const { picture } = useFleet();
	const search = route.useSearch();
	const navigate = route.useNavigate();
	const { kind, node, lun, severity, text = "", span } = search;
	const [words] = useDebouncedValue(text.trim(), 300);
	const filter = useMemo(
		() => logFilter({ kind, node, lun, severity, text: words, span }, pageRuntime.now()),
		[kind, node, lun, severity, words, span],
	);
	return (
		<>
			<header className="page-head">
				<h1>Events</h1>
			</header>
			<EventFilters
				picture={picture}
				search={search}
				onChange={(name, value) =>
					void navigate({
						search: (before) => ({ ...before, [name]: value === "" ? undefined : value }),
						replace: true,
					})
				}
			/>
			<Panel title="Events, newest first" wide>
				<LogList key={JSON.stringify(filter)} filter={filter} />
			</Panel>
		</>
	);
}
