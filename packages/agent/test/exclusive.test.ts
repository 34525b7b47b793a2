import { expect, it } from "vitest";
import { settled } from "../../model/test/runtime/manual-runtime.ts";
import { Exclusive } from "../src/exclusive.ts";

it("runs one thing at a time, in the order asked", async () => {
	const exclusive = new Exclusive();
	const seen: string[] = [];
	const piece = (name: string) => async () => {
		seen.push(`${name} begins`);
		await settled();
		seen.push(`${name} ends`);
	};
	await Promise.all(["a", "b", "c"].map((name) => exclusive.run(piece(name))));
	expect(seen).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});

it("goes on after a failure, and tells it to who asked", async () => {
	const exclusive = new Exclusive();
	const failing = exclusive.run(() => Promise.reject(new Error("no luck")));
	const next = exclusive.run(() => Promise.resolve("done"));
	await expect(failing).rejects.toThrow("no luck");
	await expect(next).resolves.toBe("done");
});
