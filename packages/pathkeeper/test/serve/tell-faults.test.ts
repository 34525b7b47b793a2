import { PathkeeperError } from "@pathkeeper/model";
import { expect, test } from "vitest";
import { faultTeller } from "../../src/serve/tell-faults.ts";

function teller() {
	const told: string[] = [];
	const time = { now: 0 };
	const say = (level: string) => (facts: object, words?: string) =>
		told.push(`${level} ${words}: ${"error" in facts ? String(facts.error) : ""}`);
	const log = { debug: say("debug"), info: say("info"), warn: say("warn"), error: say("error") };
	return { told, time, tell: faultTeller(log, () => time.now) };
}

const away = new PathkeeperError("STORE_UNAVAILABLE", { problem: "refused" });

test("a store that stays away is told once in a while, and again when it is another trouble", () => {
	const { told, time, tell } = teller();
	for (; time.now < 60_000; time.now += 2000) tell(away, "history");
	expect(told).toEqual(["warn server: a request failed: the store does not answer: refused"]);
	tell(new PathkeeperError("STORE_UNAVAILABLE", { problem: "no leader" }), "history");
	tell(away, "events");
	expect(told).toHaveLength(3);
	time.now += 10 * 60_000;
	tell(away, "events");
	expect(told).toHaveLength(4);
});

test("a fault of ours is told each time", () => {
	const { told, tell } = teller();
	for (let n = 0; n < 3; n++) tell(new Error("oops"), "GET /nodes");
	expect(told).toEqual(Array(3).fill("error server: internal error: oops"));
});

test("a damaged document is no fault of the server, and is told once in a while, too", () => {
	const { told, tell } = teller();
	const damaged = new PathkeeperError("DOCUMENT_UNREADABLE", { key: "log", problem: "no JSON" });
	for (let n = 0; n < 3; n++) tell(damaged, "history");
	expect(told).toEqual([`warn server: a request failed: ${damaged.message}`]);
});
