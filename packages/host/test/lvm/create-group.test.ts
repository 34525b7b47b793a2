import { expect, test } from "vitest";
import type { RunProgram } from "../../src/index.ts";
import { RealLvm } from "../../src/parts.ts";

/** An lvm that finds nothing and makes everything; the signal aborts while it does `during`. */
async function stepsUntil(during: string): Promise<string[]> {
	const stop = new AbortController();
	const steps: string[] = [];
	const run: RunProgram = async (_program, [command = ""]) => {
		steps.push(command);
		if (command === during) stop.abort(new Error("lock lost"));
		return { code: 0, signal: null, stdout: '{"report":[{"pv":[]}]}', stderr: "" };
	};
	const lvm = new RealLvm({ run });
	const making = lvm.createGroup("/dev/mapper/a", "vg0", { signal: stop.signal });
	await making.catch((error: unknown) => steps.push(String(error)));
	return steps;
}

test("a group is made in steps, of which none begins once its maker may not go on", async () => {
	expect(await stepsUntil("none")).toEqual(["pvs", "pvcreate", "vgcreate"]);
	expect(await stepsUntil("pvs")).toEqual(["pvs", "Error: lock lost"]);
	expect(await stepsUntil("pvcreate")).toEqual(["pvs", "pvcreate", "Error: lock lost"]);
});
