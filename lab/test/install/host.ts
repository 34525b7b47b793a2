/** A plain guest on which a test installs Pathkeeper, and how it is asked and waited for. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import {
	bootGuest,
	builtPackages,
	type DocumentStep,
	type Guest,
	LocalApi,
	type LunInFleet,
	restamped,
	runOwner,
	runStep,
	type Suite,
	statusThrough,
} from "../../src/index.ts";

export const minute = 60_000;
/** An emulated guest takes ten times as long, and has the machine for a part of the time. */
export const patience = { timeout: 8 * minute, every: 2000 } as const;

export const dropIn = "/etc/multipath/conf.d/pathkeeper.conf";

export class Host {
	readonly suite: Suite;
	#guest: Guest | undefined;
	#api: LocalApi | undefined;
	#folder: string | undefined;
	/** What each block of the document printed, by its place. */
	readonly printed = new Map<string, string>();

	constructor(suite: Suite) {
		this.suite = suite;
	}

	/** Wakes it with the packages in root's home; nothing is installed yet. */
	async wake(): Promise<void> {
		this.#folder = mkdtempSync(join(tmpdir(), "pathkeeper-install-"));
		const others = await restamped(this.suite, ["multipath-tools", "kpartx", "open-iscsi"], this.#folder);
		const packages = builtPackages();
		const guest = await bootGuest({
			suite: this.suite,
			kind: "plain",
			name: `install-${this.suite}-${process.pid}`,
			hostName: "n1",
			share: [...packages, ...others],
			life: runOwner(),
		});
		this.#guest = guest;
		for (const file of packages) await guest.exec(`cp /mnt/lab/${basename(file)} /root`);
		this.#api = new LocalApi(guest, "/run/pathkeeper/api.sock");
		await this.#api.open();
	}

	async clear(): Promise<void> {
		this.#api?.close();
		await this.#guest?.kill();
		if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
	}

	get guest(): Guest {
		if (this.#guest === undefined) throw new Error("the guest is not up");
		return this.#guest;
	}

	async run(step: DocumentStep, place: string): Promise<void> {
		this.printed.set(place, await runStep(this.guest, step));
	}

	/** What the daemon says of its LUNs and of this host; undefined while it gives no answer. */
	async status() {
		if (this.#api === undefined) throw new Error("the guest is not up");
		return await statusThrough(this.#api).catch(() => undefined);
	}

	/** Waits until exactly these LUNs are allowed and all are optimal with both paths, and nothing settles any more. */
	async untilOptimal(wwids: readonly string[]): Promise<void> {
		await this.guest.until(
			`${wwids.length} optimal LUNs`,
			async () => {
				const status = await this.status();
				const node = status?.nodes.get("n1");
				return (
					status !== undefined &&
					node?.online === true &&
					node.current &&
					!node.settling &&
					status.luns.length === wwids.length &&
					wwids.every((wwid) => status.luns.some((lun) => lun.wwid === wwid && isOptimal(lun)))
				);
			},
			patience,
		);
	}
}

function isOptimal({ state, nodes }: LunInFleet): boolean {
	const here = nodes.get("n1");
	return state === "optimal" && here?.paths === 2 && here.usable === 2;
}
