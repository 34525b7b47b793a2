/** `/nodes`: one node, its maps, and the block devices that no map holds. */
import {
	type Candidate,
	groupFindings,
	judgedFindings,
	type LunStatus,
	type MultipathMap,
	type NodeView,
	nodeFacts,
	nodeRoutes,
	type Path,
	PathkeeperError,
	pathState,
} from "@pathkeeper/model";
import { readAcknowledgements } from "@pathkeeper/store";
import { maySee } from "../access/see-storage.ts";
import type { HandlerContext } from "../context/handler-context.ts";
import type { FleetReader } from "../fleet/read-fleet.ts";
import { type BoundRoute, bind } from "../http/bind.ts";
import { flag } from "../http/flag.ts";
import { readStorages } from "../volumes/read-storages.ts";
import { statusOf } from "./node-status.ts";

export function nodeHandlers({ fleet, store, version, runtime }: HandlerContext): BoundRoute[] {
	return [
		bind(nodeRoutes.version, async () => ({
			version,
			release: version.split(".").slice(0, 2).join("."),
			repoid: "",
		})),
		bind(nodeRoutes.listNodes, async () =>
			(await fleet.members()).map(({ node, member }) => ({
				node,
				status: member === null ? "offline" : "online",
			})),
		),
		bind(nodeRoutes.nodeStatus, async ({ node }, caller) => {
			const { view, health } = await fleet.nodeAndHealth(node);
			const facts = health.nodes.find((other) => other.node === node) ?? nodeFacts(view);
			const { storages } = await readStorages(store);
			const groups = groupFindings(
				storages.filter(({ id }) => maySee(caller, id)),
				health.luns,
			);
			const status = statusOf(
				facts,
				health,
				runtime.now(),
				judgedFindings(node, groups.get(node) ?? [], await readAcknowledgements(store)),
			);
			return { ...status, agent: facts.head?.agentVersion ?? "unknown" };
		}),
		bind(nodeRoutes.nodeMaps, async ({ node, wwid }) => {
			const { view, health } = await fleet.nodeAndHealth(node);
			const { maps } = reportOf(view);
			const status = statusByWwid(health);
			return maps
				.filter((map) => wwid === undefined || map.wwid === wwid)
				.map((map) => mapEntry(map, view, status));
		}),
		bind(nodeRoutes.nodeDisks, async ({ node }) => {
			const { candidates } = reportOf(await fleet.node(node));
			const { config } = await fleet.config();
			const allowed = new Set(config.luns.map(({ wwid }) => wwid));
			const groups = Map.groupBy(candidates, ({ wwid, dev }) => wwid ?? `:${dev}`);
			return [...groups.values()].map((devices) => diskEntry(devices, allowed));
		}),
		bind(nodeRoutes.scanMultipath, async ({ node }) => await scanOf(fleet, node)),
	];
}

function statusByWwid({ luns }: { readonly luns: readonly LunStatus[] }): ReadonlyMap<string, LunStatus> {
	return new Map(luns.map((lun) => [lun.wwid, lun]));
}

/** The last report of a node; one that does not report is not an empty one. */
function reportOf({ node, report, problem }: NodeView) {
	if (report !== null) return report;
	throw new PathkeeperError("NODE_UNREACHABLE", { node, problem: problem ?? "no report" });
}

/** LUNs that a node sees: those with a map there first, then those of the candidates that have a WWID. */
async function scanOf(fleet: FleetReader, node: string) {
	const { view, health } = await fleet.nodeAndHealth(node);
	const report = reportOf(view);
	const allowed = new Set(health.config.luns.map(({ wwid }) => wwid));
	const status = statusByWwid(health);
	const mapped = report.maps.map((map) => {
		const { name, wwid, size, vendor, model, state: word, groups } = mapEntry(map, view, status);
		const inKernel = report.kernelMaps.find((other) => other.wwid === wwid);
		const users = inKernel === undefined ? null : [...inKernel.users];
		const paths = groups.reduce((sum, group) => sum + group.paths.length, 0);
		const facts = { name, wwid, size, vendor, model, users, paths };
		return { ...facts, state: word, allowed: flag(allowed.has(wwid)), carries: null };
	});
	const bare = Map.groupBy(
		report.candidates.filter(({ wwid }) => !mapped.some((lun) => lun.wwid === wwid)),
		({ wwid }) => wwid,
	);
	const unmapped = [...bare.values()].flatMap((devices) => {
		const { wwid, devices: paths, ...facts } = diskEntry(devices, allowed);
		return wwid === null
			? []
			: [{ ...facts, wwid, paths: paths.length, name: null, state: null, users: null }];
	});
	return [...mapped, ...unmapped];
}

function mapEntry(map: MultipathMap, { node, report }: NodeView, status: ReadonlyMap<string, LunStatus>) {
	const verdict = status.get(map.wwid)?.nodes.get(node);
	return {
		name: map.name,
		wwid: map.wwid,
		dm: map.dm,
		path: `/dev/disk/by-id/dm-uuid-mpath-${map.wwid}`,
		vendor: map.vendor,
		model: map.product,
		size: map.sizeBytes,
		state: verdict?.state ?? ("unknown" as const),
		reasons: [...(verdict?.reasons ?? [])],
		queueing: map.queueing,
		users: [...(report?.kernelMaps.find(({ wwid }) => wwid === map.wwid)?.users ?? [])],
		groups: map.groups.map((group) => ({
			group: group.number,
			"dm-state": group.dmState,
			priority: group.priority,
			paths: group.paths.map(pathEntry),
		})),
	};
}

function pathEntry(path: Path) {
	return {
		dev: path.dev,
		"dev-t": path.devT,
		hctl: path.hctl,
		state: pathState(path),
		checker: path.checker,
		"checker-state": path.checkerState,
		"dm-state": path.dmState,
		"device-state": path.deviceState,
		priority: path.priority,
		transport: path.transport,
	};
}

function diskEntry(devices: readonly Candidate[], allowed: ReadonlySet<string>) {
	const [first] = devices;
	const wwid = first?.wwid ?? null;
	return {
		wwid,
		size: first?.sizeBytes ?? 0,
		vendor: first?.vendor ?? null,
		model: first?.product ?? null,
		carries: devices.map(({ carries }) => carries).find((text) => text !== null) ?? null,
		allowed: flag(wwid !== null && allowed.has(wwid)),
		devices: devices.map(({ dev, hctl, transport }) => ({ dev, hctl, transport })),
	};
}
