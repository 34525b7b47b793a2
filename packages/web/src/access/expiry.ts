import { pageRuntime } from "../runtime.ts";
/** When a user or token expires; `seconds` since the epoch, 0: never. */
export function expiryText(seconds: number): string {
	if (seconds === 0) return "never";
	const date = new Date(seconds * 1000);
	return date.getTime() < pageRuntime.now()
		? `expired ${date.toLocaleDateString()}`
		: date.toLocaleDateString();
}
