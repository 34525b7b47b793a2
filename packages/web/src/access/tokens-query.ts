import { accessRoutes, type ResultOf } from "@pathkeeper/model";
import { queryOptions } from "@tanstack/react-query";
import { client } from "../api/client.ts";

export type Token = ResultOf<typeof accessRoutes.listTokens>[number];

export const tokensQuery = (user: string) =>
	queryOptions({
		queryKey: ["tokens", user],
		queryFn: () => client.call(accessRoutes.listTokens, { userid: user }),
	});
