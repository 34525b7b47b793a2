import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ManualRuntime } from "../../model/test/runtime/manual-runtime.ts";
import { type Release, releases, type SimulatedHost } from "../src/index.ts";
import { recordedSession } from "./recorded-session.ts";
import { type DiskOrder, hostWithDisks } from "./virtio-plan.ts";

/** The configuration that the sessions were recorded with. */
const conf = `defaults {
polling_interval 2
max_polling_interval 8
find_multipaths off
}
blacklist {
wwid ".*"
}
blacklist_exceptions {
wwid "^35000c5001500aa00$"
}
`;

let root = "";
let host: SimulatedHost;
const clock = new ManualRuntime();

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), "pk-recorded-"));
	await mkdir(join(root, "etc"));
	await writeFile(join(root, "etc/multipath.conf"), conf);
});
afterEach(async () => {
	await host.close();
	await rm(root, { recursive: true, force: true });
});

/** The disks of each recorded machine, in the order in which it found them. */
const order: Readonly<Record<Release, DiskOrder>> = {
	"0.9.4": "host by host",
	"0.11.1": "second LUN first",
	"0.15.1": "host by host",
};

/** What no two sessions share: the process, and how far the checker has counted. */
function masked(text: string): string {
	return text.replace(/^pid \d+/, "pid N").replaceAll(/X+\.* \d+\/\d+/g, "N/N");
}

for (const release of releases)
	describe(`a session recorded with multipathd ${release}`, () => {
		it("goes the same way with the simulated one, to the letter", async () => {
			host = await hostWithDisks(order[release], { root, release, clock });
			const { exchanges } = recordedSession(release);
			expect(exchanges.length).toBeGreaterThan(70);
			for (const { section, command, bytes, text } of exchanges) {
				await host.daemon.setFaults({ denies: section === "nonroot" });
				// Between two commands of the recording the daemon had time to finish.
				if (text.endsWith(" idle\n")) clock.advance(1000);
				// … and on Debian 12 to check the reinstated path.
				if (release === "0.9.4" && command.startsWith("suspend ")) clock.advance(10_000);
				const answer = await host.daemon.answer(command);
				const shown = masked(text.replaceAll("\0", ""));
				const place = `${section}: ${command}`;
				if (Buffer.byteLength(text) === bytes - 1) expect(masked(answer), place).toBe(shown);
				else expect(masked(answer).startsWith(shown), `${place}\n${answer}`).toBe(true);
				if (
					!/next_check|%C/.test(`${answer}${command}`) &&
					section !== "nonroot" &&
					!answer.startsWith("pid ")
				)
					expect(Buffer.byteLength(answer) + 1, place).toBe(bytes);
			}
		});

		it("ends with the same effective configuration", async () => {
			host = await hostWithDisks(order[release], { root, release, clock });
			expect(await host.daemon.answer("show config local")).toBe(recordedSession(release).config);
		});
	});
