/** The real driver over the simulated iscsiadm: it is understood as the real program is. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RealIscsi } from "@pathkeeper/host/parts";
import { describe, expect, onTestFinished, test } from "vitest";
import { ManualRuntime } from "../../model/test/runtime/manual-runtime.ts";
import { realRuntime } from "../../pathkeeper/src/runtime/real-runtime.ts";
import { demoSanPlan, San } from "../src/index.ts";
import { iscsiadmProgram } from "../src/iscsi/iscsiadm-program.ts";

describe("the simulated iscsiadm", () => {
	const san = new San(demoSanPlan(["n1"]), realRuntime);
	const program = iscsiadmProgram({ node: san.node("n1"), san, clock: new ManualRuntime(), secondMs: 0 });
	const simulated = () => {
		const path = mkdtempSync(join(tmpdir(), "pk-iscsi-"));
		onTestFinished(() => rmSync(path, { recursive: true, force: true }));
		writeFileSync(join(path, "iscsiadm"), "#!/bin/false\n");
		chmodSync(join(path, "iscsiadm"), 0o755);
		return new RealIscsi({ run: program, path });
	};

	test("lists every portal of the target", async () => {
		expect(await simulated().discover("192.168.72.2:3260")).toHaveLength(4);
	});

	test("refuses as the real one where nobody listens", async () => {
		await expect(simulated().discover("192.168.71.1:3999")).rejects.toThrow(
			/Connection refused.*exit code 11/,
		);
	});

	test("knows no other call", async () => {
		const call = program("/sbin/iscsiadm", ["-m", "discovery", "-t", "st", "-p", "a"], { deadlineMs: 1 });
		expect(await call).toMatchObject({ code: 7 });
	});
});
