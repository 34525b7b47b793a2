import { type Command, InvalidArgumentError } from "commander";
import { changeAcl, listAcl } from "../commands/acl.ts";
import { addToken, listTokens, removeToken, setToken, type TokenChange } from "../commands/token.ts";
import { addUser, listUsers, removeUser, setPassword, setUser, type UserChange } from "../commands/user.ts";
import type { Online } from "./runs.ts";

export function addAccessCommands(program: Command, online: Online): void {
	addUserCommands(program.command("user").description("who may log in"), online);
	addTokenCommands(program.command("token").description("API tokens, which programs log in with"), online);
	addAclCommands(program.command("acl").description("who may do what where"), online);
}

const passwordHelp = "its first line is the password (-: standard input)";

function addUserCommands(user: Command, online: Online): void {
	user
		.command("list")
		.description("users")
		.action(() => online(listUsers));
	described(user.command("add <user>").description("add a user, such as jane@local"))
		.option("--password-file <file>", passwordHelp)
		.action((name: string, options: UserChange & { passwordFile?: string }) =>
			online((session) => addUser(session, name, options)),
		);
	described(
		user.command("set <user>").description("change a user; an option that is not given changes nothing"),
	)
		.option("--enable", "enable the user again")
		.option("--no-enable", "disable the user; ends the user's sessions")
		.action((name: string, options: UserChange) => online((session) => setUser(session, name, options)));
	user
		.command("passwd <user>")
		.description("set a password; ends the user's sessions")
		.option("--password-file <file>", passwordHelp, "-")
		.action((name: string, { passwordFile }: { passwordFile: string }) =>
			online((session) => setPassword(session, name, passwordFile)),
		);
	user
		.command("remove <user>")
		.description("remove a user with tokens and entries")
		.action((name: string) => online((session) => removeUser(session, name)));
}

function addTokenCommands(token: Command, online: Online): void {
	token
		.command("list <user>")
		.description("tokens of a user")
		.action((user: string) => online((session) => listTokens(session, user)));
	described(token.command("add <token>").description("add a token USER@REALM!NAME; prints its secret once"))
		.option("--no-privsep", "give it all privileges of its user")
		.action((id: string, { privsep, ...change }: TokenChange) =>
			online((session) => addToken(session, id, { ...change, ...(privsep === false ? { privsep } : {}) })),
		);
	described(
		token.command("set <token>").description("change a token; an option that is not given changes nothing"),
	)
		.option("--privsep", "limit it to the privileges that its own entries give")
		.option("--no-privsep", "give it all privileges of its user")
		.action((id: string, change: TokenChange) => online((session) => setToken(session, id, change)));
	token
		.command("remove <token>")
		.description("remove a token with its entries")
		.action((id: string) => online((session) => removeToken(session, id)));
}

function addAclCommands(acl: Command, online: Online): void {
	acl
		.command("list")
		.description("entries")
		.action(() => online(listAcl));
	acl
		.command("add <path> <role> <who...>")
		.description(
			"give users and tokens a role (Administrator, Operator, Auditor, NoAccess) on /, /nodes, /nodes/N, /storage or /storage/S",
		)
		.option("--no-propagate", "only on the path itself, not below")
		.action((path: string, role: string, subjects: string[], { propagate }: { propagate: boolean }) =>
			online((session) => changeAcl(session, { path, role, subjects, remove: false, propagate })),
		);
	acl
		.command("remove <path> <role> <who...>")
		.description("remove a role from users and tokens")
		.action((path: string, role: string, subjects: string[]) =>
			online((session) => changeAcl(session, { path, role, subjects, remove: true, propagate: true })),
		);
}

function described(command: Command): Command {
	return command
		.option("--comment <text>", "what it is for")
		.option("--expire <date>", "when it expires: a date such as 2027-01-31, or never", expiry);
}

/** Seconds since the epoch; 0: never. */
function expiry(text: string): number {
	if (text === "never") return 0;
	const ms = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
	if (Number.isNaN(ms)) throw new InvalidArgumentError("It is not a date such as 2027-01-31.");
	return Math.floor(ms / 1000);
}
