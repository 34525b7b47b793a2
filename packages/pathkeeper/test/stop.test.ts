/** SIGTERM while a program changes the host: the real daemon over a file tree of its own, and a program that is slow. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DaemonProcess, until } from "./daemon-process.ts";

const wwid = "36001405d000000000000000000000001";

let folder = "";
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "pk-stop-"));
	const root = join(folder, "root");
	for (const each of [
		"sys/block",
		"proc/1",
		"proc/sys/kernel/random",
		"etc/multipath",
		"dev",
		"run",
		"programs",
	])
		mkdirSync(join(root, each), { recursive: true });
	writeFileSync(join(root, "proc/1/mountinfo"), "");
	writeFileSync(join(root, "proc/partitions"), "");
	writeFileSync(join(root, "proc/swaps"), "");
	mkdirSync(join(folder, "bin"));
	writeFileSync(join(folder, "bin/multipath"), multipath);
	chmodSync(join(folder, "bin/multipath"), 0o755);
});
afterEach(() => {
	writeFileSync(mark("may-end"), "");
	rmSync(folder, { recursive: true, force: true });
});

const mark = (name: string) => join(folder, name);

/** Adds an entry when it may, and writes down whether the daemon still waited for it then. */
const multipath = `#!/bin/sh
at=$(dirname "$0")/..
case $1 in
-h) echo "multipath-tools v0.9.4 (12/19, 2022)" >&2 ;;
-t) echo "defaults {"; echo "}" ;;
-a)
	touch $at/begun
	while [ ! -e $at/may-end ]; do sleep 0.05; done
	sleep 0.3
	echo "/$2/" >>$at/root/etc/multipath/wwids
	if kill -0 $PPID 2>/dev/null; then echo awaited >$at/end; else echo alone >$at/end; fi
	;;
esac
`;

async function daemonWhileAdding(): Promise<DaemonProcess> {
	const daemon = await DaemonProcess.start(
		["--role", "both", "--listen", "off", "--node", "n1", "--host-root", join(folder, "root")],
		{ env: { PATH: `${join(folder, "bin")}:${process.env["PATH"] ?? ""}` } },
	);
	expect(await daemon.cli("lun", "allow", wwid, "--no-wait")).toMatchObject({ code: 0 });
	await until("the program has begun", () => existsSync(mark("begun")));
	return daemon;
}

test("the daemon waits for it, and then ends by itself", async () => {
	await using daemon = await daemonWhileAdding();
	const stopping = daemon.stop();
	await daemon.says("stopping");
	writeFileSync(mark("may-end"), "");
	expect(await stopping).toBe(0);
	expect(readFileSync(mark("end"), "utf8")).toBe("awaited\n");
	expect(readFileSync(join(folder, "root/etc/multipath/wwids"), "utf8")).toBe(`/${wwid}/\n`);
	expect(daemon.printed).not.toContain("is left");
});

test("a second signal does not wait, and the next start goes on where it was left", async () => {
	await using daemon = await daemonWhileAdding();
	const stopping = daemon.stop();
	await daemon.says("stopping");
	expect(await Promise.all([stopping, daemon.stop()])).toEqual([null, null]);
	expect(existsSync(mark("end"))).toBe(false);
	writeFileSync(mark("may-end"), "");
	await until("the program has ended", () => existsSync(mark("end")));
	expect(readFileSync(mark("end"), "utf8")).toBe("alone\n");
	daemon.spawn();
	await daemon.says("pathkeeper is ready");
	const ledger = () => readFileSync(join(folder, "root", daemon.stateFolder, "owned.json"), "utf8");
	await until("it knows the entry as its own", () => ledger().includes(`"${wwid}": "listed"`));
});
