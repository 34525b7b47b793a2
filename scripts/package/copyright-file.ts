/** The machine-readable copyright file (debian.org, copyright-format 1.0) of the product and all that is in it. */
import type { NpmPart } from "./npm-parts.ts";

const head = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Pathkeeper
Comment:
 The program and its page are bundles. Folders below node_modules name the npm
 packages that code in usr/lib/pathkeeper comes from.

Files: *
Copyright: 2026 Pathkeeper maintainers
License: Apache-2.0
`;

/** With the text of the runtime's own licences. */
export function copyrightFile(parts: readonly NpmPart[], runtimeLicense: string): string {
	const names = licenseNames(parts);
	const texts = new Map(parts.map((part) => [names(part), part.licenseText]));
	if (!texts.has("Apache-2.0")) throw new Error("no part brings the words for Apache-2.0");
	return [
		head,
		stanza(
			"usr/lib/pathkeeper/runtime/node",
			["Node.js contributors, and others whom its licence names"],
			"Node.js",
		),
		...parts.map((part) => stanza(`${part.folder}/*`, part.copyright, names(part))),
		...[...texts].map(([name, text]) => `License: ${name}\n${indented(text)}\n`),
		`License: Node.js\n${indented(runtimeLicense)}\n`,
	].join("\n");
}

/** A name for each text: that of the licence, numbered when texts of one licence differ in more than blanks. */
function licenseNames(parts: readonly NpmPart[]): (part: NpmPart) => string {
	const names = new Map<string, string>();
	const key = ({ license, licenseText }: NpmPart) => `${license} ${words(licenseText)}`;
	for (const part of parts) {
		if (names.has(key(part))) continue;
		const others = [...names.keys()].filter((each) => each.startsWith(`${part.license} `)).length;
		const name = part.license.replaceAll(/[()]/g, "").replaceAll(" AND ", "-and-");
		names.set(key(part), others === 0 ? name : `${name}~${others + 1}`);
	}
	return (part) => names.get(key(part)) ?? part.license;
}

function words(text: string): string {
	const withoutTitle = text.replace(/^\W*(?:the )?mit license(?: \(mit\))?\W*/i, "");
	return withoutTitle.replaceAll(/\s+/g, " ").replaceAll(/['"]/g, '"').trim();
}

function stanza(files: string, copyright: readonly string[], license: string): string {
	return `Files: ${files}\nCopyright: ${copyright.join("\n ")}\nLicense: ${license}\n`;
}

/** As the body of a field: each line behind a blank, an empty one as a dot. */
function indented(text: string): string {
	const lines = text.replaceAll("\r", "").trimEnd().split("\n");
	return lines.map((line) => (line.trim() === "" ? " ." : ` ${line.trimEnd()}`)).join("\n");
}
