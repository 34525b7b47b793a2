import { messageOf, PathkeeperError, type Runtime } from "@pathkeeper/model";
import { openEmbeddedStore, openEtcdStore, type Store } from "@pathkeeper/store";
import { checkOwnFile, readOwnFile } from "../settings/own-file.ts";

/** What the store may take on disk, in bytes; undefined: what it says itself, or as much as is usual. */
interface Quota {
	readonly quota?: number | undefined;
}

export type StoreSettings = ({ readonly kind: "embedded"; readonly path: string } & Quota) | EtcdSettings;

export interface EtcdSettings extends Quota {
	readonly kind: "etcd";
	readonly endpoints: readonly string[];
	/** Paths of PEM files. */
	readonly tls: {
		readonly ca: string | undefined;
		readonly cert: string | undefined;
		readonly key: string | undefined;
	};
	readonly user: string | undefined;
	readonly passwordFile: string | undefined;
	readonly prefix: string;
}

/** Opens the store that is meant; one in etcd is connected to with the first call. Throws what the drivers throw. */
export async function openStore(settings: StoreSettings, runtime: Runtime): Promise<Store> {
	const quota = settings.quota === undefined ? {} : { quota: settings.quota };
	if (settings.kind === "embedded")
		return await openEmbeddedStore({ runtime, path: settings.path, ...quota });
	const { endpoints, tls, user, passwordFile, prefix } = settings;
	checkKept(tls.ca, false);
	checkKept(tls.cert, false);
	checkKept(tls.key, true);
	return await openEtcdStore({
		runtime,
		endpoints,
		prefix,
		...quota,
		tls: {
			...(tls.ca === undefined ? {} : { ca: tls.ca }),
			...(tls.cert === undefined ? {} : { cert: tls.cert }),
			...(tls.key === undefined ? {} : { key: tls.key }),
		},
		...(user === undefined ? {} : { username: user }),
		...(passwordFile === undefined ? {} : { password: readSecret(passwordFile) }),
	});
}

/** A store in words, for messages and the log. */
export function storeText(settings: StoreSettings): string {
	return settings.kind === "embedded"
		? settings.path
		: `etcd ${settings.endpoints.join(",")} below ${settings.prefix}`;
}

/** A file that the store's driver reads. Throws INPUT_UNREADABLE when others than root can change it, or read a secret. */
function checkKept(path: string | undefined, isSecret: boolean): void {
	if (path !== undefined) reading(path, () => checkOwnFile(path, { isSecret }));
}

/** The first line of a file that not everybody may read. Throws INPUT_UNREADABLE. */
function readSecret(path: string): string {
	return reading(path, () => readOwnFile(path, { isSecret: true }).replace(/\r?\n.*$/s, ""));
}

function reading<T>(path: string, read: () => T): T {
	try {
		return read();
	} catch (error) {
		throw new PathkeeperError("INPUT_UNREADABLE", { path, problem: messageOf(error) }, { cause: error });
	}
}
