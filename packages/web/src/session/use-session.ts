import type { Right } from "@pathkeeper/model";
import { useSyncExternalStore } from "react";
import { holds, onSession, type Session, session } from "./session.ts";

export function useSession(): Session | null {
	return useSyncExternalStore(onSession, session);
}

/** Whether who is logged in holds a right anywhere, so that controls for it are shown. */
export function useRight(right: Right): boolean {
	const now = useSession();
	return now !== null && holds(now, right);
}
