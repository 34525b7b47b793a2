/** What an ordinary user sees: the test lets one look, where it runs as root itself. */
import { execFile } from "node:child_process";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { main } from "../daemon-process.ts";
import { Machine, recordFolder } from "./machine.ts";

test("what only root may look at is unknown for others, with the advice to be root", async ({ skip }) => {
	if (process.geteuid?.() !== 0) skip("only root can become another user");
	await using machine = await Machine.make();
	chmodSync(machine.root, 0o755);
	machine.write("/var/lib/pathkeeper/tls/server.crt", "hidden\n");
	machine.write("/run/pathkeeper/api.sock", "");
	for (const path of ["/var/lib/pathkeeper", "/run/pathkeeper", recordFolder.replace(/\/[^/]+\/[^/]+$/, "")])
		chmodSync(join(machine.root, path), 0o700);
	const script = `process.setgid(65534); process.setuid(65534); process.argv = ${JSON.stringify([
		process.execPath,
		main,
		...["-o", "json", "--socket", join(machine.root, "run/pathkeeper/api.sock"), "doctor"],
		...["--settings", join(machine.root, "etc/pathkeeper/pathkeeper.conf"), "--host-root", machine.root],
	])}; await import(${JSON.stringify(main)});`;
	const run = promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
	const { stdout } = await run.catch((error: unknown) => Object.assign({ stdout: "" }, error));
	const said: readonly { code: string; severity: string; what: string }[] = JSON.parse(stdout);
	const severity = (code: string) => said.filter((each) => each.code === code).map((each) => each.severity);
	for (const code of ["server-silent", "certificate-expired", "iscsi-manual-startup"])
		expect(severity(code), code).toEqual(["unknown"]);
	const text = (code: string) => said.find((each) => each.code === code)?.what;
	expect(text("iscsi-manual-startup")).toContain("run this as root");
	expect(text("server-silent")).toContain("run this as root");
});
