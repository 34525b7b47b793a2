/** `/access`: who is known, what they may do where, and who changed what. Fields and texts as Proxmox VE has them. */
import { Type } from "typebox";
import { auditKinds } from "../access/audit-kind.ts";
import { flag, nullable } from "./fields.ts";
import { defineRoute } from "./route.ts";

const userid = Type.String({ maxLength: 64, description: "full name of a user, such as jane@local" });
const tokenid = Type.String({ maxLength: 64, description: "name of a token within its user" });
const comment = Type.String({ maxLength: 1024 });
const expire = Type.Integer({
	minimum: 0,
	maximum: 4_102_444_800,
	description: "seconds since the epoch; 0: never",
});
const newPassword = Type.String({ minLength: 8, maxLength: 128 });
const confirmation = Type.Optional(
	Type.String({
		maxLength: 1024,
		description: "password of the caller; needed when the login of the ticket is more than five minutes old",
	}),
);
const nothing = Type.Null();
const textList = Type.String({ maxLength: 8192, description: "comma-separated" });

const tokenInfo = {
	comment: Type.Optional(comment),
	expire,
	privsep: Type.Union([Type.Literal(0), Type.Literal(1)], {
		description: "1: limited to the privileges that its own entries give",
	}),
};
const tokenChange = {
	comment: Type.Optional(Type.String({ maxLength: 128 })),
	expire: Type.Optional(expire),
	privsep: Type.Optional(flag),
};
const userInfo = { enable: flag, expire, comment: Type.Optional(comment) };
const userChange = {
	comment: Type.Optional(comment),
	enable: Type.Optional(flag),
	expire: Type.Optional(expire),
};

const heldIn = Type.Record(Type.String(), Type.Literal(1));

export const createTicket = defineRoute({
	method: "POST",
	path: "/access/ticket",
	privilege: "none",
	changes: false,
	summary: "Logs in with a password, or renews a ticket that is given as password",
	parameters: Type.Object({
		username: Type.String({ maxLength: 64 }),
		realm: Type.Optional(Type.String({ maxLength: 32 })),
		password: Type.String({ maxLength: 1024 }),
		"new-format": Type.Optional(flag),
	}),
	result: Type.Object({
		username: Type.String(),
		ticket: Type.String(),
		CSRFPreventionToken: Type.String(),
		cap: Type.Object({ dc: heldIn, access: heldIn, nodes: heldIn, storage: heldIn }),
	}),
});

export const endSession = defineRoute({
	method: "DELETE",
	path: "/access/ticket",
	privilege: "login",
	summary: "Logs out: ends the session of the ticket, or all sessions of its user",
	parameters: Type.Object({ all: Type.Optional(flag) }),
	result: nothing,
});

export const listDomains = defineRoute({
	method: "GET",
	path: "/access/domains",
	privilege: "none",
	summary: "Realms that users can belong to",
	parameters: Type.Object({}),
	result: Type.Array(
		Type.Object({ realm: Type.String(), type: Type.String(), comment: Type.String(), default: flag }),
	),
});

export const changePassword = defineRoute({
	method: "PUT",
	path: "/access/password",
	privilege: "Permissions.Modify",
	on: "each",
	whenFull: "always",
	summary: "Sets a password; users may set their own. Ends the sessions of that user",
	parameters: Type.Object({
		userid,
		password: newPassword,
		"confirmation-password": Type.Optional(
			Type.String({ maxLength: 1024, description: "password of the caller; needed with a ticket" }),
		),
		"drop-tokens": Type.Optional(
			Type.Union(flag.anyOf, { description: "removes the API tokens of that user as well" }),
		),
	}),
	result: nothing,
});

export const listUsers = defineRoute({
	method: "GET",
	path: "/access/users",
	privilege: "Permissions.Modify",
	on: "each",
	summary: "All users; without the privilege, only the caller",
	parameters: Type.Object({ enabled: Type.Optional(flag), full: Type.Optional(flag) }),
	result: Type.Array(
		Type.Object({
			userid,
			...userInfo,
			"realm-type": Type.String(),
			tokens: Type.Optional(Type.Array(Type.Object({ tokenid, ...tokenInfo }))),
		}),
	),
});

export const createUser = defineRoute({
	method: "POST",
	path: "/access/users",
	privilege: "Permissions.Modify",
	summary: "Adds a user, who has no privileges yet",
	parameters: Type.Object({
		userid,
		password: Type.Optional(newPassword),
		...userChange,
		"confirmation-password": confirmation,
	}),
	result: nothing,
});

export const getUser = defineRoute({
	method: "GET",
	path: "/access/users/:userid",
	privilege: "Permissions.Modify",
	self: "userid",
	summary: "One user",
	parameters: Type.Object({ userid }),
	result: Type.Object({ ...userInfo, tokens: Type.Record(Type.String(), Type.Object(tokenInfo)) }),
});

export const putUser = defineRoute({
	method: "PUT",
	path: "/access/users/:userid",
	privilege: "Permissions.Modify",
	whenFull: { enable: [0, false] },
	summary: "Changes a user; a key that is omitted keeps its value; disabling ends the user's sessions",
	parameters: Type.Object({ userid, ...userChange }),
	result: nothing,
});

export const deleteUser = defineRoute({
	method: "DELETE",
	path: "/access/users/:userid",
	privilege: "Permissions.Modify",
	summary: "Removes a user with their tokens and entries",
	parameters: Type.Object({ userid }),
	result: nothing,
});

export const listTokens = defineRoute({
	method: "GET",
	path: "/access/users/:userid/token",
	privilege: "Permissions.Modify",
	self: "userid",
	summary: "Tokens of a user; never their secrets",
	parameters: Type.Object({ userid }),
	result: Type.Array(Type.Object({ tokenid, ...tokenInfo })),
});

export const getToken = defineRoute({
	method: "GET",
	path: "/access/users/:userid/token/:tokenid",
	privilege: "Permissions.Modify",
	self: "userid",
	summary: "One token; never its secret",
	parameters: Type.Object({ userid, tokenid }),
	result: Type.Object(tokenInfo),
});

export const createToken = defineRoute({
	method: "POST",
	path: "/access/users/:userid/token/:tokenid",
	privilege: "Permissions.Modify",
	self: "userid",
	summary: "Adds a token; only this answer contains its secret",
	parameters: Type.Object({ userid, tokenid, ...tokenChange, "confirmation-password": confirmation }),
	result: Type.Object({
		"full-tokenid": Type.String(),
		info: Type.Object(tokenInfo),
		value: Type.String({ description: "the secret, a UUID in lower case" }),
	}),
});

export const putToken = defineRoute({
	method: "PUT",
	path: "/access/users/:userid/token/:tokenid",
	privilege: "Permissions.Modify",
	self: "userid",
	summary: "Changes a token; a key that is omitted keeps its value",
	parameters: Type.Object({ userid, tokenid, ...tokenChange, "confirmation-password": confirmation }),
	result: Type.Object(tokenInfo),
});

export const deleteToken = defineRoute({
	method: "DELETE",
	path: "/access/users/:userid/token/:tokenid",
	privilege: "Permissions.Modify",
	self: "userid",
	summary: "Removes a token with its entries",
	parameters: Type.Object({ userid, tokenid }),
	result: nothing,
});

export const readAcl = defineRoute({
	method: "GET",
	path: "/access/acl",
	privilege: "Permissions.Modify",
	on: "each",
	summary: "Entries on paths where the caller has the privilege, and the caller's own",
	parameters: Type.Object({}),
	result: Type.Array(
		Type.Object({
			path: Type.String(),
			type: Type.Union([Type.Literal("user"), Type.Literal("token")]),
			ugid: Type.String({ description: "full name of the user or token" }),
			roleid: Type.String(),
			propagate: flag,
		}),
	),
});

export const updateAcl = defineRoute({
	method: "PUT",
	path: "/access/acl",
	privilege: "Permissions.Modify",
	on: "each",
	whenFull: { delete: [1, true], roles: ["NoAccess"] },
	summary: "Adds or removes entries; callers can only grant what they have",
	parameters: Type.Object({
		path: Type.String({ maxLength: 128, description: "/, /nodes, /nodes/N, /storage or /storage/S" }),
		roles: textList,
		users: Type.Optional(textList),
		tokens: Type.Optional(textList),
		propagate: Type.Optional(flag),
		delete: Type.Optional(flag),
	}),
	result: nothing,
});

const auditMoment = Type.Integer({
	minimum: 0,
	maximum: 253_370_764_800,
	description: "seconds since the epoch",
});

export const readAudit = defineRoute({
	method: "GET",
	path: "/access/audit",
	privilege: "Permissions.Modify",
	summary:
		"Who changed what, and who was refused, newest first; for the next page, give the id of the last one as before",
	parameters: Type.Object({
		since: Type.Optional(auditMoment),
		until: Type.Optional(auditMoment),
		user: Type.Optional(
			Type.String({ maxLength: 128, description: "a user with their tokens, or one token" }),
		),
		kind: Type.Optional(Type.Enum([...auditKinds])),
		before: Type.Optional(
			Type.String({ pattern: "^[0-9]{15}-[!-~]{1,600}$", description: "only records before this one" }),
		),
		limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
	}),
	result: Type.Array(
		Type.Object({
			id: Type.String(),
			time: Type.Number({ description: "seconds since the epoch" }),
			user: Type.String({ description: "user or token, or the part of Pathkeeper" }),
			from: nullable(
				Type.String({ description: "address; for refusals, its /24 or /64; null: the local socket" }),
			),
			what: Type.String({ description: "kind and what was done, such as task.create" }),
			subject: Type.String(),
			detail: Type.String({ description: "more about it: what was changed, the UPID of a task" }),
			count: Type.Integer({ description: "how many times it happened between time and until" }),
			until: Type.Number({ description: "seconds since the epoch" }),
			before: nullable(Type.String({ description: "digest" })),
			after: nullable(Type.String({ description: "digest" })),
		}),
	),
});
