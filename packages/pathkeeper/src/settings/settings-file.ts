/** A settings file as systemd's EnvironmentFile reads it (systemd.exec(5)), in the part of its grammar that is plain. */

export interface FileSetting {
	/** 1-based. */
	readonly line: number;
	readonly key: string;
	readonly value: string;
}

export interface SettingsFile {
	readonly settings: readonly FileSetting[];
	readonly problems: readonly { readonly line: number; readonly problem: string }[];
}

/**
 * Lines of `KEY=VALUE`, the value in quotes or not; blank lines, and comments that begin with `#` or `;`. What systemd
 * would read in a way of its own (backslashes, a quote inside a value) is a problem, so that both read the same.
 */
export function parseSettingsFile(text: string): SettingsFile {
	const settings: FileSetting[] = [];
	const problems: { line: number; problem: string }[] = [];
	for (const [at, raw] of text.split("\n").entries()) {
		const line = at + 1;
		const trimmed = raw.trim();
		if (trimmed === "" || trimmed.startsWith("#") || trimmed.startsWith(";")) continue;
		const [, key, rest] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(trimmed) ?? [];
		const value = rest === undefined ? null : unquoted(rest.trim());
		if (key === undefined) problems.push({ line, problem: `'${trimmed}' is not KEY=VALUE` });
		else if (value === null)
			problems.push({ line, problem: `${key}: quotes and backslashes inside a value are not understood` });
		else if (settings.some((other) => other.key === key))
			problems.push({ line, problem: `${key} is set twice` });
		else settings.push({ line, key, value });
	}
	return { settings, problems };
}

function unquoted(text: string): string | null {
	const [, , inner] = /^(["'])(.*)\1$/.exec(text) ?? [];
	const value = inner ?? text;
	return /["'\\]/.test(value) ? null : value;
}
