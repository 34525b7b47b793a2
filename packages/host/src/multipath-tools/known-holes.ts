import { compareToolsVersions, type Finding } from "@pathkeeper/model";

interface Hole {
	readonly ids: readonly string[];
	/** First release with the hole. */
	readonly since: string;
	/** First release without it in each line that was mended, oldest first; the last one covers all later lines. */
	readonly fixedIn: readonly string[];
}

/** The upstream advisories of August and September 2026; the same day's releases of all lines mend them. */
const fixed2026 = ["0.10.8", "0.11.6", "0.12.4", "0.13.3", "0.14.5", "0.15.1"];

const holes: readonly Hole[] = [
	{ ids: ["CVE-2022-41974"], since: "0.7.0", fixedIn: ["0.9.2"] },
	{ ids: ["CVE-2022-41973"], since: "0.7.7", fixedIn: ["0.9.2"] },
	{
		ids: [
			"GHSA-hmcm-9cq4-r2xm",
			"GHSA-pvp6-c9p3-25fp",
			"GHSA-g5mh-253r-jjw5",
			"GHSA-pxwh-g75c-95pc",
			"GHSA-gr7q-prfc-q636",
			"GHSA-hj7j-qr9h-5fv6",
			"GHSA-p6rh-9x9j-3hvx",
		],
		since: "0",
		fixedIn: fixed2026,
	},
];

/**
 * A finding for a multipath-tools version that has published security holes, null for one that has none known here.
 * Only upstream's number is judged: a distribution may have mended its package under the old one, and the text says
 * so. A version that cannot be read is a finding, too.
 */
export function knownHoles(version: string): Finding | null {
	if (!/^v?\d+\.\d+(?:\.\d+)?/.test(version)) {
		return {
			code: "multipath-tools-version-unknown",
			severity: "info",
			subject: null,
			text: `multipath-tools gives its version as '${version}': it is unknown whether it has security holes`,
		};
	}
	const open = holes.filter((hole) => isOpenIn(hole, version));
	if (open.length === 0) return null;
	const ids = open.flatMap((hole) => hole.ids);
	return {
		code: "multipath-tools-known-holes",
		severity: "warning",
		subject: null,
		text:
			`multipath-tools ${version} is older than the releases that fix ${ids.join(", ")}; ` +
			`update to ${fixFor(open, version)} or later, or check that the distribution's package has the fixes`,
	};
}

function isOpenIn(hole: Hole, version: string): boolean {
	if (compareToolsVersions(version, hole.since) < 0) return false;
	const fix = hole.fixedIn.find((each) => lineOf(each) === lineOf(version)) ?? hole.fixedIn.at(-1);
	return fix === undefined || compareToolsVersions(version, fix) < 0;
}

/** The nearest release without any of the holes: in the version's own line when there is one, else the next. */
function fixFor(open: readonly Hole[], version: string): string {
	const later = open
		.flatMap((hole) => hole.fixedIn)
		.filter((fix) => compareToolsVersions(fix, version) > 0 && !open.some((hole) => isOpenIn(hole, fix)));
	return later.toSorted(compareToolsVersions).at(0) ?? "the newest release";
}

/** `0.11.1` belongs to the line `0.11`. */
function lineOf(version: string): string {
	return version.replace(/^v/, "").split(".").slice(0, 2).join(".");
}
