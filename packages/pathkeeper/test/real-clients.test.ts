/** Clients of Proxmox VE that nobody here wrote, against the real daemon over HTTPS. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DaemonProcess, until } from "./daemon-process.ts";

let daemon: DaemonProcess;
let password = "";
let port = "";
let ca = "";
beforeAll(async () => {
	daemon = await DaemonProcess.start(["--simulate", "2x3x2", "--listen", "127.0.0.1:0"]);
	password = await daemon.password();
	const https = await daemon.https();
	port = new URL(https.url).port;
	ca = https.ca;
	await daemon.cli("user", "add", "jane@local");
	const headers = await daemon.session(password);
	await until("both nodes report", async () => {
		const { data } = await daemon.call("GET", "/cluster/multipath/status", { headers });
		return (JSON.stringify(data).match(/"state":"applied"/g) ?? []).length === 2;
	});
});
afterAll(async () => await daemon[Symbol.asyncDispose]());

const wwid = (number: number) => `36001405000000000000000000000000${number}`;
const MiB = 1024 ** 2;
const nodes = ["n1", "n2"].map((node) => ({ node, status: "online" }));

async function secretOf(name: string): Promise<string> {
	const made = await daemon.cli("-o", "json", "token", "add", `root@local!${name}`, "--no-privsep");
	const { value }: { value: string } = JSON.parse(made.out);
	return value;
}

/** What a program printed, as JSON. */
async function answers(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<unknown> {
	const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
	const ended = once(child, "close");
	const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
	await ended;
	if (child.exitCode !== 0) throw new Error(`${program} ended with ${child.exitCode}: ${err}`);
	return JSON.parse(out);
}

const program = (name: string) => join(import.meta.dirname, "clients", name);

test("npm's proxmox-api logs in by ticket and by token, reads, writes, and begins an ended session anew", async () => {
	const secret = await secretOf("npm");
	const args = [program("proxmox-api.ts"), port, password, "root@local!npm", secret, wwid(1)];
	expect(await answers(process.execPath, args, { NODE_EXTRA_CA_CERTS: ca })).toEqual({
		version: { version: "0.1.0", release: "0.1", repoid: expect.any(String) },
		nodes,
		changed: null,
		nodesByToken: nodes,
		cluster: expect.arrayContaining([expect.objectContaining({ type: "cluster", quorate: 1 })]),
		refused: expect.stringContaining("401 Authentication failed!"),
		allowed: { digest: expect.stringMatching(/^[0-9a-f]{40}$/), seen: ["n1", "n2"] },
		lun: { wwid: wwid(1), alias: "by-npm", "no-path-retry": "fail", digest: expect.any(String) },
		wrong: expect.stringMatching(/Error 400 .*"errors":\{"alias":"invalid format - alias must be/),
		storages: {
			added: { storage: "npm-data", type: "lvm" },
			volid: "npm-data:vm-100-disk-0",
			active: 1,
			used: 8 * MiB,
			path: "/dev/npm/vm-100-disk-0",
			listed: [expect.objectContaining({ volid: "npm-data:vm-100-disk-0", vmid: 100, size: 8 * MiB })],
			freed: null,
			isBase: expect.stringContaining("it is used as base of another storage: npm-data"),
		},
		renewed: { same: true, anew: true },
	});
});

test("Debian's python3-proxmoxer logs in by ticket and by token, reads, writes, and follows a task", async () => {
	const secret = await secretOf("python");
	const args = [program("proxmoxer-client.py"), port, ca, password, "python", secret, wwid(2), wwid(3)];
	// Another python3 in the path may know other modules.
	expect(await answers("/usr/bin/python3", args, {})).toEqual({
		version: "0.1.0",
		nodes,
		nodesByToken: nodes,
		forged: { status: 401, words: "Authentication failed!", errors: null },
		cluster: ["cluster", "node", "node"],
		resources: nodes.map(({ node, status }) => ({ id: `node/${node}`, type: "node", node, status })),
		allowed: ["n1", "n2"],
		lun: { wwid: wwid(2), alias: "by-python", comment: "Grüße & more=1" },
		conflict: {
			status: 500,
			words: "detected modified configuration - file changed by other user? Try again.",
			errors: null,
		},
		// This release of it reads no fields.
		wrong: { status: 400, words: "Parameter verification failed.", errors: null },
		unknown: { status: 400, words: "Parameter verification failed.", errors: null },
		defaults: "7",
		maps: [wwid(1), wwid(2)],
		storages: {
			volid: "py-data:vm-101-disk-0",
			listed: [expect.objectContaining({ volid: "py-data:vm-101-disk-0", vmid: 101, size: 16 * MiB })],
			path: "/dev/py/vm-101-disk-0",
			status: { type: "lvm", active: 1, enabled: 1, shared: 1, used: 16 * MiB },
			select: ["py-san", "py-data"],
			noAlloc: { status: 500, words: "can't allocate space in multipath storage", errors: null },
			isBase: {
				status: 500,
				words: "can't remove storage 'py-san' - it is used as base of another storage: py-data",
				errors: null,
			},
			freed: "OK",
			left: [],
			scan: ["py"],
		},
		renewed: true,
		"written while renewing": "6",
		forgotten: 1,
		task: { exitstatus: "OK", user: "root@local", log: expect.arrayContaining([expect.any(String)]) },
	});
});
