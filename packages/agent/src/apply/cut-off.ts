/**
 * A reconfigure with a new rule against a LUN that is in use takes the paths from under its users: since
 * multipath-tools 0.12 they get I/O errors, before that nobody watches the paths any more (observed on 0.9.4, 0.11.1
 * and 0.15.1). multipathd does not ask; so it is asked here, before it is told.
 */
import type { Host } from "@pathkeeper/host";
import {
	type EffectiveConf,
	type KernelMap,
	type MultipathMap,
	PathkeeperError,
	pathsOf,
	readEffective,
} from "@pathkeeper/model";
import { type RuledLun, ruleAgainst } from "./host-rules.ts";

/** Throws CUTS_OFF_USERS, naming LUN, users and rule. `conf` is what multipathd would read now. */
export async function refuseCutOff(
	host: Pick<Host, "multipathd" | "sysfs">,
	kernelMaps: readonly KernelMap[],
	conf: EffectiveConf,
): Promise<void> {
	const open = kernelMaps.filter(({ users, slaves }) => users.length > 0 && slaves.length > 0);
	if (open.length === 0) return;
	const listed = await listedMaps(host);
	const facts = await host.sysfs.paths(open.flatMap(({ slaves }) => slaves));
	for (const { wwid, name, slaves, users } of open) {
		const map = listed?.get(wwid);
		// One that the daemon has forgotten already loses nothing more, and a reconfigure may bring it back.
		if (listed !== null && (map === undefined || pathsOf(map).length === 0)) continue;
		const lun: RuledLun = {
			wwid,
			vendor: map?.vendor ?? null,
			product: map?.product ?? null,
			paths: slaves.map((dev) => ({ dev, transport: facts.get(dev)?.transport ?? null })),
		};
		const rule = ruleAgainst(lun, conf);
		if (rule === null || (map !== undefined && (await isHarmless(host, lun, rule)))) continue;
		const shown = name === wwid ? wwid : `${name} (${wwid})`;
		throw new PathkeeperError("CUTS_OFF_USERS", { lun: shown, users: users.join("; "), rule });
	}
}

/**
 * True when the daemon holds the rule already and has the paths all the same: then it was misjudged here, since not
 * all of what a POSIX expression can say is understood.
 */
async function isHarmless(
	{ multipathd }: Pick<Host, "multipathd">,
	lun: RuledLun,
	rule: string,
): Promise<boolean> {
	return ruleAgainst(lun, readEffective(await multipathd.config())) === rule;
}

/** Null when the daemon does not list its maps: then every map counts as one that it looks after. */
async function listedMaps({
	multipathd,
}: Pick<Host, "multipathd">): Promise<ReadonlyMap<string, MultipathMap> | null> {
	try {
		const { maps } = await multipathd.maps();
		return new Map(maps.map((map) => [map.wwid, map]));
	} catch (error) {
		if (error instanceof PathkeeperError && error.fault !== "bug") return null;
		throw error;
	}
}
