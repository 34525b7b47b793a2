import { useFleet } from "./fleet-context.tsx";

/** True when what is shown is only what was last known: it must not look healthy then. */
export function useIsOld(): boolean {
	const { link, isKnown, picture } = useFleet();
	return isKnown && (link === "lost" || picture.problem !== null);
}
