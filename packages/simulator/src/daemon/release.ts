/**
 * Where the simulated releases of multipathd differ. Every row was observed on the real daemon of Debian 12 (0.9.4),
 * Debian 13 (0.11.1) and Debian unstable (0.15.1).
 */
export type Release = "0.9.4" | "0.11.1" | "0.15.1";

export interface ReleaseTraits {
	/** First line of the help text, as in `multipath-tools v0.9.4 (12/19, 2022)`. */
	readonly banner: string;
	/** Errors start with a line `fail` and say a reason (since 0.9.8). */
	readonly saysWhy: boolean;
	/** `show daemon` tells a waiting reconfigure (since 0.10.0). */
	readonly tellsPending: boolean;
	/** A map can be named by its WWID even when it has an alias (since 0.9.9). */
	readonly findsByWwid: boolean;
	/** A path can be named by its device number. */
	readonly findsByNumber: boolean;
	/** Words of `%F` for `manual` and for a map that no configuration was applied to. */
	readonly failback: { readonly manual: string; readonly unset: string };
	/** `%s` of a path ends with the revision (since 0.9.9). */
	readonly pathRevision: boolean;
	/** `%k`; null: the wildcard does not exist (before 0.9.9). */
	readonly maxSectorsKb: number | null;
	/** Wildcards of path groups are in the help (before 0.9.9). */
	readonly groupWildcards: boolean;
	/** `%A` of a path is the target port group (since 0.9.6). */
	readonly tpgWildcard: boolean;
	/** ALUA arrays are grouped by priority without being told so (since 0.9.6). */
	readonly detectsGrouping: boolean;
	/** Commands on persistent reservations that came with 0.13. */
	readonly prHold: boolean;
	/** `getprstatus` of a map without registration. */
	readonly prStatusUnset: string;
	/**
	 * What reconfigure does with an open map that is no longer allowed: before 0.12 the kernel keeps the table and the
	 * daemon forgets the paths; since then the table is emptied and queueing switched off, so its users get I/O errors.
	 */
	readonly emptiesOpenMaps: boolean;
	/** `polling_interval 0` raises SIGFPE. */
	readonly diesOfZeroInterval: boolean;
	/** Listens on a path too, `/run/multipathd.socket` (since 0.12). */
	readonly pathSocket: boolean;
}

const bookworm: ReleaseTraits = {
	banner: "multipath-tools v0.9.4 (12/19, 2022)",
	saysWhy: false,
	tellsPending: false,
	findsByWwid: false,
	findsByNumber: false,
	failback: { manual: "-", unset: "-" },
	pathRevision: false,
	maxSectorsKb: null,
	groupWildcards: true,
	tpgWildcard: false,
	detectsGrouping: false,
	prHold: false,
	prStatusUnset: "0",
	emptiesOpenMaps: false,
	diesOfZeroInterval: false,
	pathSocket: false,
};

const trixie: ReleaseTraits = {
	...bookworm,
	banner: "multipath-tools v0.11.1 (01/24, 2025)",
	saysWhy: true,
	tellsPending: true,
	findsByWwid: true,
	findsByNumber: true,
	failback: { manual: "manual", unset: "undef" },
	pathRevision: true,
	maxSectorsKb: 1280,
	groupWildcards: false,
	tpgWildcard: true,
	detectsGrouping: true,
	prStatusUnset: "unset\n",
	diesOfZeroInterval: true,
};

const sid: ReleaseTraits = {
	...trixie,
	banner: "multipath-tools v0.15.1 (08/27, 2026)",
	maxSectorsKb: 4096,
	prHold: true,
	emptiesOpenMaps: true,
	pathSocket: true,
};

export const releaseTraits: Readonly<Record<Release, ReleaseTraits>> = {
	"0.9.4": bookworm,
	"0.11.1": trixie,
	"0.15.1": sid,
};

export const releases: readonly Release[] = ["0.9.4", "0.11.1", "0.15.1"];
