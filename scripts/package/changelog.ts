/** CHANGELOG.md as data, and as the changelog that a Debian package carries. */

export interface ChangelogEntry {
	readonly version: string;
	/** Seconds since 1970, midnight UTC of its day. */
	readonly date: number;
	/** Its points, each one line. */
	readonly points: readonly string[];
}

/** The newest first. Throws an Error that names the line which it does not understand. */
export function changelogEntries(text: string): readonly ChangelogEntry[] {
	const [, ...sections] = text.split(/^## /m);
	const entries = sections.map(entry);
	if (entries.length === 0) throw new Error("CHANGELOG.md has no entry such as: ## 0.1.0 (2026-11-30)");
	return entries;
}

function entry(section: string): ChangelogEntry {
	const [head = "", ...body] = section.split("\n");
	const [, version, day] = /^(\d+\.\d+\.\d+) \((\d{4}-\d\d-\d\d)\)$/.exec(head) ?? [];
	const date = Date.parse(`${day}T00:00:00Z`) / 1000;
	if (version === undefined || Number.isNaN(date))
		throw new Error(`CHANGELOG.md: '## ${head}' is not '## VERSION (YEAR-MONTH-DAY)'`);
	const points = body.join("\n").split(/^- /m).slice(1);
	return { version, date, points: points.map((point) => unwrapped(point.split("\n\n")[0] ?? "")) };
}

function unwrapped(text: string): string {
	return text.trim().replaceAll(/\s+/g, " ").replaceAll("`", "");
}

/** deb-changelog(5), for a package without a revision of Debian's. */
export function debianChangelog(entries: readonly ChangelogEntry[], maintainer: string): string {
	return entries
		.map(({ version, date, points }) =>
			[
				`pathkeeper (${version}) unstable; urgency=medium`,
				"",
				...points.map((point) => `  * ${wrapped(point, 74).join("\n    ")}`),
				"",
				` -- ${maintainer}  ${mailDate(date)}`,
				"",
			].join("\n"),
		)
		.join("\n");
}

/** What rpm takes as the body of %changelog. */
export function rpmChangelog(entries: readonly ChangelogEntry[], maintainer: string): string {
	return entries
		.flatMap(({ version, date, points }) => {
			const [day, number, month, year] = new Date(date * 1000).toUTCString().split(/,? /);
			const head = `* ${day} ${month} ${number} ${year} ${maintainer} - ${version}-1`;
			// A percent sign would begin a macro.
			return [
				head,
				...points.map((point) => `- ${wrapped(point, 78).join("\n  ")}`.replaceAll("%", "%%")),
				"",
			];
		})
		.join("\n");
}

/** `Mon, 30 Nov 2026 00:00:00 +0000`. */
function mailDate(seconds: number): string {
	return new Date(seconds * 1000).toUTCString().replace("GMT", "+0000");
}

/** Lines of at most so many columns, as far as its words allow. */
export function wrapped(text: string, columns: number): string[] {
	const lines: string[] = [];
	for (const word of text.split(" ")) {
		const last = lines.at(-1);
		if (last !== undefined && last.length + 1 + word.length <= columns)
			lines[lines.length - 1] = `${last} ${word}`;
		else lines.push(word);
	}
	return lines;
}
