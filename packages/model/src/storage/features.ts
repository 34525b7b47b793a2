/**
 * What can be done with a volume beside reading and writing it, as each type of storage allows it. One table, so
 * that page, server and plugins answer alike. Source: pve-storage, `volume_has_feature` of each plugin.
 */
export const volumeFeatures = [
	"clone",
	"copy",
	"replicate",
	"snapshot",
	"sparseinit",
	"template",
	"rename",
] as const;
export type VolumeFeature = (typeof volumeFeatures)[number];

/** Which state of a volume is asked about: as it is, as a template, or one of its snapshots. */
export type VolumeState = "current" | "base" | "snap";

export type FeatureTable = Readonly<Partial<Record<VolumeFeature, readonly VolumeState[]>>>;

const tables: ReadonlyMap<string, FeatureTable> = new Map<string, FeatureTable>([
	["multipath", { copy: ["current"] }],
	["lvm", { copy: ["current"], rename: ["current"] }],
	["dir", { copy: ["current"], sparseinit: ["current"], rename: ["current"] }],
]);

/** False for a type that is not built in: its own plugin has to be asked. */
export function hasFeature(type: string, feature: VolumeFeature, state: VolumeState): boolean {
	return tables.get(type)?.[feature]?.includes(state) ?? false;
}
