/** A host of a fleet: logged in to the array over both fabrics, with Pathkeeper's agent as a service. */
import { readFileSync } from "node:fs";
import { bootGuest, connectGuest, type GuestOptions } from "../guest/boot-guest.ts";
import type { Guest } from "../guest/guest.ts";
import { type Fabric, fabrics } from "../guest/layout.ts";
import { LabError } from "../lab-error.ts";
import { sharedBundle } from "../shared-guest.ts";
import { type Suite, suites } from "../suites.ts";
import { type Certificates, hostAddress } from "./certificates.ts";
import { fabricSetup } from "./fabric-setup.ts";
import type { San } from "./san.ts";
import { networks, type SanLun, targetName } from "./san-luns.ts";
import { joinWires } from "./wires.ts";

export const agentUnit = "pathkeeper";

/** The agent's log in the guest. */
export const agentLog = "/run/pathkeeper.log";

const agentService = `[Unit]
Description=Pathkeeper's agent
[Service]
Type=exec
Restart=on-failure
ExecStart=/usr/local/bin/node /mnt/lab/pathkeeper.mjs daemon
StandardOutput=append:${agentLog}
StandardError=append:${agentLog}
`;

export interface NodeSurroundings {
	readonly san: San;
	readonly certificates: Certificates;
	readonly etcdPort: number;
	readonly life: NonNullable<GuestOptions["life"]>;
}

export class FleetNode {
	/** Its host name, and its name in the fleet. */
	readonly name: Suite;
	readonly #guestName: string;
	#guest: Guest | undefined;

	/** `guestName`: its name in the lab. */
	constructor(name: Suite, guestName: string) {
		this.name = name;
		this.#guestName = guestName;
		this.#guest = connectGuest(guestName);
	}

	/** Throws LabError while it is down. */
	get guest(): Guest {
		if (this.#guest === undefined) throw new LabError(`${this.name} is down`);
		return this.#guest;
	}

	/** Wakes it, untouched, connects it, logs it in and starts its agent; what it then reports is not waited for. */
	async wake({ san, certificates, etcdPort, life }: NodeSurroundings): Promise<void> {
		const guest = await bootGuest({
			suite: this.name,
			name: this.#guestName,
			hostName: this.name,
			share: sharedBundle(),
			life,
		});
		this.#guest = guest;
		await joinWires(san.guest, guest, this.name);
		await guest.exec(
			`${fabricSetup(suites.indexOf(this.name) + 11)}
mkdir -p /etc/pathkeeper
chmod 700 /etc/pathkeeper
iscsiadm -m discovery -t sendtargets -p ${networks.a.portal}`,
			{ timeout: 180_000 },
		);
		await this.login();
		const { ca, client } = certificates;
		const files = { "ca.pem": ca, "client.pem": client.cert, "client.key": client.key };
		for (const [name, path] of Object.entries(files))
			await guest.writeFile(`/etc/pathkeeper/${name}`, readFileSync(path));
		// A key that others may read is refused, whatever its folder.
		await guest.exec("chmod 600 /etc/pathkeeper/client.key");
		await guest.writeFile("/etc/pathkeeper/pathkeeper.conf", agentSettings(etcdPort));
		await guest.writeFile(`/etc/systemd/system/${agentUnit}.service`, agentService);
		await guest.exec(`systemctl daemon-reload; systemctl start --no-block ${agentUnit}`);
	}

	/** Logs in over the fabrics given, both unless told; sessions that are there stay. */
	async login(over: readonly Fabric[] = fabrics): Promise<void> {
		for (const fabric of over)
			await this.guest.exec(`iscsiadm -m node -T ${targetName} -p ${networks[fabric].portal} --login`, {
				timeout: 180_000,
			});
	}

	async logout(fabric: Fabric): Promise<void> {
		await this.guest.exec(`iscsiadm -m node -T ${targetName} -p ${networks[fabric].portal} --logout`, {
			timeout: 180_000,
		});
	}

	/** Looks for LUNs that the array maps to it since it logged in. */
	async scan(): Promise<void> {
		await this.guest.exec("iscsiadm -m session --rescan", { timeout: 180_000 });
	}

	/** Deletes its devices of a LUN that the array no longer maps to it. */
	async dropDevices({ number }: SanLun): Promise<void> {
		await this.guest.exec(
			`for device in /sys/class/iscsi_session/session*/device/target*/*:${number}; do echo 1 > $device/delete; done`,
			{ timeout: 120_000 },
		);
	}

	/** Ends the whole guest at once, as pulling its plug would. */
	async kill(): Promise<void> {
		await this.guest.kill();
		this.#guest = undefined;
	}

	/**
	 * Names of its multipath maps by WWID, as the kernel has them. Read from files: `dmsetup` asks for one map after
	 * another, and fails as a whole when a map goes away meanwhile.
	 */
	async maps(): Promise<ReadonlyMap<string, string>> {
		const listed = await this.guest.exec(
			'for map in /sys/block/dm-*/dm; do cat $map/uuid $map/name 2>/dev/null | paste -sd " "; done',
			{ timeout: 120_000 },
		);
		return new Map(
			listed
				.split("\n")
				.map((line) => line.split(" "))
				.flatMap(([uuid = "", name = ""]) =>
					uuid.startsWith("mpath-") ? [[uuid.slice("mpath-".length), name] as const] : [],
				),
		);
	}
}

/**
 * Under emulation a look at the host costs seconds. With the usual interval four guests would do nothing but look, and
 * lose their membership whenever the machine is busy.
 */
const intervalSeconds = process.env["PATHKEEPER_LAB_ACCEL"]?.startsWith("kvm") === true ? 5 : 15;

function agentSettings(etcdPort: number): string {
	return `PATHKEEPER_ROLE=agent
PATHKEEPER_INTERVAL=${intervalSeconds}
PATHKEEPER_ETCD=https://${hostAddress}:${etcdPort}
PATHKEEPER_ETCD_CA=/etc/pathkeeper/ca.pem
PATHKEEPER_ETCD_CERT=/etc/pathkeeper/client.pem
PATHKEEPER_ETCD_KEY=/etc/pathkeeper/client.key
`;
}
