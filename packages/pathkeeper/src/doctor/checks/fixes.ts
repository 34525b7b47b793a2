/** Commands that several fixes are made of; they are right on Debian 12 and 13. */

export function install(...packages: readonly string[]): string {
	return `apt-get install ${packages.join(" ")}`;
}

export function journal(unit: string): string {
	return `journalctl --no-pager -n 50 -u ${unit}`;
}

/** A word as a POSIX shell takes it, in quotes where it needs them. */
export function quoted(word: string): string {
	return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
