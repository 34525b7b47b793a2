/** What to do about a verdict: for each kind of reason the next sensible check. None of it claims to know the cause. */
import { kindOfReason, type ReasonKind } from "./reason-kinds.ts";

/**
 * The next step for each kind, the most urgent first; null: the other reasons of that verdict say what to do.
 * `NODE`, `NAME` and `WWID` stand for what the reader sees beside it.
 */
export const stepOfKind = {
	"queues-forever":
		"I/O to a failed map that queues forever hangs, and so do the programs that wait for it. If its paths will not come back: multipathd disablequeueing map NAME makes that I/O end with errors.",
	"two-sizes":
		"Different sizes: rescan every path on the nodes that see the old size, then: multipathd resize map NAME.",
	"no-path":
		"No path left: look first at what all of its paths share, which is the array itself, the LUN's mapping to this host, and the host's own ports.",
	"failed-path":
		"Failed paths: check cable, switch port and zone or network, and the array's port; then multipathd show paths. A path that works again is reinstated automatically.",
	"gone-path":
		"Gone paths: their devices were removed. If the LUN still exists, rescan its hosts; if it does not, remove the map on every node before its number is used again.",
	"missing-path":
		"Missing paths: compare with a node that has them all; log in to the missing portals or rescan.",
	"fewer-paths":
		"Missing paths: compare with a node that has them all; log in to the missing portals or rescan.",
	"standby-only":
		"Only standby paths: check the array's other controller, its ports and the zones to them; I/O works again through a standby path when the array switches.",
	suspended: "Suspended maps: check what is changing them; if nothing is: dmsetup resume NAME.",
	"no-map":
		"No map: check whether the node has disks of the LUN with pathkeeper lun list --candidates and lsblk. If it has none, show the LUN to that host on the array, check zone or login, and rescan.",
	"not-applied": "Configuration not applied: fix what the message names, then: pathkeeper node show NODE.",
	"daemon-silent":
		"multipathd does not answer: on that host, systemctl status multipathd; if it is not running, systemctl start multipathd. Its maps keep carrying I/O, but nothing restores failed paths.",
	unwatched:
		"A map that is not monitored: on that host, multipathd reconfigure; then check again with pathkeeper lun show WWID.",
	"many-maps":
		"Several maps of one LUN: see multipath -ll on that host, and remove the one that nothing uses.",
	damaged: "Unreadable answer: on that host, multipathd show maps json; systemctl status multipathd.",
	"agent-silent":
		"Agent silent: check whether the host runs and reaches the store; on it, systemctl status pathkeeper-agent (pathkeeper, where agent and server are one service).",
	"never-joined":
		"Node never seen: check the name in the LUN's nodes; if it is right, start the agent there: systemctl enable --now pathkeeper-agent.",
	"no-node": "No node reports: list the nodes with pathkeeper node list.",
	"unknown-path":
		"Unknown paths: wait until multipathd has checked them and look again with multipath -ll (multipath -l does not check).",
	"impaired-path": "Impaired paths: look for errors on the link (port counters, cable, optics).",
	settling: "multipathd has just started: wait a moment, this resolves by itself.",
	"not-applied-yet": "The change is being applied: wait a moment, this resolves by itself.",
	other: "See what that node says: pathkeeper node show NODE.",
	"not-allowed": null,
	"more-paths": null,
	"some-work": null,
	"io-outcome": null,
} as const satisfies Readonly<Record<ReasonKind, string | null>>;

/** What to do about these reasons, most urgent first, each step once; empty when there is nothing to do. */
export function nextSteps(reasons: Iterable<string>): readonly string[] {
	const kinds = new Set<string>();
	for (const reason of reasons) kinds.add(kindOfReason(reason));
	return [
		...new Set(
			Object.entries(stepOfKind).flatMap(([kind, step]) => (step !== null && kinds.has(kind) ? [step] : [])),
		),
	];
}
