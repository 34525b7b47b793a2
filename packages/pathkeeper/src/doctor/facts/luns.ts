import type { HostSysfs } from "@pathkeeper/host";
import type { Candidate, KernelMap, Transport } from "@pathkeeper/model";

/** Maps and disks as the kernel shows them; no device is opened. */
export interface LunFacts {
	readonly maps: readonly KernelMap[];
	readonly candidates: readonly Candidate[];
	/** Transport of the paths below maps, by kernel name; null where the kernel does not tell. */
	readonly transports: ReadonlyMap<string, Transport | null>;
	/** WWID of the map that the root file system is on; null: on none. */
	readonly rootOnMap: string | null;
}

export async function gatherLuns(sysfs: HostSysfs): Promise<LunFacts> {
	const [maps, candidates, rootOnMap] = await Promise.all([
		sysfs.kernelMaps(),
		sysfs.candidates(),
		sysfs.rootOnMap(),
	]);
	const paths = await sysfs.paths(maps.flatMap(({ slaves }) => slaves));
	const transports = new Map([...paths].map(([dev, { transport }]) => [dev, transport]));
	return { maps, candidates, transports, rootOnMap };
}
