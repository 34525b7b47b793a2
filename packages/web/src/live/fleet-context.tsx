import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { useSession } from "../session/use-session.ts";
import { type Fleet, LiveFleet } from "./live-fleet.ts";

const FleetContext = createContext<LiveFleet>(new LiveFleet());

/** Follows the fleet for the user who is logged in, and shares it with the page. */
export function FleetProvider({ children }: { readonly children: ReactNode }) {
	const session = useSession();
	const [fleet] = useState(() => new LiveFleet());
	const ticket = session === null || session.isExpired ? null : session.ticket;
	const user = session?.user ?? null;
	const isOut = ticket === null;
	useEffect(() => {
		if (user === null || isOut) return;
		const stop = new AbortController();
		void fleet.follow(stop.signal);
		return () => stop.abort();
	}, [fleet, user, isOut]);
	return <FleetContext value={fleet}>{children}</FleetContext>;
}

export function useFleet(): Fleet {
	const live = useContext(FleetContext);
	return useSyncExternalStore(live.subscribe, live.snapshot);
}
