import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { run } from "../console.ts";

const folder = mkdtempSync(join(tmpdir(), "pk-conf-"));

function file(name: string, text: string): string {
	const path = join(folder, name);
	writeFileSync(path, text);
	return path;
}

describe("conf check", () => {
	test("says nothing of a sound file, and ends with 0", async () => {
		const sound = file("sound.conf", "defaults {\n\tpolling_interval 5\n}\n");
		expect(await run(["conf", "check", sound])).toMatchObject({ code: 0, out: "", err: "" });
	});

	test("names file, line and column of each problem as compilers do, and ends with 1 on errors", async () => {
		const broken = file("broken.conf", "defaults {\n\tpolling_interval 0\n\tno_such_keyword 1\n}\n");
		const { code, out } = await run(["conf", "check", broken]);
		expect(code).toBe(1);
		expect(out).toMatch(new RegExp(`^${broken}:2:\\d+: error: `, "m"));
		expect(out).toMatch(new RegExp(`^${broken}:3:\\d+: \\w+: .*no_such_keyword`, "m"));
		const { out: json } = await run(["conf", "check", broken, "-o", "json"]);
		expect(JSON.parse(json)[0]).toMatchObject({ file: broken, line: 2 });
	});

	test("of a file that is not there says so and ends with 1 or 2", async () => {
		const { code, out, err } = await run(["conf", "check", join(folder, "none")]);
		expect(code).toBeGreaterThan(0);
		expect([out, err]).toEqual(["", expect.stringContaining("none")]);
	});
});

describe("conf render", () => {
	test("prints both drop-ins that a node would get", async () => {
		const config = file("multipath.cfg", "wwid: 3600a\n\talias db-log\n");
		const overrides = file("overrides.conf", 'blacklist {\n\tdevnode "^sdz"\n}\n');
		const { code, out } = await run(["conf", "render", "--config", config, "--overrides", overrides]);
		expect(code).toBe(0);
		expect(out).toMatch(/^# ==> \/etc\/multipath\/conf\.d\/pathkeeper\.conf <==\n/);
		expect(out).toMatch(/^# ==> \/etc\/multipath\/conf\.d\/pathkeeper-overrides\.conf <==$/m);
		expect(out).toContain('alias "db-log"');
	});

	test("prints nothing of a document with errors but where they are", async () => {
		const config = file("bad.cfg", "defaults: defaults\n\tpolling-interval 0\n");
		const { code, out, err } = await run(["conf", "render", "--config", config]);
		expect([code, out]).toEqual([1, ""]);
		expect(err).toMatch(new RegExp(`^${config}:2:\\d+: error: `));
	});
});

test("version and help need no daemon", async () => {
	expect(await run(["version"])).toMatchObject({
		code: 0,
		out: expect.stringMatching(/^pathkeeper 1\.2\.3 \(Node /),
	});
	const { code, out } = await run(["--help"]);
	expect([code, out]).toEqual([0, expect.stringContaining("Keeps every path to every LUN")]);
	expect(await run(["frobnicate"])).toMatchObject({
		code: 2,
		out: "",
		err: expect.stringContaining("unknown command"),
	});
});
