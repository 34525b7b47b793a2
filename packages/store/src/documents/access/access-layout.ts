import { isUserId, PathkeeperError } from "@pathkeeper/model";

/** Where the documents of access control stand in the store; beside those of `../layout.ts`. */
export const accessLayout = {
	accounts: "access/user/",
	account: (user: string) => `access/user/${userId(user)}`,
	tokens: "access/token/",
	tokensOf: (user: string) => `access/token/${userId(user)}/`,
	/** `name` is one that a token can have. */
	token: (user: string, name: string) => `access/token/${userId(user)}/${name}`,
	endedSessions: (user: string) => `access/ended-session/${userId(user)}/`,
	endedSession: (user: string, session: string) =>
		`access/ended-session/${userId(user)}/${sessionId(session)}`,
	acl: "access/acl",
	ticketKey: "access/ticket-key",
} as const;

function sessionId(session: string): string {
	if (/^[0-9a-f]{12}$/.test(session)) return session;
	throw new PathkeeperError("BUG", { problem: "the id of a session has another form" });
}

function userId(user: string): string {
	if (isUserId(user)) return user;
	const text = `invalid format - '${user}' is not the name of a user, such as jane@local`;
	throw new PathkeeperError("PARAMETER_INVALID", { fields: { userid: text } });
}
