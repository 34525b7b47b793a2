/** What happens in a demo, and what is left to its reader, by the SAN that is played. */
import { demoAliases, demoSanPlan, sanOf } from "@pathkeeper/simulator";
import type { SimulatedSize } from "../settings/daemon-settings.ts";

export interface DemoSession {
	readonly node: string;
	readonly port: string;
}

export interface DemoPlot {
	/** Fails and stays so; null: there is nothing that could. */
	readonly broken: DemoSession | null;
	/** Fails and comes back. */
	readonly mended: DemoSession | null;
	/** The LUN that a volume group is made on; null: there are no storages. */
	readonly groupOn: string | null;
	/** A port of the array for the reader to break. */
	readonly port: string | null;
	/** WWIDs of the LUNs that are allowed, with their aliases. */
	readonly allowed: ReadonlyMap<string, string>;
	/** A LUN for the reader to allow. */
	readonly candidate: string | null;
}

/** `size`: null for the SAN with names. */
export function plotFor(size: SimulatedSize | null): DemoPlot {
	return size === null ? namedPlot() : sizedPlot(size);
}

function namedPlot(): DemoPlot {
	const allowed = new Map(Object.entries(demoAliases));
	return {
		broken: { node: "n2", port: "altair-a1" },
		mended: { node: "n3", port: "vega-b2" },
		groupOn: [...allowed].find(([, alias]) => alias === "tea-cache")?.[0] ?? null,
		port: "vega-a1",
		allowed,
		candidate: wwidsOf(demoSanPlan()).find((wwid) => !allowed.has(wwid)) ?? null,
	};
}

/** All LUNs but one are allowed, where there is more than one; one node loses a session, and none its only one. */
function sizedPlot(size: SimulatedSize): DemoPlot {
	const wwids = wwidsOf(sanOf(size));
	const count = wwids.length < 2 ? wwids.length : wwids.length - 1;
	const width = String(wwids.length).length;
	return {
		broken: count === 0 || size.pathsPerLun < 2 ? null : { node: "n1", port: "deneb-1" },
		mended: null,
		groupOn: null,
		port: count === 0 ? null : `deneb-${size.pathsPerLun}`,
		allowed: new Map(
			wwids.slice(0, count).map((wwid, at) => [wwid, `lun-${String(at + 1).padStart(width, "0")}`]),
		),
		candidate: wwids[count] ?? null,
	};
}

function wwidsOf({ arrays }: { readonly arrays: readonly { readonly luns: readonly { wwid: string }[] }[] }) {
	return arrays.flatMap(({ luns }) => luns.map(({ wwid }) => wwid));
}
