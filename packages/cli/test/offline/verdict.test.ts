import type { VerdictDocument } from "@pathkeeper/model";
import { describe, expect, it } from "vitest";
import { runVerdict } from "../../src/offline/verdict.ts";

const degraded = `mpatha (360014050000000100005ca14ab180000) dm-3 IBM     ,2145
size=20G features='1 queue_if_no_path' hwhandler='1 alua' wp=rw
|-+- policy='service-time 0' prio=50 status=active
| \`- 1:0:0:1 sdb 8:16 active ready running
\`-+- policy='service-time 0' prio=0 status=enabled
  \`- 1:0:1:1 sdd 8:48 failed faulty offline
`;
const optimal = `360014050000000100005ca14ab180001 dm-4 IBM     ,2145
size=20G features='0' hwhandler='1 alua' wp=rw
\`-+- policy='service-time 0' prio=50 status=active
  \`- 1:0:0:2 sdf 8:80 active ready running
`;

describe("pathkeeper verdict", () => {
	it("prints exactly one JSON document", () => {
		const { stdout, exitCode } = runVerdict(optimal, { output: "json" });
		const document: unknown = JSON.parse(stdout);
		expect(document).toEqual({
			daemon: "ok",
			problems: [],
			maps: [
				{
					name: "360014050000000100005ca14ab180001",
					wwid: "360014050000000100005ca14ab180001",
					dm: "dm-4",
					vendor: "IBM",
					product: "2145",
					sizeBytes: null,
					state: "optimal",
					reasons: [],
					queueing: "off",
					paths: [
						{
							dev: "sdf",
							hctl: "1:0:0:2",
							group: 1,
							state: "usable",
							checker: "ready",
							dmState: "active",
							deviceState: "running",
						},
					],
				},
			],
		} satisfies VerdictDocument);
		expect(exitCode).toBe(0);
		const line = runVerdict(optimal, { output: "ndjson" }).stdout;
		expect(line.trimEnd()).not.toContain("\n");
		expect(JSON.parse(line)).toEqual(document);
	});

	it("says in 80 columns what is wrong, why, and what to do", () => {
		const { stdout, exitCode } = runVerdict(degraded + optimal, { output: "table" });
		expect(stdout).toBe(`▲ degraded  mpatha
  360014050000000100005ca14ab180000  dm-3  IBM 2145
  - 1 of 2 paths work
  - path sdd (1:0:1:1) failed: checker faulty, dm failed, device offline
  - without any path I/O queues for a time not shown here
  GROUP  PATH  H:C:T:L  STATE     CHECKER  DM      DEVICE
  1      sdb   1:0:0:1  ● usable  ready    active  running
  2      sdd   1:0:1:1  ✖ failed  faulty   failed  offline

STATE      PATHS  QUEUEING  MAP
● optimal      1  off       360014050000000100005ca14ab180001

2 maps: 1 degraded, 1 optimal

What to do
  - Failed paths: check cable, switch port and zone or network, and the array's
    port; then multipathd show paths. A path that works again is reinstated
    automatically.
`);
		expect(exitCode).toBe(1);
		for (const line of stdout.split("\n")) expect([...line].length).toBeLessThanOrEqual(80);
	});

	it("compares with the number of paths that is expected", () => {
		const { stdout, exitCode } = runVerdict(optimal, { output: "table", expect: 2 });
		expect(stdout).toContain("- 1 of 2 expected paths are there");
		expect(exitCode).toBe(1);
	});

	it("says that nobody answered, and returns 3", () => {
		const { stdout, exitCode } = runVerdict("", { output: "table" });
		expect(stdout).toContain("multipathd is silent");
		expect(stdout).toContain("systemctl status multipathd");
		expect(exitCode).toBe(3);
	});

	it("says that a text breaks off, keeps what was whole, and returns 3", () => {
		const { stdout, exitCode } = runVerdict(optimal + degraded.slice(0, 150), { output: "table" });
		expect(stdout).toContain("The text is not a complete listing of multipathd.");
		expect(stdout).toMatch(/^\? unknown {2}mpatha$/m);
		expect(stdout).toContain("● optimal");
		expect(exitCode).toBe(3);
	});

	it("says that there are no maps", () => {
		expect(runVerdict("ok\n", { output: "table" })).toEqual({
			stdout: "multipathd has no maps.\n",
			exitCode: 0,
		});
	});

	it("reads in the format that is asked for", () => {
		expect(runVerdict(optimal, { output: "json", format: "json" }).exitCode).toBe(3);
		expect(runVerdict(optimal, { output: "json", format: "topology" }).exitCode).toBe(0);
	});

	it("lets no text steer the terminal", () => {
		const hostile = optimal
			.replace("IBM     ,2145", "\u0007\u009B2J,\u202Eevil")
			.replace("active ready", "active \u0008ready");
		expect(runVerdict(hostile, { output: "table" }).stdout).not.toMatch(/[^\n\P{Cc}]|\u202E/u);
	});
});
