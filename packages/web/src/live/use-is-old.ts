import { useFleet } from "./fleet-context.tsx";

/** True when only the last known state is shown: it must not look healthy. */
export function useIsOld(): boolean {
	const { link, isKnown, picture } = useFleet();
	return isKnown && (link === "lost" || picture.problem !== null);
}
