/** A suite's root file system, as a folder to chroot into and as the disk a guest boots from. */
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cached } from "../cache.ts";
import { makeDisk } from "../disk-files.ts";
import { LabError } from "../lab-error.ts";
import { runProgram } from "../run-program.ts";
import { timed } from "../say.ts";
import { aptOptionsOf, type Suite, suites } from "../suites.ts";
import { acquireOptions, debianMirror } from "./apt-source.ts";
import {
	archiveScript,
	diskBytes,
	excludedPaths,
	type ImageKind,
	imageHash,
	nodeBinary,
	recipes,
} from "./recipe.ts";

/** The files of a suite's image; all paths are absolute, none of them is ever written to again. */
export interface Image {
	readonly suite: Suite;
	readonly kind: ImageKind;
	/** Names it among the images, for people and for the cache. */
	readonly label: string;
	readonly folder: string;
	/** The root file system as a folder, owned as in the guest. */
	readonly root: string;
	readonly disk: string;
	readonly kernel: string;
	readonly initrd: string;
	/** Private key that every guest of this image lets in as root. */
	readonly key: string;
	/** The guests' host key, under the name `guest`. */
	readonly knownHosts: string;
}

/** The image of `suite`, built first when the cache has none (about a minute; needs root). */
export async function imageOf(suite: Suite, kind: ImageKind = "host"): Promise<Image> {
	const label = kind === "host" ? suite : `${kind}-${suite}`;
	const folder = await cached({ kind: "images", label, hash: imageHash(suite, kind) }, (draft) =>
		timed(`building the ${label} image`, () => build(suite, kind, draft)),
	);
	return {
		suite,
		kind,
		label,
		folder,
		root: join(folder, "root"),
		disk: join(folder, "disk.raw"),
		kernel: join(folder, "kernel"),
		initrd: join(folder, "initrd"),
		key: join(folder, "key"),
		knownHosts: join(folder, "known_hosts"),
	};
}

/**
 * The root file system of `suite` as a folder, built when missing. `chroot FOLDER multipath -t` parses a
 * configuration as that release does, without device-mapper and without a daemon.
 */
export async function rootOf(suite: Suite): Promise<string> {
	return (await imageOf(suite)).root;
}

/**
 * The folders of `rootOf` for the given suites in the form other tests read from the environment variable
 * PATHKEEPER_MULTIPATH_ROOTS: `bookworm=/…:trixie=/…`.
 */
export async function multipathRoots(of: readonly Suite[] = suites): Promise<string> {
	const roots: string[] = [];
	for (const suite of of) roots.push(`${suite}=${await rootOf(suite)}`);
	return roots.join(":");
}

/**
 * Whatever ends this process ends the build: the kernel kills its first process, and with that all others in its
 * namespace. Mounts made meanwhile vanish with theirs.
 */
const diesWithUs = [
	...["--pdeathsig", "KILL"],
	...["unshare", "--pid", "--fork", "--kill-child", "--mount", "--mount-proc"],
] as const;

async function build(suite: Suite, kind: ImageKind, folder: string): Promise<void> {
	if (process.getuid?.() !== 0) throw new LabError(`building the ${suite} image needs root`);
	const { packages, archive, hasNode, scripts } = recipes[kind];
	const root = join(folder, "root");
	const key = join(folder, "key");
	await runProgram(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "pathkeeper-lab", "-f", key]);
	const runtime = join(folder, "node");
	if (hasNode) await stripped(nodeBinary, runtime);
	const initramfs = join(folder, "initramfs.conf");
	await writeFile(initramfs, "MODULES=list\nCOMPRESS=zstd\nCOMPRESSLEVEL=1\nRESUME=none\n");
	const modules = join(folder, "initramfs.modules");
	await writeFile(modules, "virtio_pci\nvirtio_blk\next4\n");

	const mirror = await debianMirror();
	const aptOptions = [...(await acquireOptions()), ...aptOptionsOf[suite], 'Acquire::Languages "none";'];
	await runProgram(
		[
			"setpriv",
			...diesWithUs,
			"mmdebstrap",
			"--mode=root",
			"--variant=minbase",
			"--format=directory",
			`--include=${packages.join(",")}`,
			...aptOptions.map((option) => `--aptopt=${option}`),
			...excludedPaths.map((path) => `--dpkgopt=path-exclude=${path}`),
			"--dpkgopt=force-unsafe-io",
			"--dpkgopt=force-confold",
			// Before any package is unpacked, so that the kernel's own installation makes the initrd, once.
			'--setup-hook=mkdir -p "$1"/etc/initramfs-tools/conf.d "$1"/root/.ssh "$1"/usr/local/bin',
			`--setup-hook=upload ${quoted(initramfs)} /etc/initramfs-tools/conf.d/lab.conf`,
			`--setup-hook=upload ${quoted(modules)} /etc/initramfs-tools/modules`,
			`--customize-hook=upload ${quoted(`${key}.pub`)} /root/.ssh/authorized_keys`,
			...(hasNode ? [`--customize-hook=copy-in ${quoted(runtime)} /usr/local/bin`] : []),
			...(archive.length > 0
				? [`--customize-hook=sh ${quoted(archiveScript)} "$1" ${archive.join(" ")}`]
				: []),
			...scripts.map((script) => `--customize-hook=chroot "$1" sh < ${quoted(script)}`),
			suite,
			root,
			...(mirror === undefined ? [] : [mirror]),
		],
		{ timeout: 900_000 },
	);

	// Its lists, which mmdebstrap removes with its own at the end.
	if (archive.length > 0) await runProgram(["chroot", root, "apt-get", "update", "-qq"]);

	const boot = readdirSync(join(root, "boot"));
	copyFileSync(join(root, "boot", onlyOne(boot, "vmlinuz-")), join(folder, "kernel"));
	copyFileSync(join(root, "boot", onlyOne(boot, "initrd.img-")), join(folder, "initrd"));
	const hostKey = readFileSync(join(root, "etc/ssh/ssh_host_ed25519_key.pub"), "utf8");
	writeFileSync(join(folder, "known_hosts"), `guest ${hostKey}`);

	const disk = join(folder, "disk.raw");
	await makeDisk(disk, diskBytes, { from: root });
	// Guests may need it to run; who only parses in the folder brings their own.
	rmSync(join(root, "etc/multipath.conf"), { force: true });
}

/** Node without its symbols, a fifth smaller. Machines without binutils copy it whole. */
async function stripped(binary: string, to: string): Promise<void> {
	try {
		await runProgram(["strip", "-o", to, binary]);
	} catch {
		copyFileSync(binary, to);
	}
}

function onlyOne(names: readonly string[], prefix: string): string {
	const found = names.filter((name) => name.startsWith(prefix));
	const [first] = found;
	if (first === undefined || found.length > 1)
		throw new LabError(`expected one ${prefix}* in the image, found ${found.length}`);
	return first;
}

/** Quoted for the shell that mmdebstrap runs its hooks with. */
function quoted(path: string): string {
	return `'${path.replaceAll("'", `'\\''`)}'`;
}
