import { defaultQuota } from "../limits.ts";
import type { StoreSpace } from "../store.ts";
import type { StatusResponse } from "./wire/etcd_pb.js";

/** What is looked at of a member's status (`Maintenance.Status`). */
export type MemberStatus = Pick<
	StatusResponse,
	"dbSize" | "dbSizeInUse" | "dbSizeQuota" | "errors" | "header"
>;

/**
 * The room of a cluster, as its fullest member has it: every member holds everything, and the first that is full
 * raises the alarm for all. `quota` null: the one that etcd names (3.6 and later), else its default. A member lists
 * the alarms of the cluster as `memberID:1 alarm:NOSPACE` among the errors of its status.
 */
export function etcdSpace(
	members: readonly MemberStatus[],
	quota: number | null,
	urls: readonly string[],
): StoreSpace {
	const most = (of: (member: MemberStatus) => bigint) =>
		members.reduce((largest, member) => Math.max(largest, Number(of(member))), 0);
	const named = members.map(({ dbSizeQuota }) => Number(dbSizeQuota)).filter((bytes) => bytes > 0);
	const full = members.some(({ errors }) => errors.some((text) => /alarm:\s*NOSPACE/.test(text)));
	const etcdctl = `etcdctl --endpoints=${urls.join(",")}`;
	return {
		used: most(({ dbSizeInUse }) => dbSizeInUse),
		size: most(({ dbSize }) => dbSize),
		quota: Math.min(
			quota ?? Number.POSITIVE_INFINITY,
			...named,
			...(quota === null && named.length === 0 ? [defaultQuota] : []),
		),
		refusing: full ? "etcd has raised its alarm NOSPACE" : null,
		remedies: [
			`${etcdctl} compaction ${most(({ header }) => header?.revision ?? 0n)}`,
			`${etcdctl} defrag`,
			...(full ? [`${etcdctl} alarm disarm`] : []),
		],
	};
}
