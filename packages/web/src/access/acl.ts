import { accessRoutes, type ResultOf } from "@pathkeeper/model";
import { queryOptions } from "@tanstack/react-query";
import { client } from "../api/client.ts";

/** A role that a user or token has on a path. */
export type Grant = ResultOf<typeof accessRoutes.readAcl>[number];

export const aclQuery = queryOptions({
	queryKey: ["acl"],
	queryFn: () => client.call(accessRoutes.readAcl, {}),
});

/** A grant as the API adds and removes it. */
export function aclChange({ path, roleid, type, ugid }: Omit<Grant, "propagate">) {
	return { path, roles: roleid, ...(type === "token" ? { tokens: ugid } : { users: ugid }) };
}
