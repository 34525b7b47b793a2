/** Names of users and tokens: `name@realm` and `name@realm!token`. Narrow, so that they mean the same everywhere. */

export const localRealm = "local";

/** Holds every right, always, and cannot be deleted: whoever opens the local socket is this user. */
export const rootUser = "root@local";

// Proxmox VE takes anything but blanks, colons and slashes. Line breaks, colons, `!`, `@` and look-alikes of other
// scripts would be read differently by tickets, keys, logs and people.
const userPattern = /^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,57}@local$/;
const tokenPattern = /^[A-Za-z][A-Za-z0-9._-]{1,63}$/;

/** True for the full name of a user, such as `jane@local`. */
export function isUserId(text: string): boolean {
	return userPattern.test(text);
}

/** True for the name of a token within its user (Proxmox VE's token_subid_regex, with a bound). */
export function isTokenName(text: string): boolean {
	return tokenPattern.test(text);
}

/** Full name of a token, such as `jane@local!backup`. */
export function tokenIdOf(user: string, token: string): string {
	return `${user}!${token}`;
}

/** Null for what is not the full name of a token. */
export function parseTokenId(text: string): { readonly user: string; readonly token: string } | null {
	const [user = "", token = "", ...more] = text.split("!");
	return more.length === 0 && isUserId(user) && isTokenName(token) ? { user, token } : null;
}

/** The user that a subject is, or that the token it is belongs to; null for neither. */
export function ownerOf(subject: string): string | null {
	return isUserId(subject) ? subject : (parseTokenId(subject)?.user ?? null);
}
