import type { Party } from "../http/party.ts";

/** How many event streams may be open. */
export interface StreamLimits {
	/** Of one user or token. */
	readonly perName: number;
	/** Of one user with all tokens. */
	readonly perOwner: number;
	/** From one address. */
	readonly perAddress: number;
	readonly inAll: number;
}

/** A browser has a stream for each tab; a monitoring system has one. */
export const usualStreamLimits: StreamLimits = { perName: 8, perOwner: 32, perAddress: 64, inAll: 512 };

/** What has to happen before a stream more may be opened. */
export type Room<T> =
	| { readonly kind: "free" }
	/** This one ends for it. */
	| { readonly kind: "instead of"; readonly stream: T }
	/** So many are open, and none of them has to go. */
	| { readonly kind: "none"; readonly count: number; readonly of: string };

/**
 * Room for one stream more. `streams`: the open ones, oldest first. At a limit, the oldest stream of whoever has the
 * most goes, so that nobody keeps others out with many. When all have the same few, the newcomer is refused.
 */
export function roomFor<T>(
	party: Party,
	streams: readonly (readonly [T, Party])[],
	limits: StreamLimits,
): Room<T> {
	const scopes = [
		{ most: limits.perName, of: `of ${party.name}`, in: "name", by: "name" },
		{ most: limits.perOwner, of: `of ${party.owner}`, in: "owner", by: "name" },
		{ most: limits.perAddress, of: "from this address", in: "address", by: "owner" },
		{ most: limits.inAll, of: "in all", in: null, by: "owner" },
	] as const;
	for (const scope of scopes) {
		const among = streams.filter(([, other]) => scope.in === null || other[scope.in] === party[scope.in]);
		if (among.length < scope.most) continue;
		const shares = Map.groupBy(among, ([, other]) => other[scope.by]);
		const own = shares.get(party[scope.by]) ?? [];
		// The sort is stable: of equal shares the newcomer's own comes first.
		const [largest = []] = [own, ...shares.values()].toSorted((one, other) => other.length - one.length);
		const [oldest] = largest;
		if (oldest === undefined || (largest !== own && largest.length <= own.length + 1))
			return { kind: "none", count: among.length, of: scope.of };
		return { kind: "instead of", stream: oldest[0] };
	}
	return { kind: "free" };
}
