/** What a request brings along to say who makes it, taken from its headers and not believed yet. */
import { parseTokenId } from "@pathkeeper/model";

export interface RequestParts {
	readonly method: string;
	readonly authorization: string | undefined;
	readonly cookie: string | undefined;
	/** Header CSRFPreventionToken. */
	readonly csrf: string | undefined;
	/** Address of the client. */
	readonly from: string | null;
}

export type Credentials =
	| { readonly kind: "none" }
	| { readonly kind: "malformed" }
	/** A browser sends its cookie along with requests that other sites make; a header it does not. */
	| { readonly kind: "ticket"; readonly text: string; readonly bySite: boolean }
	| { readonly kind: "token"; readonly user: string; readonly token: string; readonly secret: string };

const cookieName = "PVEAuthCookie";
const tokenName = "PVEAPIToken";

/** The header counts before the cookie; one that is bad is not passed over for the cookie. */
export function credentialsOf({ authorization, cookie }: RequestParts): Credentials {
	const [scheme, value] = splitOnce(authorization?.trim() ?? "", "=");
	if (scheme === tokenName) return tokenFrom(value);
	if (scheme === cookieName) return ticketFrom(value, false);
	const values = cookieValues(cookie ?? "");
	const [first] = values;
	if (first === undefined) return { kind: "none" };
	// Two that differ: one of them was put there by a neighbour of this site.
	return values.some((other) => other !== first) ? { kind: "malformed" } : ticketFrom(first, true);
}

function tokenFrom(value: string): Credentials {
	const [id, secret] = splitOnce(value, "=");
	const parsed = parseTokenId(id);
	return parsed === null || secret === "" ? { kind: "malformed" } : { kind: "token", ...parsed, secret };
}

/** Some clients encode the ticket as URLs do, some do not; base64 has no percent sign, so both are understood. */
function ticketFrom(value: string, bySite: boolean): Credentials {
	try {
		return { kind: "ticket", text: decodeURIComponent(value), bySite };
	} catch {
		return { kind: "malformed" };
	}
}

function cookieValues(header: string): readonly string[] {
	return header
		.split(";")
		.map((pair) => splitOnce(pair.trim(), "="))
		.filter(([name, value]) => name === cookieName && value !== "")
		.map(([, value]) => value);
}

function splitOnce(text: string, at: string): readonly [string, string] {
	const index = text.indexOf(at);
	return index < 0 ? [text, ""] : [text.slice(0, index), text.slice(index + 1)];
}
