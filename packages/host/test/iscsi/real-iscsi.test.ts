/** The driver over a program in iscsiadm's place. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { readDiscovery } from "../../src/iscsi/discovery-text.ts";
import { RealIscsi } from "../../src/iscsi/real-iscsi.ts";
import { ProgramRunner, type RunProgram } from "../../src/process/run.ts";

/** In the form that open-iscsi 2.1.8, 2.1.11 and 2.1.13 print. */
const listed = `192.168.71.1:3260,1 iqn.2026-11.test:vega
192.168.72.1:3260,2 iqn.2026-11.test:vega
[fd00::1]:3260,1 iqn.2026-11.test:vega
192.168.71.9:3260,-1 eui.0123456789abcdef
`;
/** Recorded: open-iscsi 2.1.8 on a machine whose kernel has no iscsi_tcp, exit code 12. */
const noDriver = `iscsiadm: can't open iscsid.startup configuration file /etc/iscsi/iscsid.conf
iscsiadm: can not connect to iSCSI daemon (111)!
iscsiadm: Could not scan /sys/class/iscsi_transport.
iscsiadm: Could not insert module tcp. Kmod error -2
iscsiadm: iSCSI driver tcp is not loaded. Load the module then retry the command.
iscsiadm: Could not perform SendTargets discovery: iSCSI driver not found. Please make sure it is loaded, and retry the operation
`;

/** Recorded: the same three at a port where nobody listens, exit code 11. */
const refused = `${"iscsiadm: cannot make connection to 192.168.71.1: Connection refused\n".repeat(6)}iscsiadm: connection login retries (reopen_max) 5 exceeded
iscsiadm: Could not perform SendTargets discovery: iSCSI PDU timed out
`;

function folderWith(script: string | null): string {
	const folder = mkdtempSync(join(tmpdir(), "pk-iscsi-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	if (script !== null) {
		writeFileSync(join(folder, "iscsiadm"), script);
		chmodSync(join(folder, "iscsiadm"), 0o755);
	}
	return folder;
}

/** A program that says these words and ends with this code, and the arguments that it was given. */
function saying(code: number, stdout: string, stderr = "") {
	const calls: (readonly string[])[] = [];
	const run: RunProgram = (_, args) => {
		calls.push(args);
		return Promise.resolve({ code, signal: null, stdout, stderr });
	};
	return { iscsi: new RealIscsi({ run, path: folderWith("#!/bin/false\n") }), calls };
}

describe("discovery", () => {
	test("gives each target once for each of its portals", async () => {
		const { iscsi } = saying(0, listed);
		expect(await iscsi.discover("192.168.71.1")).toEqual([
			{ target: "iqn.2026-11.test:vega", portal: "192.168.71.1:3260" },
			{ target: "iqn.2026-11.test:vega", portal: "192.168.72.1:3260" },
			{ target: "iqn.2026-11.test:vega", portal: "[fd00::1]:3260" },
			{ target: "eui.0123456789abcdef", portal: "192.168.71.9:3260" },
		]);
	});

	test("leaves no records behind", async () => {
		const { iscsi, calls } = saying(0, "");
		await iscsi.discover("FD00::1");
		expect(calls).toEqual([
			["-m", "discovery", "-t", "sendtargets", "-o", "nonpersistent", "-p", "[fd00::1]:3260"],
		]);
	});

	test("starts no program for what is no portal", async () => {
		const { iscsi, calls } = saying(0, listed);
		for (const portal of ["-o", "--op=new", "a b", "a:0"])
			await expect(iscsi.discover(portal)).rejects.toMatchObject({ code: "PARAMETER_INVALID" });
		expect(calls).toEqual([]);
	});

	test("finds nothing where the portal shows this host no target", async () => {
		expect(await saying(21, "", "iscsiadm: No portals found\n").iscsi.discover("array")).toEqual([]);
	});

	test.each([
		[12, noDriver, /load the module iscsi_tcp \(can't open .*; exit code 12\)$/],
		[11, refused, /no connection to the portal.*Connection refused.*; exit code 11\)$/],
		[11, refused.replaceAll("Connection refused", "No route to host"), /no connection.*No route to host/],
		[11, "iscsiadm: Could not perform SendTargets discovery: iSCSI PDU timed out\n", /no answer: the portal/],
		[4, "", /no connection to the portal.*\(exit code 4\)$/],
		[24, "", /refuses the login; .*\(exit code 24\)$/],
		[99, "", /at array:3260 failed: iscsiadm gave up \(exit code 99\)$/],
	])("that ends with %i says what that means", async (code, stderr, expected) => {
		await expect(saying(code, "", stderr).iscsi.discover("array")).rejects.toThrow(expected);
	});

	test("is not read in part", async () => {
		const { iscsi } = saying(0, `${listed}tcp: [1] 192.168.71.1:3260`);
		await expect(iscsi.discover("array")).rejects.toThrow(/cannot be read: a line is not a target: "tcp/);
	});

	test("reads any text or says what is wrong with it", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary" }), (text) => {
				const read = readDiscovery(text);
				if ("targets" in read) for (const { target } of read.targets) expect(target).not.toMatch(/\s/);
				else expect(read.problem).toContain("not a target");
			}),
		);
	});

	test("without open-iscsi says what to install", async () => {
		const iscsi = new RealIscsi({
			run: new ProgramRunner({ runtime: realRuntime }).run,
			path: folderWith(null),
		});
		await expect(iscsi.discover("array")).rejects.toThrow("install open-iscsi on this node");
	});

	test("of a portal that is silent ends at its deadline", async () => {
		const path = folderWith("#!/bin/sh\nexec sleep 60\n");
		const iscsi = new RealIscsi({ run: new ProgramRunner({ runtime: realRuntime }).run, path });
		await expect(iscsi.discover("array", { deadlineMs: 200 })).rejects.toThrow("no answer within 0.2 s");
	});
});
