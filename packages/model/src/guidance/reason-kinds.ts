/**
 * What kind of trouble a reason of a verdict tells of. Verdicts are sentences, as people and the API have them; here
 * each sentence that `verdict/` and `fleet/` make is known by its form, so that a next step can stand beside it.
 */
const patterns = {
	"failed-path": /^path .* failed: |^a path without device failed: /,
	"gone-path": /^(?:path .*|a path without device.*) is gone: /,
	"unknown-path": /^(?:path .*|a path without device.*) is unknown: |^no path is known to work$/,
	"impaired-path": /^(?:path .*|a path without device.*) is impaired: /,
	"more-paths": /^and \d+ more paths that are not usable$/,
	"no-path":
		/^(?:the map has no path|its only path (?:failed|is gone)|all \d+ paths (?:failed|are gone|failed or are gone))(?: \(|$)/,
	"fewer-paths": /^\d+ of \d+ expected paths are there/,
	"some-work": /^\d+ of \d+ paths work$/,
	"missing-path": /^no path through |^there is no path through /,
	"queues-forever": /^I\/O queues forever/,
	"io-outcome":
		/^I\/O (?:errors at once|queues for )|^whether I\/O queues or errors|^without any path I\/O queues for /,
	"standby-only": /^only standby paths: /,
	suspended: /^the map is suspended: /,
	damaged: /^its listing is incomplete or damaged/,
	"no-map": /^there is no multipath map for it$/,
	"many-maps": /^multipathd lists \d+ maps of it: /,
	unwatched:
		/^the kernel holds its map .* and multipathd does not know it: |^multipathd has forgotten the paths of its map/,
	settling: /^multipathd is settling\b/,
	"not-applied-yet": /^the current configuration is not applied yet/,
	"not-applied": /^the configuration is not applied: /,
	"daemon-silent": /; the kernel (?:holds no map of it|still holds its map .*, unwatched)/,
	"agent-silent": /^no sign of life from its agent|^not known since |^no report yet/,
	"never-joined": /^the LUN is assigned to it, and no agent of that name has ever reported$/,
	"no-node": /^no node reports on it$/,
	"two-sizes": /^it is seen with different sizes: /,
	"not-allowed": /^not on the allow-list$/,
} as const satisfies Readonly<Record<string, RegExp>>;

/** `other`: a text that an agent or a daemon gave, and that no table knows. */
export type ReasonKind = keyof typeof patterns | "other";

/** All kinds that are known by their form. */
export const reasonKinds: readonly Exclude<ReasonKind, "other">[] = Object.keys(patterns).filter(
	(kind): kind is keyof typeof patterns => kind in patterns,
);

/** A reason as a verdict gives it, with the name of the node before it or without. */
export function kindOfReason(reason: string): ReasonKind {
	const known = (text: string) => reasonKinds.find((kind) => patterns[kind].test(text));
	const [, unnamed] = /^[A-Za-z0-9][A-Za-z0-9.-]{0,62}: (.*)$/s.exec(reason) ?? [];
	return (unnamed === undefined ? undefined : known(unnamed)) ?? known(reason) ?? "other";
}
