/**
 * The polling interval in seconds that a `show config` text names in its `defaults` section, or null. It stands there
 * in every release since 0.4.9 as `polling_interval N`.
 */
export function pollingInterval(configText: string): number | null {
	const match = /^\s*polling_interval\s+"?(\d{1,9})"?\s*$/m.exec(configText);
	return match === null ? null : Number(match[1]);
}
