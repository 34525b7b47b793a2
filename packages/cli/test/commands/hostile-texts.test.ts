import { demoSanPlan } from "@pathkeeper/simulator";
import { expect, test } from "vitest";
import { milk, SimulatedFleet } from "../../../server/test/simulated-fleet.ts";
import { run } from "../console.ts";

const nasty = "x\u001b[2J\u009b31m\u202e\u0007y";

/** The demo SAN with arrays that call themselves and their ports what a terminal would obey. */
function nastyPlan() {
	const plan = demoSanPlan(["n1"]);
	return {
		...plan,
		arrays: plan.arrays.map((array) => ({
			...array,
			vendor: nasty,
			product: nasty,
			ports: array.ports.map((port) => ({
				...port,
				target: `iqn.2026-11.${nasty}`,
				portal: `${nasty}:3260`,
			})),
			luns: array.luns.map((lun) => ({ ...lun, carries: nasty })),
		})),
	};
}

test("whatever targets call themselves, nothing of it steers the terminal", async () => {
	await using fleet = await SimulatedFleet.start({ plan: nastyPlan() });
	const socket = await fleet.listen();
	await fleet.call("POST", "/cluster/multipath/wwids", { wwid: milk, alias: "milk-run", comment: "fine" });
	await fleet.until("the LUN is judged", async () =>
		(await fleet.status()).luns.some(({ state }) => state !== "missing" && state !== "unknown"),
	);
	fleet
		.host("n1")
		.kernel.map(milk)
		?.hold({ kind: "open", words: `held open by ${nasty} (process 4711)` });
	await fleet.restartAgent("n1");
	const [disk] = fleet.host("n1").kernel.disksOf(milk);
	fleet.san.failPath("n1", disk?.dev ?? "");
	await fleet.until("it is degraded", async () => (await fleet.status()).luns[0]?.state === "degraded");
	const commands = [
		["status"],
		["lun", "list"],
		["lun", "list", "--candidates"],
		["lun", "show", "milk-run"],
		["lun", "show", nasty],
		["lun", "forget", "milk-run"],
		["lun", "allow", nasty, `alias=${nasty}`],
		["map", "list"],
		["map", "show", "milk-run"],
		["node", "list"],
		["node", "show", "n1"],
		["node", "show", nasty],
		["config", "show"],
		["config", "diff"],
		["config", "set", `${nasty}=1`],
	];
	for (const command of commands) {
		for (const format of ["table", "json", "ndjson"]) {
			const { out, err } = await run([...command, "-o", format, "--wide"], {
				socket,
				env: { NO_COLOR: "1" },
				columns: 80,
			});
			expect(steering(out), `${command.join(" ")} as ${format}`).toBe("");
			expect(steering(err.replaceAll("\r\u001b[K", "")), `errors of ${command.join(" ")}`).toBe("");
		}
	}
	const { out } = await run(["lun", "show", "milk-run", "-o", "json"], { socket });
	expect(JSON.parse(out).vendor).toContain("\u009b31m\u202e");
});

/** The characters of a text that a terminal obeys instead of showing them. */
function steering(text: string): string {
	return [...text].filter((character) => /[\p{Cc}\p{Cf}]/u.test(character) && character !== "\n").join("");
}
