import { WWIDS_FILE, wwidsIn } from "@pathkeeper/host";
import type { ConfFile } from "@pathkeeper/model";
import { type Fact, factOf } from "./fact.ts";
import type { Tree } from "./tree.ts";

/** The files of multipath-tools. */
export interface MultipathFiles {
	/** /etc/multipath.conf when it is there, then the drop-ins that multipath reads, in its order. */
	readonly conf: Fact<readonly ConfFile[]>;
	/** Names in conf.d that multipath does not read although they look like configuration. */
	readonly notRead: Fact<readonly string[]>;
	readonly wwids: Fact<readonly string[]>;
	/** /etc/multipath/bindings; null: it is not there. */
	readonly bindings: Fact<string | null>;
	/** Which of the usual folders have udev rules of multipath, and what hides them. */
	readonly udev: Fact<UdevRules>;
}

export interface UdevRules {
	/** Paths of files whose name ends in `-multipath.rules`, in /usr/lib or /lib. */
	readonly shipped: readonly string[];
	/** Paths of files in /etc/udev/rules.d or /run/udev/rules.d that take their place, and whether they are empty. */
	readonly masks: readonly { readonly path: string; readonly empty: boolean }[];
}

export const mainConf = "/etc/multipath.conf";
export const confFolder = "/etc/multipath/conf.d";
const shippedFolders = ["/usr/lib/udev/rules.d", "/lib/udev/rules.d"];
const maskFolders = ["/etc/udev/rules.d", "/run/udev/rules.d"];
const deadlineMs = 5_000;

export async function gatherMultipathFiles(tree: Tree): Promise<MultipathFiles> {
	const [conf, notRead, wwids, bindings, udev] = await Promise.all([
		factOf(deadlineMs, () => confFiles(tree)),
		factOf(deadlineMs, async () => (await tree.list(confFolder)).filter((name) => !isRead(name))),
		factOf(deadlineMs, async () => wwidsIn((await tree.read(WWIDS_FILE)) ?? "")),
		factOf(deadlineMs, () => tree.read("/etc/multipath/bindings")),
		factOf(deadlineMs, () => udevRules(tree)),
	]);
	return { conf, notRead, wwids, bindings, udev };
}

/** Any name that ends in `.conf` counts, one that begins with a dot too (libmultipath/config.c process_config_dir). */
function isRead(name: string): boolean {
	return name.endsWith(".conf") && name !== ".conf";
}

async function confFiles(tree: Tree): Promise<readonly ConfFile[]> {
	const names = (await tree.list(confFolder)).filter(isRead);
	const paths = [mainConf, ...names.map((name) => `${confFolder}/${name}`)];
	const texts = await Promise.all(paths.map((path) => tree.read(path)));
	return paths.flatMap((name, at) => {
		const text = texts[at];
		return text === null || text === undefined ? [] : [{ name, text }];
	});
}

async function udevRules(tree: Tree): Promise<UdevRules> {
	const isOurs = (name: string) => /-multipath\.rules$/.test(name);
	const shipped: string[] = [];
	for (const folder of shippedFolders) {
		// With a merged /usr both are one.
		const names = (await tree.list(folder)).filter(isOurs);
		shipped.push(
			...names
				.filter((name) => !shipped.some((path) => path.endsWith(`/${name}`)))
				.map((name) => `${folder}/${name}`),
		);
	}
	const masks: { path: string; empty: boolean }[] = [];
	for (const folder of maskFolders)
		for (const name of (await tree.list(folder)).filter(isOurs)) {
			const path = `${folder}/${name}`;
			const { kind, target } = (await tree.entry(path)) ?? { kind: "other", target: null };
			const empty =
				kind === "link" && target === "/dev/null" ? true : ((await tree.read(path)) ?? "").trim() === "";
			masks.push({ path, empty });
		}
	return { shipped, masks };
}
