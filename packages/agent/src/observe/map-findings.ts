import type { Finding, KernelMap, MultipathMap } from "@pathkeeper/model";
import type { Observation } from "./observe.ts";

/** What an observation shows that is wrong with maps beyond the state of their paths. */
export function mapFindings({ daemon, kernelMaps }: Pick<Observation, "daemon" | "kernelMaps">): Finding[] {
	const problems = daemon.problems.map(
		(text): Finding => ({ code: "multipathd-answer", severity: "warning", subject: null, text }),
	);
	// A daemon that lists nothing has forgotten nothing.
	if (daemon.state !== "running" || daemon.reconfiguring) return problems;
	const known = new Map(daemon.maps.map((map) => [map.wwid, map]));
	return [
		...kernelMaps.flatMap((kernel) => forgotten(kernel, known.get(kernel.wwid))),
		...daemon.maps.flatMap(rejected),
		...daemon.maps.flatMap(unset),
		...problems,
	];
}

function forgotten(kernel: KernelMap, map: MultipathMap | undefined): Finding[] {
	if (map === undefined) {
		const text = `the kernel holds map ${kernel.name} (${kernel.dm}, WWID ${kernel.wwid}) that multipathd does not know: nothing monitors its paths.${usedBy(kernel)} Allow the LUN, or remove the map when it is unused.`;
		return [{ code: "map-unknown-to-daemon", severity: "error", subject: kernel.wwid, text }];
	}
	if (map.groups.every(({ paths }) => paths.length === 0) && kernel.slaves.length > 0) {
		const text = `multipathd has forgotten the paths of map ${kernel.name} (${kernel.dm}); the kernel still uses ${kernel.slaves.join(", ")} and nothing reinstates them after a fault.${usedBy(kernel)} Allow the LUN again.`;
		return [{ code: "map-forgotten", severity: "error", subject: kernel.wwid, text }];
	}
	return [];
}

function usedBy({ users }: KernelMap): string {
	return users.length > 0 ? ` It is in use: ${users.join("; ")}.` : "";
}

function rejected(map: MultipathMap): Finding[] {
	if (map.action !== "reject") return [];
	const text = `map ${map.name} was rejected by multipathd: its paths differ in size; rescan every path device of LUN ${map.wwid}, then resize the map`;
	return [{ code: "map-rejected", severity: "error", subject: map.wwid, text }];
}

/**
 * A map that multipathd meant to remove and could not, because it is open: its entry was missing from the wwids file at
 * a reconfigure. It keeps its paths, but from 0.12 on it queues no more, whatever its configuration says. Only such a
 * map has an undefined failback, and only releases since 0.9.9 tell that from `manual`.
 */
function unset(map: MultipathMap): Finding[] {
	if (map.failback !== "undef" || map.groups.every(({ paths }) => paths.length === 0)) return [];
	const text = `multipathd holds map ${map.name} without the settings that are configured for it, such as no_path_retry: LUN ${map.wwid} was not in /etc/multipath/wwids when it read its configuration; multipathd reconfigure gives them back`;
	return [{ code: "map-without-settings", severity: "warning", subject: map.wwid, text }];
}
