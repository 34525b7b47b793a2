/** Everything that the checks look at, gathered once, each part by itself and with its own deadline. */
import { hostname } from "node:os";
import type { Host, LintResult, RunProgram } from "@pathkeeper/host";
import type { Finding } from "@pathkeeper/model";
import { defaultSettingsFile } from "../../settings/given.ts";
import { answering } from "./answering.ts";
import { type BootImageFacts, gatherBootImage } from "./boot-image.ts";
import { type CertificateFacts, gatherCertificates } from "./certificates.ts";
import { type ClockFacts, gatherClock } from "./clock-state.ts";
import { type DaemonFacts, gatherDaemon } from "./daemon.ts";
import { type EtcdFacts, gatherEtcd } from "./etcd-cluster.ts";
import { type Fact, factOf, known } from "./fact.ts";
import { gatherIscsi, type IscsiFacts, recordFolders } from "./iscsi-state.ts";
import { gatherKernel, type KernelFacts } from "./kernel.ts";
import { gatherLuns, type LunFacts } from "./luns.ts";
import { gatherLvmSettings, type LvmSettings } from "./lvm-settings.ts";
import { gatherMultipathFiles, type MultipathFiles } from "./multipath-files.ts";
import { gatherOwnDaemon, type OwnDaemon } from "./own-daemon.ts";
import { gatherOwnSettings, type OwnSettings, type OwnSettingsSources, pathsIn } from "./own-settings.ts";
import { gatherSpace, type SpaceFacts } from "./space.ts";
import { gatherStateFolders, type StateFolder } from "./state-folders.ts";
import { Tree } from "./tree.ts";
import { gatherUnits, type Units } from "./units.ts";

export interface Facts {
	/** Milliseconds since the epoch. */
	readonly now: number;
	/** The name of this machine up to the first dot, or the one that the settings give. */
	readonly node: string;
	readonly runtime: { readonly version: string; readonly needed: number };
	readonly units: Fact<Units>;
	readonly kernel: Fact<KernelFacts>;
	/** Whether there is a program multipath. */
	readonly installed: Fact<boolean>;
	/** Its release; null: it is not installed. Not known: it does not tell, as with a configuration that it refuses. */
	readonly tools: Fact<string | null>;
	/** What `multipath -t` makes of the files; not known: it refused them, crashed or hung. Null: not installed. */
	readonly lint: Fact<LintResult | null>;
	readonly daemon: DaemonFacts;
	readonly multipath: MultipathFiles;
	readonly luns: Fact<LunFacts>;
	/** What the boot image lacks; null: the root file system is on no map, or nothing is missing. */
	readonly bootImage: Fact<BootImageFacts>;
	readonly initramfs: Fact<Finding | null>;
	/** Null: LVM is not installed. */
	readonly lvm: Fact<LvmSettings | null>;
	readonly iscsi: Fact<IscsiFacts>;
	readonly clock: Fact<ClockFacts>;
	readonly own: Fact<OwnSettings>;
	readonly certificates: Fact<readonly CertificateFacts[]>;
	/** Null: the store is not in etcd. */
	readonly etcd: Fact<EtcdFacts | null>;
	readonly spaces: ReadonlyMap<string, Fact<SpaceFacts | null>>;
	readonly stateFolders: Fact<readonly StateFolder[]>;
	/** Null: no server is to run here. */
	readonly ownDaemon: Fact<OwnDaemon | null>;
}

export interface FactSources {
	readonly host: Host;
	/** Where the machine's file tree starts. */
	readonly root: string;
	readonly run: RunProgram;
	readonly settings: OwnSettingsSources;
	readonly now: number;
	readonly nodeVersion: string;
	readonly hostName?: string;
}

/** The folders whose room is looked at; those of the host are below its root. */
export const watchedFolders = ["/etc", "/run", "/boot", "/var/lib/pathkeeper"] as const;

const fileMs = 10_000;
const programMs = 20_000;
const bootImageMs = 70_000;
/** What the code needs (package.json, engines). */
const neededRuntime = 24;

export async function gatherFacts(sources: FactSources): Promise<Facts> {
	const { host, root, run, now } = sources;
	const tree = new Tree(root, host.files);
	const units = await factOf(programMs, () => gatherUnits(tree, run));
	const own = await factOf(programMs, async () => {
		await answering(run, [sources.settings.file ?? defaultSettingsFile]);
		const read = gatherOwnSettings(sources.settings, units);
		// Whatever looks at one of these has to know these settings first.
		await answering(run, pathsIn(read));
		return read;
	});
	// All at once: what hangs costs its own deadline and no other.
	const luns = factOf(fileMs, () => gatherLuns(host.sysfs));
	const bootImage = factOf(fileMs, () => gatherBootImage(tree, run));
	const installed = factOf(fileMs, () => isInstalled(tree));
	const tools = factOf(programMs, async () => (known(await installed) ? await host.tools.version() : null));
	const parts = {
		installed,
		kernel: factOf(fileMs, () => gatherKernel(tree)),
		tools,
		lint: factOf(2 * programMs, () => lintOf(host, installed)),
		daemon: gatherDaemon(tree, host.multipathd),
		multipath: gatherMultipathFiles(tree),
		luns,
		bootImage,
		initramfs: factOf(bootImageMs, () => bootFinding(host, tree, luns, bootImage)),
		lvm: factOf(programMs, () => gatherLvmSettings(tree, run)),
		iscsi: factOf(fileMs, async () => {
			// In Debian 13 below /var, which may be a file system of its own.
			await answering(
				run,
				recordFolders.map((folder) => tree.on(folder)),
			);
			return await gatherIscsi(tree);
		}),
		clock: factOf(programMs, () => gatherClock(tree, run)),
		certificates: factOf(fileMs, async () => gatherCertificates(known(own))),
		etcd: factOf(2 * programMs, () => etcdOf(known(own))),
		stateFolders: factOf(fileMs, async () => gatherStateFolders(known(own))),
		ownDaemon: factOf(programMs, () => ownDaemonOf(known(own))),
		spaces: spacesOf(tree, run),
	};
	return {
		now,
		node: nodeNameOf(own, sources.hostName ?? hostname()),
		runtime: { version: sources.nodeVersion, needed: neededRuntime },
		units,
		own,
		kernel: await parts.kernel,
		installed: await parts.installed,
		tools: await parts.tools,
		lint: await parts.lint,
		daemon: await parts.daemon,
		multipath: await parts.multipath,
		luns: await parts.luns,
		bootImage: await parts.bootImage,
		initramfs: await parts.initramfs,
		lvm: await parts.lvm,
		iscsi: await parts.iscsi,
		clock: await parts.clock,
		certificates: await parts.certificates,
		etcd: await parts.etcd,
		stateFolders: await parts.stateFolders,
		ownDaemon: await parts.ownDaemon,
		spaces: await parts.spaces,
	};
}

/** Looked for below the root: the machine that this runs on may be another one. */
async function isInstalled(tree: Tree): Promise<boolean> {
	const places = ["/usr/sbin/multipath", "/sbin/multipath", "/usr/bin/multipath"];
	const found = await Promise.all(places.map((path) => tree.entry(path, true)));
	return found.some((entry) => entry?.kind === "file");
}

async function lintOf({ tools }: Host, installed: Promise<Fact<boolean>>): Promise<LintResult | null> {
	return known(await installed) ? await tools.lint() : null;
}

async function bootFinding(
	host: Host,
	tree: Tree,
	luns: Promise<Fact<LunFacts>>,
	bootImage: Promise<Fact<BootImageFacts>>,
): Promise<Finding | null> {
	const { rootOnMap } = known(await luns);
	if (rootOnMap === null) return null;
	// A /boot that hangs is not looked at again.
	known(await bootImage);
	if (host.initramfs === undefined) throw new Error("the boot image cannot be looked at");
	return await host.initramfs.check(rootOnMap, await neededAtBoot(tree));
}

async function etcdOf({ settings }: OwnSettings): Promise<EtcdFacts | null> {
	const store = [...settings.values()].map((each) => each.store).find(({ kind }) => kind === "etcd");
	return store?.kind === "etcd" ? await gatherEtcd(store) : null;
}

async function ownDaemonOf({ settings }: OwnSettings): Promise<OwnDaemon | null> {
	const server = [...settings.values()].find(({ role }) => role !== "agent");
	return server === undefined ? null : await gatherOwnDaemon(server.socketPath);
}

async function spacesOf(tree: Tree, run: RunProgram): Promise<Facts["spaces"]> {
	return new Map(
		await Promise.all(
			watchedFolders.map(
				async (path) => [path, await factOf(programMs, () => gatherSpace(tree, run, path))] as const,
			),
		),
	);
}

function nodeNameOf(own: Fact<OwnSettings>, hostName: string): string {
	const named = own.known ? [...own.value.settings.values()].map(({ node }) => node) : [];
	return named.find((name) => name !== null) ?? hostName.replace(/\..*$/, "");
}

/** The files that the boot image has to carry. */
async function neededAtBoot(tree: Tree): Promise<readonly string[]> {
	const names = (await tree.list("/etc/multipath/conf.d")).filter((name) => name.endsWith(".conf"));
	const paths = [
		"/etc/multipath.conf",
		"/etc/multipath/wwids",
		...names.map((name) => `/etc/multipath/conf.d/${name}`),
	];
	const entries = await Promise.all(paths.map((path) => tree.entry(path, true)));
	return paths.filter((_, at) => entries[at] !== null);
}
