import { accessRoutes, type ResultOf } from "@pathkeeper/model";
import { queryOptions } from "@tanstack/react-query";
import { client } from "../api/client.ts";

export type User = ResultOf<typeof accessRoutes.listUsers>[number];

export const usersQuery = queryOptions({
	queryKey: ["users"],
	queryFn: () => client.call(accessRoutes.listUsers, { full: 1 }),
});
