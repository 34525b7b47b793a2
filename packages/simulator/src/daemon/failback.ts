import type { ReleaseTraits } from "./release.ts";

/** `%F`: `immediate`, `followover`, `manual`, `deferred:N`; older releases write `-` for whatever is not immediate. */
export function showFailback(value: string | null, traits: ReleaseTraits): string {
	if (value === "immediate" || value === "followover") return value;
	const seconds = Number(value);
	if (value !== null && value !== "" && Number.isInteger(seconds) && seconds > 0)
		return traits.saysWhy ? `deferred:${seconds}` : "-";
	if (seconds === 0 && value === "0") return "immediate";
	return traits.failback.manual;
}
