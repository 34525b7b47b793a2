/** The real daemon, watched as systemd does it: by what arrives on a socket. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DaemonProcess, until } from "../daemon-process.ts";

/** Prints every message that arrives, a line each. */
const receiver = `
use Socket; $| = 1;
socket(my $s, AF_UNIX, SOCK_DGRAM, 0) or die; bind($s, pack_sockaddr_un($ARGV[0])) or die; print "listening\\n";
while (defined recv($s, my $text, 65536, 0)) { $text =~ s/\\n/ /g; print "$text\\n" }`;

/** A file that hangs once a mark is there, as on a disk that is gone: the system call does not come back. */
const hanging = `
	import { existsSync } from "node:fs";
	import fs from "node:fs/promises";
	import { syncBuiltinESMExports } from "node:module";
	const open = fs.open;
	fs.open = (path, ...rest) =>
		String(path).endsWith("/owned.json") && existsSync(process.env.HANGS)
			? open(process.env.PIPE, "r")
			: open(path, ...rest);
	syncBuiltinESMExports();
`;

let folder = "";
let child: ChildProcess;
let messages: string[] = [];
beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), "pk-watchdog-"));
	messages = [];
	let text = "";
	child = spawn("perl", ["-e", receiver, join(folder, "notify")], { stdio: ["ignore", "pipe", "inherit"] });
	child.stdout?.on("data", (chunk: Buffer) => {
		text += chunk.toString();
		messages = text.split("\n").slice(0, -1);
	});
	await until("messages are received", () => messages.includes("listening"));
});
afterEach(() => {
	child.kill("SIGKILL");
	rmSync(folder, { recursive: true });
});

const count = (message: string) => messages.filter((each) => each === message).length;
const status = () => messages.filter((each) => each.includes("STATUS=")).at(-1);

test("a daemon is fed while its loops get on, and not when one of them hangs", async () => {
	const mark = join(folder, "hangs");
	const pipe = join(folder, "pipe");
	execFileSync("mkfifo", [pipe]);
	await using daemon = await DaemonProcess.start(["--simulate", "1x1x2", "--listen", "off"], {
		env: {
			NOTIFY_SOCKET: join(folder, "notify"),
			// It looks twice as often as systemd would strike.
			WATCHDOG_USEC: "2000000",
			HANGS: mark,
			PIPE: pipe,
			PATHKEEPER_LOG: "debug",
		},
		nodeArgs: ["--import", `data:text/javascript,${encodeURIComponent(hanging)}`],
	});
	await until("it is fed", () => count("WATCHDOG=1") >= 5);
	expect(messages).toContain("READY=1 STATUS=serving, managing 1 host");

	writeFileSync(mark, "");
	const { loops, restart } = await daemon.says("a part of the daemon is stalled");
	expect(loops).toEqual([{ loop: "apply (n1)", since: expect.stringMatching(/^20\d\d-.*Z$/) }]);
	expect(restart).toBe(true);
	await until("systemd is told", () => status()?.includes("stalled: apply (n1) since 20") === true);
	// The others get on: the server answers, and the node is seen.
	const fed = count("WATCHDOG=1");
	const rounds = () => daemon.printed.split("the watchdog of systemd could not be notified").length;
	const first = rounds();
	await until("it has looked several times more", () => rounds() >= first + 4);
	expect(JSON.parse((await daemon.cli("-o", "json", "node", "list")).out)).toMatchObject([{ online: 1 }]);
	expect(count("WATCHDOG=1")).toBe(fed);
}, 300_000);
