import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { type ContractHost, multipathdContract } from "../../../host/test/contract/multipathd-contract.ts";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { type Release, releases, San, type SimulatedHost, simulateHost } from "../../src/index.ts";
import { multipathProgram } from "../../src/multipath-program.ts";
import { virtioPlan } from "../virtio-plan.ts";

/** Milliseconds of a simulated second: the checks wait for whole checker intervals. */
const secondMs = 25;

for (const release of releases)
	describe(`a simulated multipathd ${release} keeps the contract`, () => {
		let root = "";
		let simulated: SimulatedHost;
		let host: ContractHost;
		beforeAll(async () => {
			root = await mkdtemp(join(tmpdir(), "pk-contract-"));
			const san = new San(virtioPlan(), realRuntime);
			simulated = await simulateHost({
				runtime: realRuntime,
				node: "vm",
				san,
				root,
				release,
				secondMs,
				reconfigureMs: 10,
			});
			host = contractHost(simulated, release);
		});
		afterAll(async () => {
			await simulated.close();
			await rm(root, { recursive: true, force: true });
		});
		for (const check of multipathdContract) it(check.name, () => check.run(host));
	});

function contractHost(simulated: SimulatedHost, release: Release): ContractHost {
	const { san, kernel, daemon, files, root } = simulated;
	const run = multipathProgram({
		root,
		release,
		clock: realRuntime,
		secondMs,
		faults: () => ({ hang: false, crash: false }),
	});
	const wwids = [...new Set(kernel.disks.map((disk) => disk.wwid))];
	const lunOf = (index: number) => {
		const wwid = wwids[index] ?? "";
		const [first = "", second = ""] = kernel.disksOf(wwid).map((disk) => disk.dev);
		return { wwid, paths: [first, second] as const };
	};
	return {
		release,
		luns: [lunOf(0), lunOf(1)],
		command: (text) => daemon.answer(text),
		connect: () => {
			const { promise, resolve, reject } = Promise.withResolvers<ReturnType<typeof connect>>();
			const socket = connect(daemon.addresses[0] ?? "", () => {
				resolve(socket);
			});
			socket.once("error", reject);
			return promise;
		},
		offline: (dev) => Promise.resolve(san.failPath("vm", dev)),
		online: (dev) => Promise.resolve(san.restorePath("vm", dev)),
		hold: (wwid) => {
			const letGo = kernel.map(wwid)?.hold({ kind: "open", words: "held by a check" });
			return Promise.resolve(() => Promise.resolve(letGo?.()));
		},
		kernelPaths: (wwid) => Promise.resolve(kernel.map(wwid)?.disks.length ?? null),
		readFile: (path) => files.read(path),
		writeFile: async (path, text) => {
			if (text === null) await files.remove(path);
			else await files.replace(path, text);
		},
		runMultipath: (args) => run("multipath", args, { deadlineMs: 5000 }),
		// Timers of one length fire in the order in which they were set: the daemon has a second of its own in each of these.
		pause: async (seconds) => {
			for (let second = 0; second <= seconds; second++)
				await new Promise<void>((resolve) => void realRuntime.schedule(secondMs, resolve));
		},
	};
}
