import { existsSync } from "node:fs";
import type { ExtraCommand, Io } from "@pathkeeper/cli";
import { PathkeeperError } from "@pathkeeper/model";
import type { CopyResult } from "@pathkeeper/store";
import { realRuntime } from "../runtime/real-runtime.ts";
import { encryptIt, notEncrypted } from "./encrypted.ts";
import type { StoreSettings } from "./open-store.ts";

interface CopyFlags {
	readonly from: string;
	readonly to: string;
	readonly replace?: true;
	readonly etcdCa?: string;
	readonly etcdCert?: string;
	readonly etcdKey?: string;
	readonly etcdUser?: string;
	readonly etcdPasswordFile?: string;
	readonly etcdInsecure?: true;
}

const place =
	"embedded:FILE, or etcd:URL[,URL…][#PREFIX]; such as embedded:/var/lib/pathkeeper/agent/store.db, or etcd:https://etcd1:2379,https://etcd2:2379";

/** `pathkeeper store copy`: takes a fleet from one store to another. */
export function storeCommand(io: Pick<Io, "out" | "err" | "showsProgress">): ExtraCommand {
	return {
		add: (program, run) => {
			program
				.command("store")
				.description("the store of the fleet, without a daemon")
				.command("copy")
				.summary("move a fleet from one store to another")
				.description(
					`Move a fleet from one store to another. Stop its daemons first: what they write in the meantime is not copied, and exit code 1 says so. A store is ${place}.`,
				)
				.requiredOption("--from <store>", "the store to copy from")
				.requiredOption("--to <store>", "the store to copy to, which must be empty")
				.option("--replace", "overwrite a target that is not empty, so that it equals the source")
				.option("--etcd-ca <file>", "the CA of etcd's certificates")
				.option("--etcd-cert <file>", "client certificate for etcd")
				.option("--etcd-key <file>", "its key")
				.option("--etcd-user <name>", "user in etcd")
				.option("--etcd-password-file <file>", "file with its password")
				.option("--etcd-insecure", "allow an unencrypted etcd on the network")
				.action((flags: CopyFlags) => run(() => copy(io, flags)));
		},
	};
}

async function copy(io: Pick<Io, "out" | "err" | "showsProgress">, flags: CopyFlags): Promise<number> {
	// Other commands of the program do without the stores.
	const { copyStore, memberPrefix } = await import("@pathkeeper/store");
	const { openStore, storeText } = await import("./open-store.ts");
	const [source, target] = [storeFrom("--from", flags.from, flags), storeFrom("--to", flags.to, flags)];
	// Opening makes an empty store where there is none, and an empty source is a slip of the pen.
	if (source.kind === "embedded" && !existsSync(source.path))
		throw new PathkeeperError("INPUT_UNREADABLE", { path: source.path, problem: "there is no store" });
	await using resources = new AsyncDisposableStack();
	const from = await openStore(source, realRuntime);
	resources.defer(() => from.close());
	const to = await openStore(target, realRuntime);
	resources.defer(() => to.close());
	const agents = (await from.list(memberPrefix)).entries.length;
	if (agents > 0)
		io.err(
			`warning: ${agents} ${agents === 1 ? "agent works" : "agents work"} with ${storeText(source)} now; stop them, or what they do in the meantime is lost\n`,
		);
	const result = await copyStore(from, to, {
		replace: flags.replace === true,
		onProgress: ({ documents, of }) => {
			if (io.showsProgress) io.err(`\r${documents} of ${of} documents${documents === of ? "\n" : ""}`);
		},
	});
	io.out(resultText(result, storeText(source), storeText(target)));
	for (const key of result.changedMeanwhile)
		io.err(`changed in the meantime; an older state was copied: ${key}\n`);
	return result.changedMeanwhile.length > 0 ? 1 : 0;
}

function resultText(
	{ documents, bytes, copied, left, deleted }: CopyResult,
	from: string,
	to: string,
): string {
	const kinds = (counts: Readonly<Record<string, number>>) =>
		Object.entries(counts)
			.map(([kind, count]) => `${kind} ${count}`)
			.join(", ");
	const stays = kinds(left);
	return [
		`${documents} documents (${bytes} bytes) are copied from ${from} to ${to}, and read back.\n`,
		`  copied: ${kinds(copied) || "nothing"}\n`,
		...(stays === "" ? [] : [`  not copied, because agents create them again: ${stays}\n`]),
		...(deleted === 0 ? [] : [`  deleted there: ${deleted}\n`]),
	].join("");
}

/** The store that a text means. Throws PARAMETER_INVALID. */
function storeFrom(flag: string, text: string, flags: CopyFlags): StoreSettings {
	const [, kind, rest = ""] = /^(embedded|etcd):(.+)$/s.exec(text) ?? [];
	if (kind === "embedded") return { kind, path: rest };
	if (kind !== "etcd")
		throw new PathkeeperError("PARAMETER_INVALID", { fields: { [flag]: `'${text}' is not ${place}` } });
	const [urls = "", prefix = "/pathkeeper/"] = rest.split("#");
	const clear = flags.etcdInsecure === true ? null : notEncrypted(urls.split(","));
	if (clear !== null)
		throw new PathkeeperError("PARAMETER_INVALID", { fields: { [flag]: `'${clear}' ${encryptIt}` } });
	return {
		kind,
		endpoints: urls.split(","),
		prefix,
		tls: { ca: flags.etcdCa, cert: flags.etcdCert, key: flags.etcdKey },
		user: flags.etcdUser,
		passwordFile: flags.etcdPasswordFile,
	};
}
