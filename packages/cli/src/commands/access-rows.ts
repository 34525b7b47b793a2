import type { accessRoutes, ResultOf } from "@pathkeeper/model";
import { shown } from "../output/words.ts";

/** What the API answers about access, by the names that the commands use. */
export type UserRow = ResultOf<typeof accessRoutes.listUsers>[number];
export type TokenRow = ResultOf<typeof accessRoutes.listTokens>[number];
export type AclRow = ResultOf<typeof accessRoutes.readAcl>[number];

/** When a user or token ends; it is counted in seconds since the epoch. */
export function expiryText(expire: number): string {
	return expire === 0 ? "never" : new Date(expire * 1000).toISOString().replace(/:00\.000Z$/, "Z");
}

export function commentText(comment: string | undefined): string {
	return shown(comment ?? "");
}
