import { expect, test } from "vitest";
import { fleetId } from "../../src/documents/fleet.ts";
import { codeOf, put, write } from "../contract/tools.ts";
import { storePerTest } from "./document-store.ts";

const shared = storePerTest();

test("a fleet is named once, whoever comes first", async () => {
	const ids = await Promise.all(["a", "b", "c"].map((id) => fleetId(shared.store, () => id)));
	expect(new Set(ids).size).toBe(1);
	expect(await fleetId(shared.store, () => "d")).toBe(ids[0]);
});

test("a fleet whose name cannot be read is not named again", async () => {
	await write(shared.store, put("fleet", "?"));
	expect(await codeOf(fleetId(shared.store, () => "a"))).toBe("DOCUMENT_UNREADABLE");
});
