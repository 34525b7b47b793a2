import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, open, readFile, rm, writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ContractHost, type ContractLun, multipathdContract } from "./multipathd-contract.ts";

/**
 * The contract against the multipathd of the machine that this runs on, without a test runner:
 * `node this-machine.ts --machine-is-for-tests`. As root, in a virtual machine with two LUNs of two paths each that
 * nobody needs: their maps are removed and their paths taken offline, and /etc/multipath is written.
 */
if (!process.argv.includes("--machine-is-for-tests")) {
	console.error(
		"this changes the multipath configuration; call it with --machine-is-for-tests in a test machine",
	);
	process.exit(64);
}

const host = await thisMachine();
console.log(`TAP version 13\n1..${multipathdContract.length}\n# multipathd ${host.release}`);
for (const [index, check] of multipathdContract.entries())
	try {
		await check.run(host);
		console.log(`ok ${index + 1} - ${check.name}`);
	} catch (error) {
		process.exitCode = 1;
		const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
		console.log(`not ok ${index + 1} - ${check.name}\n${words.replaceAll(/^/gm, "# ")}`);
	}

async function thisMachine(): Promise<ContractHost> {
	const help = await command("show version");
	const release = /multipath-tools v(\d+\.\d+\.\d+)/.exec(help)?.[1] ?? "";
	return {
		release,
		luns: await twoLuns(),
		command,
		connect: connection,
		offline: (dev) => writeFile(`/sys/block/${dev}/device/state`, "offline\n"),
		online: (dev) => writeFile(`/sys/block/${dev}/device/state`, "running\n"),
		hold: async (wwid) => {
			const device = await open(`/dev/disk/by-id/dm-uuid-mpath-${wwid}`);
			return () => device.close();
		},
		kernelPaths: async (wwid) => {
			for (const name of readdirSync("/sys/block").filter((each) => each.startsWith("dm-")))
				if ((await readFile(`/sys/block/${name}/dm/uuid`, "utf8")).trim() === `mpath-${wwid}`)
					return readdirSync(`/sys/block/${name}/slaves`).length;
			return null;
		},
		readFile: (path) => (existsSync(path) ? readFile(path, "utf8") : Promise.resolve(null)),
		writeFile: async (path, text) => {
			await mkdir(dirname(path), { recursive: true });
			if (text === null) await rm(path, { force: true });
			else await writeFile(path, text, { mode: 0o600 });
		},
		runMultipath: (args) => run("multipath", args),
		pause: (seconds) => sleep(seconds * 1000),
	};
}

/** By `ID_SERIAL` of udev: the first two that exactly two SCSI disks show. */
async function twoLuns(): Promise<readonly [ContractLun, ContractLun]> {
	const byWwid = new Map<string, string[]>();
	for (const dev of readdirSync("/sys/block")
		.filter((name) => /^sd/.test(name))
		.sort()) {
		const { stdout } = await run("udevadm", [
			"info",
			"--query=property",
			"--property=ID_SERIAL",
			"--value",
			`/dev/${dev}`,
		]);
		byWwid.set(stdout.trim(), [...(byWwid.get(stdout.trim()) ?? []), dev]);
	}
	const luns = [...byWwid].flatMap(([wwid, [one, two, more]]): ContractLun[] =>
		one === undefined || two === undefined || more !== undefined ? [] : [{ wwid, paths: [one, two] }],
	);
	const [first, second] = luns;
	assert.ok(first !== undefined && second !== undefined, "the machine needs two LUNs with two paths each");
	return [first, second];
}

function connection(): Promise<Socket> {
	const path = "/run/multipathd.socket";
	const { promise, resolve, reject } = Promise.withResolvers<Socket>();
	const socket = connect(existsSync(path) ? path : "\0/org/kernel/linux/storage/multipathd", () => {
		resolve(socket);
	});
	socket.once("error", reject);
	return promise;
}

async function command(text: string): Promise<string> {
	const socket = await connection();
	const length = Buffer.byteLength(text) + 1;
	const request = Buffer.alloc(8 + length);
	request.writeBigUInt64LE(BigInt(length));
	request.write(text, 8);
	socket.write(request);
	let reply = Buffer.alloc(0);
	for await (const piece of socket) {
		if (piece instanceof Buffer) reply = Buffer.concat([reply, piece]);
		if (reply.length >= 8 && reply.length >= 8 + Number(reply.readBigUInt64LE())) break;
	}
	socket.destroy();
	return reply.toString("utf8", 8, reply.length - 1);
}

function run(program: string, args: readonly string[]): Promise<{ code: number | null; stdout: string }> {
	const { promise, resolve } = Promise.withResolvers<{ code: number | null; stdout: string }>();
	execFile(program, [...args], { timeout: 60_000 }, (error, stdout) => {
		const code = error === null ? 0 : typeof error.code === "number" ? error.code : null;
		resolve({ code, stdout });
	});
	return promise;
}
