import { draft, type LogDraft } from "./entry.ts";

/** A change of users, tokens or roles, as the audit has it. */
export interface AccessChangeRecord {
	/** `access.user.create`, … */
	readonly what: string;
	/** User or token, or in words what was done to the entries. */
	readonly subject: string;
	/** What was changed; of entries `- PATH WHO ROLE PROPAGATE` and `+ …`, with `; ` between them. */
	readonly detail?: string;
	readonly at: number;
	readonly by: string;
	readonly from: string | null;
}

/** Who changed whose access, in words. */
export function accessEntry({ what, subject, detail = "", at, by, from }: AccessChangeRecord): LogDraft {
	const entries = what === "access.acl" ? detail.split("; ").map(entryText) : [];
	const [only] = entries;
	const { event, text } = wordsOf(what, subject, detail);
	return draft(at, {
		kind: "access",
		event,
		severity: "info",
		text: `${by} ${entries.length === 1 && only !== undefined ? only : text}`,
		details: entries.length > 1 ? entries : [],
		by,
		from,
	});
}

function wordsOf(
	what: string,
	subject: string,
	detail: string,
): { readonly event: string; readonly text: string } {
	const more = detail === "" ? "" : `: ${detail}`;
	switch (what) {
		case "access.user.create":
			return { event: "added", text: `added user ${subject}` };
		case "access.user.update":
			return { event: "changed", text: `changed user ${subject}${more}` };
		case "access.user.password":
			return { event: "changed", text: `set the password of ${subject}` };
		case "access.user.delete":
			return { event: "removed", text: `removed user ${subject}` };
		case "access.token.create":
			return { event: "added", text: `added token ${subject}${more}` };
		case "access.token.update":
			return { event: "changed", text: `changed token ${subject}${more}` };
		case "access.token.delete":
			return { event: "removed", text: `removed token ${subject}` };
		case "access.acl":
			return { event: "changed", text: `changed roles: ${subject}` };
		default:
			return { event: "changed", text: `changed access (${what}): ${subject}${more}` };
	}
}

/** `gave jane@local the role Operator on /nodes and below`. */
function entryText(line: string): string {
	const [, sign, path, who, role, propagate] = /^([+-]) (\S+) (\S+) (\S+) (true|false)$/.exec(line) ?? [];
	if (sign === undefined) return line;
	const place = `${path}${propagate === "true" ? " and below" : ""}`;
	return sign === "+"
		? `gave ${who} the role ${role} on ${place}`
		: `took the role ${role} on ${place} from ${who}`;
}
