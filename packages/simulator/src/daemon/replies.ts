import type { ReleaseTraits } from "./release.ts";

/** How a command can end without a text of its own; each release words it in its way (multipathd/uxlsnr.c). */
export type Outcome = "ok" | "fail" | "busy" | "unknown device" | "denied" | "timeout";

const reasons: Readonly<Record<Outcome, string>> = {
	ok: "",
	fail: "",
	busy: "map or partition in use\n",
	"unknown device": "device not found\n",
	denied: "permission deny: need to be root\n",
	timeout: "timeout\n",
};

export function replyText(outcome: Outcome, traits: ReleaseTraits): string {
	if (outcome === "ok") return "ok\n";
	if (traits.saysWhy) return `fail\n${reasons[outcome]}`;
	return outcome === "denied" || outcome === "timeout" ? reasons[outcome] : "fail\n";
}
