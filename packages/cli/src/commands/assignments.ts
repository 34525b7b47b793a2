import { PathkeeperError } from "@pathkeeper/model";

export interface SettingsChange {
	/** `key=value` as given. */
	readonly set: readonly string[];
	readonly unset: readonly string[];
	readonly digest?: string;
	/** False: do not wait until the nodes have applied it. */
	readonly wait: boolean;
}

/** Parameters of calls that are no settings. */
const taken: ReadonlySet<string> = new Set(["wwid", "delete", "digest", "force"]);

/**
 * `key=value` words as parameters; multipath.conf's own spelling (`no_path_retry`) is taken as well. Throws
 * PARAMETER_INVALID for a word without `=`, for a key that is no setting, and for one that is given twice.
 */
export function assignments(words: readonly string[]): Record<string, string> {
	const set = new Map<string, string>();
	const wrong = new Map<string, string>();
	for (const word of words) {
		const at = word.indexOf("=");
		const key = word.slice(0, Math.max(0, at)).replaceAll("_", "-");
		if (at < 1) wrong.set(word, "is not KEY=VALUE");
		else if (taken.has(key)) wrong.set(key, "is not a setting");
		else if (set.has(key)) wrong.set(key, "is given twice");
		else set.set(key, word.slice(at + 1));
	}
	if (wrong.size > 0) throw new PathkeeperError("PARAMETER_INVALID", { fields: Object.fromEntries(wrong) });
	return Object.fromEntries(set);
}

/** The parameters of a change. Throws PARAMETER_INVALID when it changes nothing. */
export function changeParameters({ set, unset, digest }: SettingsChange) {
	if (set.length === 0 && unset.length === 0) {
		throw new PathkeeperError("PARAMETER_INVALID", {
			fields: {
				settings: "nothing to change: give settings as KEY=VALUE, or remove some with --unset KEY",
			},
		});
	}
	return {
		...assignments(set),
		...(unset.length > 0 ? { delete: unset.map((key) => key.replaceAll("_", "-")).join(",") } : {}),
		...guard(digest),
	};
}

export function guard(digest: string | undefined): { digest?: string } {
	return digest === undefined ? {} : { digest };
}
