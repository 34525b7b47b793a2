import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ManualRuntime } from "../../model/test/runtime/manual-runtime.ts";
import { type Release, releases, type SimulatedHost } from "../src/index.ts";
import { hostWithDisks } from "./virtio-plan.ts";

const first = "35000c5001500aa00";
const second = "35000c5001500aa01";

function conf(allowed: readonly string[]): string {
	return `defaults {
polling_interval 1
max_polling_interval 2
find_multipaths off
}
blacklist {
wwid ".*"
}
blacklist_exceptions {
${allowed.map((wwid) => `wwid "^${wwid}$"\n`).join("")}}
multipaths {
multipath {
wwid ${first}
no_path_retry queue
}
multipath {
wwid ${second}
alias lun1
no_path_retry 3
}
}
`;
}

/** The documents of `show maps json` of a recording, in their order; the third may be cut. */
function documents(release: Release): readonly string[] {
	const path = new URL(`./samples/states-${release}.txt`, import.meta.url);
	const pieces = readFileSync(path, "utf8").split(/^### CMD \[show maps json\] \(\d+\) \n/m);
	return pieces.slice(1).map((piece) => /^\{\n(?: .*\n)+(?:\}\n)?/.exec(piece)?.[0] ?? "");
}

let root = "";
let host: SimulatedHost;
const clock = new ManualRuntime();

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), "pk-states-"));
	await mkdir(join(root, "etc"));
	await writeFile(join(root, "etc/multipath.conf"), conf([first, second]));
});
afterEach(async () => {
	await host.close();
	await rm(root, { recursive: true, force: true });
});

async function reconfigured(host: SimulatedHost, allowed: readonly string[]): Promise<void> {
	await writeFile(join(root, "etc/multipath.conf"), conf(allowed));
	await host.daemon.answer("reconfigure");
	clock.advance(1000);
}

for (const release of releases)
	describe(`multipathd ${release}`, () => {
		const order = release === "0.15.1" ? "second LUN first" : "host by host";
		const [unlisted = "", offline = "", emptied = ""] = documents(release);

		it("shows an open map that is not allowed any more as recorded, and its reader suffers as recorded", async () => {
			host = await hostWithDisks(order, { root, release, clock });
			const reader = host.kernel.map(first)?.read();
			await reconfigured(host, []);
			expect(await host.daemon.answer("show maps json")).toBe(unlisted);
			host.kernel.map(first)?.serve();
			expect(reader?.errors).toBe(release === "0.15.1" ? 2 : 0);

			await reconfigured(host, [first, second]);
			const before = reader?.errors;
			host.kernel.map(first)?.serve();
			expect(reader?.errors).toBe(before);
			expect(await host.daemon.answer(`show map ${first} raw format "%N|%Q|%f"`)).toBe(
				"2|on|1 queue_if_no_path\n",
			);
		});

		it("shows maps without a path as recorded", async () => {
			host = await hostWithDisks(order, { root, release, clock });
			for (const { dev } of host.kernel.disks) host.san.failPath("vm", dev);
			for (let tick = 0; tick < 8; tick++) clock.advance(1000);
			expect(await host.daemon.answer("show maps json")).toBe(offline);
		});

		it("shows an open map whose disks are gone as recorded", async () => {
			host = await hostWithDisks(order, { root, release, clock });
			const letGo = host.kernel.map(first)?.hold({ kind: "open", words: "held by a test" });
			const disks = host.kernel.disksOf(first);
			for (const { dev } of disks) host.san.failPath("vm", dev);
			for (let tick = 0; tick < 8; tick++) clock.advance(1000);
			for (const { dev } of disks) host.san.deletePath("vm", dev);
			const document = await host.daemon.answer("show maps json");
			const [map = ""] = document.split(/^ {3}\}/m);
			expect(emptied.split(/^ {3}\}/m)[0]).toBe(map);

			letGo?.();
			host.san.rescan("vm");
			clock.advance(3000);
			expect(await host.daemon.answer(`show map ${first} raw format "%N|%Q"`)).toBe("2|on\n");
		});
	});
