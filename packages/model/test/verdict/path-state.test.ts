import { type Path, pathState } from "@pathkeeper/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pathOf } from "./examples.ts";

const nvme = { hctl: null, dmState: "n/a", checker: null, deviceState: "live" } satisfies Partial<Path>;
const ana = (state: string, deviceState = "live") => ({
	...nvme,
	checkerState: state,
	anaState: state,
	deviceState,
});

describe("the state of a path", () => {
	it.each<[string, string, Partial<Path>]>([
		["usable", "every word is a good one", {}],
		["usable", "NVMe: live and optimized", ana("optimized")],
		["usable", "NVMe: live and non-optimized", ana("non-optimized")],
		["usable", "NVMe without ANA: live", { ...nvme, checkerState: "n/a" }],
		["usable", "SCSI words over an NVMe device", { deviceState: "live" }],
		["usable", "before 0.4.9 the device's state is not printed", { deviceState: null }],
		["standby", "a ghost", { checkerState: "ghost" }],
		["standby", "NVMe: inaccessible", ana("inaccessible")],
		["standby", "NVMe: change", ana("change")],
		["impaired", "shaky", { checkerState: "shaky" }],
		["impaired", "delayed", { checkerState: "delayed" }],
		["impaired", "marginal by its checker", { checkerState: "marginal" }],
		["impaired", "set aside as marginal", { marginal: true }],
		["impaired", "a marginal ghost", { checkerState: "ghost", marginal: true }],
		["unknown", "undef", { checkerState: "undef" }],
		["unknown", "pending", { checkerState: "pending" }],
		["unknown", "i/o pending", { checkerState: "i/o pending" }],
		["unknown", "unchecked", { checkerState: "unchecked" }],
		["unknown", "wild", { checkerState: "wild" }],
		["unknown", "a checker word that nobody knows", { checkerState: "splendid" }],
		["unknown", "a good word in other letters", { checkerState: "READY" }],
		["unknown", "a good word of another column", { checkerState: "running" }],
		["unknown", "no checker word", { checkerState: null }],
		["unknown", "dm undef", { dmState: "undef" }],
		["unknown", "no dm word", { dmState: null }],
		["unknown", "dm faulty", { dmState: "faulty" }],
		["unknown", "a device word that nobody knows", { deviceState: "unknown" }],
		[
			"unknown",
			"an impaired path whose device is not understood",
			{ checkerState: "shaky", deviceState: "odd" },
		],
		["unknown", "a marginal path whose checker is not understood", { checkerState: "undef", marginal: true }],
		["unknown", "an ANA word without an ANA state", { checkerState: "optimized" }],
		["unknown", "NVMe: persistent-loss", ana("persistent-loss")],
		["unknown", "NVMe: new", ana("optimized", "new")],
		["unknown", "nothing applies", { dmState: "n/a", checkerState: "n/a", deviceState: "n/a" }],
		["failed", "dm failed, whatever the checker says", { dmState: "failed" }],
		["failed", "dm failed with an unknown checker", { dmState: "failed", checkerState: "undef" }],
		["failed", "a ghost that dm failed", { dmState: "failed", checkerState: "ghost" }],
		["failed", "faulty", { checkerState: "faulty" }],
		["failed", "down", { checkerState: "down" }],
		["failed", "timeout", { checkerState: "timeout" }],
		["failed", "i/o timeout", { checkerState: "i/o timeout" }],
		["failed", "disconnected", { checkerState: "disconnected" }],
		["failed", "offline", { deviceState: "offline" }],
		["failed", "blocked", { deviceState: "blocked" }],
		["failed", "transport-offline", { deviceState: "transport-offline" }],
		["failed", "detached", { deviceState: "detached" }],
		["failed", "quiesce", { deviceState: "quiesce" }],
		["failed", "NVMe: dead", ana("optimized", "dead")],
		["failed", "NVMe: resetting", ana("optimized", "resetting")],
		["failed", "NVMe: connecting", ana("optimized", "connecting")],
		["failed", "NVMe: deleting", ana("optimized", "deleting")],
		["gone", "no device name", { dev: "" }],
		["gone", "##", { checkerState: "##", dmState: "##", deviceState: "##" }],
		["gone", "#:#:#:#", { hctl: "#:#:#:#" }],
		["gone", "#:#:#:# that failed too", { hctl: "#:#:#:#", dmState: "failed" }],
	])("is %s: %s", (state, _, overrides) => {
		expect(pathState(pathOf(overrides))).toBe(state);
	});

	it("is never better for one word made worse", () => {
		const order = ["gone", "failed", "unknown", "impaired", "standby", "usable"];
		const column = fc.constantFrom("dmState" as const, "checkerState" as const, "deviceState" as const);
		const word = fc.constantFrom(
			"active",
			"failed",
			"undef",
			"ready",
			"ghost",
			"shaky",
			"faulty",
			"running",
			"odd",
			"##",
		);
		fc.assert(
			fc.property(fc.dictionary(column, word), column, (words, worsened) => {
				const before = pathState(pathOf(words));
				const after = pathState(pathOf({ ...words, [worsened]: "no such word" }));
				if (words[worsened] === "failed" || words[worsened] === "faulty" || words[worsened] === "##") return;
				expect(order.indexOf(after)).toBeLessThanOrEqual(order.indexOf(before));
			}),
		);
	});

	it("is usable for no words but the known ones", () => {
		fc.assert(
			fc.property(fc.string(), fc.string(), fc.string(), (dmState, checkerState, deviceState) => {
				expect(pathState(pathOf({ dmState, checkerState, deviceState }))).not.toBe("usable");
			}),
		);
	});
});
