/**
 * The contract that our simulator keeps, asked of the real daemon. This file runs inside a guest, on its Node; the
 * release and the two LUNs to use come in by environment variables.
 */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, open, readFile, rm, writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
	type ContractHost,
	type ContractLun,
	multipathdContract,
} from "../../../packages/host/test/contract/multipathd-contract.ts";

const { RELEASE: release = "", WWIDS: wwids = "" } = process.env;

function lun(wwid = ""): ContractLun {
	const [first = "", second = ""] = readdirSync("/sys/block").filter((device) => {
		const file = join("/sys/block", device, "device/wwid");
		return existsSync(file) && readFileSync(file, "utf8").trim() === `naa.${wwid.slice(1)}`;
	});
	return { wwid, paths: [first, second] };
}

function mapDevice(wwid: string): string | undefined {
	return readdirSync("/sys/block").find((device) => {
		const file = join("/sys/block", device, "dm/uuid");
		return existsSync(file) && readFileSync(file, "utf8").trim() === `mpath-${wwid}`;
	});
}

async function connected(): Promise<Socket> {
	const address = existsSync("/run/multipathd.socket")
		? "/run/multipathd.socket"
		: "\0/org/kernel/linux/storage/multipathd";
	const socket = connect(address);
	await new Promise<void>((done, failed) => {
		socket.once("connect", () => done());
		socket.once("error", failed);
	});
	return socket;
}

async function command(text: string): Promise<string> {
	const socket = await connected();
	const payload = Buffer.from(`${text}\0`);
	const frame = Buffer.alloc(8 + payload.length);
	frame.writeBigUInt64LE(BigInt(payload.length));
	payload.copy(frame, 8);
	socket.write(frame);
	let answer = Buffer.alloc(0);
	for await (const chunk of socket) {
		answer = Buffer.concat([answer, Buffer.from(chunk)]);
		if (answer.length >= 8 && answer.length >= 8 + Number(answer.readBigUInt64LE())) break;
	}
	socket.destroy();
	return answer.toString("utf8", 8, answer.length - 1);
}

const setState = (device: string, state: string) =>
	writeFile(`/sys/block/${device}/device/state`, `${state}\n`);
const [first, second] = wwids.split(",");
/** What a check that fails may leave behind for the next. */
const held = new Set<() => Promise<void>>();
const offline = new Set<string>();

async function tidy(): Promise<void> {
	for (const release of held) await release();
	for (const device of offline) await setState(device, "running");
	held.clear();
	offline.clear();
}

const host: ContractHost = {
	release,
	luns: [lun(first), lun(second)],
	command,
	connect: connected,
	offline: async (device) => {
		offline.add(device);
		await setState(device, "offline");
	},
	online: async (device) => {
		await setState(device, "running");
		offline.delete(device);
	},
	hold: async (wwid) => {
		const handle = await open(`/dev/${mapDevice(wwid) ?? "no-such-map"}`);
		const release = async () => {
			if (held.delete(release)) await handle.close();
		};
		held.add(release);
		return release;
	},
	kernelPaths: async (wwid) => {
		const device = mapDevice(wwid);
		return device === undefined ? null : readdirSync(`/sys/block/${device}/slaves`).length;
	},
	readFile: async (path) => (existsSync(path) ? await readFile(path, "utf8") : null),
	writeFile: async (path, text) => {
		if (text === null) return await rm(path, { force: true });
		await mkdir(dirname(path), { recursive: true });
		await writeFile(path, text);
	},
	runMultipath: (args) =>
		new Promise((done) => {
			const child = execFile("multipath", args, { timeout: 30_000 }, (_, stdout) => {
				done({ code: child.exitCode, stdout });
			});
		}),
	pause: (seconds) => sleep(seconds * 1000),
};

/**
 * A check asks several questions and compares the answers. Between two of them a slow daemon may still act on what
 * happened before the check, so one that fails is tried again; what contradicts the contract does so each time.
 */
async function tried(run: (host: ContractHost) => Promise<void>, times: number): Promise<void> {
	try {
		await run(host);
	} catch (error) {
		if (times <= 1) throw error;
		await tidy();
		await sleep(3_000);
		await tried(run, times - 1);
	} finally {
		await tidy();
	}
}

for (const { name, run } of multipathdContract) void test(name, () => tried(run, 3));
