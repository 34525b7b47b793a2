/**
 * Three servers as docs/install-fleet.md finds them: n1, n2 and n3 with nothing but Debian, an initiator that is logged
 * in to the array over both fabrics, addresses of a network between them, and a key with which root on n1 gets to the
 * others. Each runs another release.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fabricSetup } from "../fleet/fabric-setup.ts";
import { San } from "../fleet/san.ts";
import { initiatorName, networks, targetName } from "../fleet/san-luns.ts";
import { joinWires, openWires } from "../fleet/wires.ts";
import { bootGuest, type GuestOptions } from "../guest/boot-guest.ts";
import type { Guest } from "../guest/guest.ts";
import { fabricCards, fabrics } from "../guest/layout.ts";
import { imageOf } from "../image/make-image.ts";
import { runProgram } from "../run-program.ts";
import { timed } from "../say.ts";
import type { Suite } from "../suites.ts";

export interface PlainNode {
	/** Its host name. */
	readonly name: PlainNodeName;
	readonly suite: Suite;
	readonly address: string;
	readonly guest: Guest;
}

export const plainNodeNames = ["n1", "n2", "n3"] as const;
export type PlainNodeName = (typeof plainNodeNames)[number];

/** Release and last number of the addresses. */
const places: Readonly<Record<PlainNodeName, { readonly suite: Suite; readonly last: number }>> = {
	n1: { suite: "bookworm", last: 11 },
	n2: { suite: "trixie", last: 12 },
	n3: { suite: "sid", last: 13 },
};
const addressOf = (name: PlainNodeName) => `192.0.2.${places[name].last}`;

export interface PlainFleetOptions extends Required<Pick<GuestOptions, "life" | "forwardedPorts">> {
	readonly shareFor: (suite: Suite) => readonly string[];
}

export class PlainFleet implements AsyncDisposable {
	readonly san: San;
	readonly nodes: readonly PlainNode[];

	private constructor(san: San, nodes: readonly PlainNode[]) {
		this.san = san;
		this.nodes = nodes;
	}

	/** Wakes it; guests are named `NAME-san`, `NAME-n1`, …. Files of `shareFor` lie in /mnt/lab of each node. */
	static async start(
		name: string,
		{ life, shareFor, forwardedPorts }: PlainFleetOptions,
	): Promise<PlainFleet> {
		const guests: Guest[] = [];
		const wake = async (options: GuestOptions) => {
			const guest = await bootGuest({ ...options, life });
			guests.push(guest);
			return guest;
		};
		try {
			const san = new San(await wake({ suite: "bookworm", name: `${name}-san`, hostName: "san" }));
			for (const node of plainNodeNames) await openWires(san.guest, node);
			await timed("making the array", () => san.setUp(plainNodeNames));
			const nodes: PlainNode[] = [];
			for (const node of plainNodeNames) {
				const { suite } = places[node];
				const guest = await timed(`waking ${node} (${suite}) and logging it in`, async () => {
					const one = await wake({
						suite,
						kind: "plain",
						name: `${name}-${node}`,
						hostName: node,
						share: shareFor(suite),
						forwardedPorts,
					});
					await joinWires(san.guest, one, node);
					await connect(one, node);
					return one;
				});
				nodes.push({ name: node, suite, address: addressOf(node), guest });
			}
			await letIn(nodes);
			return new PlainFleet(san, nodes);
		} catch (error) {
			for (const guest of guests) await guest.kill();
			throw error;
		}
	}

	async [Symbol.asyncDispose](): Promise<void> {
		for (const { guest } of this.nodes) await guest.kill();
		await this.san.guest.kill();
	}
}

/** Its addresses, and its sessions with the array. The hosts' own network is that of the first fabric's cards. */
async function connect(guest: Guest, name: PlainNodeName): Promise<void> {
	const hosts = plainNodeNames.map((node) => `${addressOf(node)} ${node}`).join("\\n");
	await guest.exec(
		`${fabricSetup(places[name].last)}
ip address add ${addressOf(name)}/24 dev ${fabricCards.a.device}
sed -i '/^127\\.0\\.1\\.1/d' /etc/hosts
printf '${hosts}\\n' >> /etc/hosts
DEBIAN_FRONTEND=noninteractive apt-get install --yes -qq open-iscsi
echo InitiatorName=${initiatorName(name)} > /etc/iscsi/initiatorname.iscsi
systemctl restart iscsid.service
iscsiadm -m discovery -t sendtargets -p ${networks.a.portal}
${fabrics.map((fabric) => `iscsiadm -m node -T ${targetName} -p ${networks[fabric].portal} --login`).join("\n")}`,
		{ timeout: 600_000 },
	);
}

/** Lets root on the first node log in to the others, without a question. */
async function letIn(nodes: readonly PlainNode[]): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), "pathkeeper-key-"));
	try {
		const key = join(folder, "id_ed25519");
		await runProgram(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "root@n1", "-f", key]);
		const known: string[] = [];
		for (const { name, address, suite, guest } of nodes) {
			const hostKey = readFileSync((await imageOf(suite, "plain")).knownHosts, "utf8").replace(/^\S+ /, "");
			known.push(`${address},${name} ${hostKey}`);
			await guest.exec("cat >> /root/.ssh/authorized_keys", { input: readFileSync(`${key}.pub`) });
		}
		const [first] = nodes;
		await first?.guest.writeFile(`/root/.ssh/${basename(key)}`, readFileSync(key));
		await first?.guest.exec(`chmod 600 /root/.ssh/${basename(key)}`);
		await first?.guest.writeFile("/root/.ssh/known_hosts", known.join(""));
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
