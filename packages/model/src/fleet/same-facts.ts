import type { Queueing } from "../topology/map.ts";
import type { MapFacts } from "../verdict/map-facts.ts";
import type { DeviceLooks, KernelFacts, LunFacts, LunLooks } from "./lun-facts.ts";
import type { PathWay } from "./path-ways.ts";

/** True when nothing that a verdict or the log says of the LUN can differ. */
export function sameFacts(a: LunFacts | undefined, b: LunFacts | undefined): boolean {
	if (a === b) return true;
	if (a === undefined || b === undefined) return false;
	return (
		a.maps === b.maps &&
		a.states === b.states &&
		sameList(a.devs, b.devs) &&
		a.name === b.name &&
		a.proven === b.proven &&
		sameOrNone(a.kernel, b.kernel, sameKernel) &&
		sameOrNone(a.map, b.map, sameMapFacts) &&
		sameWays(a.ways, b.ways) &&
		sameLooks(a.looks, b.looks)
	);
}

export function sameWays(a: readonly PathWay[], b: readonly PathWay[]): boolean {
	if (a === b) return true;
	return a.length === b.length && a.every((way, at) => way === b[at] || sameWay(way, b[at]));
}

export function sameMapFacts(a: MapFacts, b: MapFacts): boolean {
	return (
		a === b ||
		(a.whole === b.whole &&
			a.suspended === b.suspended &&
			a.queuesUntold === b.queuesUntold &&
			a.counts.gone === b.counts.gone &&
			a.counts.failed === b.counts.failed &&
			a.counts.unknown === b.counts.unknown &&
			a.counts.impaired === b.counts.impaired &&
			a.counts.standby === b.counts.standby &&
			a.counts.usable === b.counts.usable &&
			sameQueueing(a.queueing, b.queueing) &&
			(a.portals === null) === (b.portals === null) &&
			sameList(a.portals ?? [], b.portals ?? []) &&
			sameList(a.troubles, b.troubles))
	);
}

export function sameLooks(a: LunLooks, b: LunLooks): boolean {
	return (
		a === b ||
		(a.kernelSize === b.kernelSize &&
			sameDevice(a.map, b.map) &&
			sameDevice(a.bare, b.bare) &&
			sameQueueing(a.queueing, b.queueing) &&
			sameList(a.sizes, b.sizes) &&
			sameList(a.portals, b.portals))
	);
}

function sameOrNone<T>(a: T | null, b: T | null, same: (a: T, b: T) => boolean): boolean {
	return a === null || b === null ? a === b : same(a, b);
}

export function sameKernel(a: KernelFacts, b: KernelFacts): boolean {
	if (a === b) return true;
	return a.dm === b.dm && a.name === b.name && a.slaveCount === b.slaveCount && sameList(a.slaves, b.slaves);
}

function sameWay(a: PathWay, b: PathWay | undefined): boolean {
	return b !== undefined && a.id === b.id && a.port === b.port;
}

function sameDevice(a: DeviceLooks, b: DeviceLooks): boolean {
	return a.size === b.size && a.vendor === b.vendor && a.product === b.product;
}

function sameQueueing(a: Queueing, b: Queueing): boolean {
	if (typeof a === "object" && a !== null && typeof b === "object" && b !== null)
		return a.seconds === b.seconds;
	return a === b;
}

function sameList<T>(a: readonly T[], b: readonly T[]): boolean {
	return a === b || (a.length === b.length && a.every((item, at) => item === b[at]));
}
