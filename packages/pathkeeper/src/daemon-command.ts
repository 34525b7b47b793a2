import type { ExtraCommand } from "@pathkeeper/cli";
import { defaultSettingsFile, gatherSettings, type SettingName } from "./settings/given.ts";

interface DaemonFlags
	extends Partial<Record<Exclude<SettingName, "etcd" | "etcdInsecure" | "simulate">, string>> {
	readonly etcd?: readonly string[];
	readonly etcdInsecure?: true;
	readonly simulate?: true | string;
	readonly settings?: string;
}

/** `pathkeeper daemon`. */
export const daemonCommand: ExtraCommand = {
	add: (program, run) => {
		program
			.command("daemon")
			.summary("run Pathkeeper here: an agent for this host, a server for the fleet, or both")
			.description(
				`Run Pathkeeper here: an agent for this host, a server for the fleet, or both. Every option can stand in ${defaultSettingsFile} or in the environment as well, --etcd-ca as PATHKEEPER_ETCD_CA and so on; what is said here wins, then the environment.`,
			)
			.option("--settings <file>", `another settings file than ${defaultSettingsFile}`)
			.option("--role <role>", "agent, server or both (both)")
			.option("--store <kind>", "embedded for one host, or etcd (embedded, or etcd when --etcd is given)")
			.option(
				"--store-quota <size>",
				"what the store may take on disk, such as 4G; with etcd its --quota-backend-bytes (2G); from nine tenths on, changes are refused",
			)
			.option("--etcd <url>", "a member of etcd; once for each member", collected)
			.option("--etcd-ca <file>", "who signed etcd's certificates")
			.option("--etcd-cert <file>", "our certificate for etcd")
			.option("--etcd-key <file>", "its key")
			.option("--etcd-user <name>", "our user in etcd")
			.option("--etcd-password-file <file>", "file with its password")
			.option("--etcd-prefix <prefix>", "what the fleet's keys begin with (/pathkeeper/)")
			.option("--etcd-insecure", "take an etcd on the network that does not encrypt; a finding says so")
			.option("--node <name>", "name of this host in the fleet (its host name up to the first dot)")
			.option(
				"--interval <seconds>",
				"longest time between two looks at this host (5); a node that is silent for three of them is unknown",
			)
			.option(
				"--listen <address>",
				"ADDRESS:PORT for HTTPS, *:PORT for every address, PORT for this machine only, or off (127.0.0.1:8010 with the embedded store, else *:8010)",
			)
			.option("--tls-cert <file>", "certificate with its chain (one that is made at the first start)")
			.option("--tls-key <file>", "its key")
			.option(
				"--metrics-allow <addresses>",
				"who may read /metrics without a token: addresses and networks such as 10.0.0.0/24",
			)
			.option("--log-days <days>", "how long the log of the fleet is kept (7)")
			.option("--task-days <days>", "how long the tasks of a node are kept when they have ended (30)")
			.option("--audit-days <days>", "how long the audit is kept (365); at least 90")
			.option(
				"--state <folder>",
				"what must survive a restart (/var/lib/pathkeeper/agent; of a server /var/lib/pathkeeper/server)",
			)
			.option("--host-root <folder>", "where the host's file tree starts (/)")
			.option(
				"--simulate [size]",
				"a simulated SAN instead of this host; size as NODESxLUNSxPATHS. With --role server: serve the simulated fleet of that store",
			)
			.action(({ settings: file, etcd, etcdInsecure, simulate, ...flags }: DaemonFlags) =>
				run(async () => {
					const { socket } = program.opts<{ socket?: string }>();
					const given = gatherSettings({
						flags: {
							...flags,
							...(socket === undefined ? {} : { socket }),
							...(etcd === undefined ? {} : { etcd: etcd.join(",") }),
							...(etcdInsecure === undefined ? {} : { etcdInsecure: "yes" }),
							...(simulate === undefined ? {} : { simulate: simulate === true ? "demo" : simulate }),
						},
						env: process.env,
						file: file ?? null,
					});
					// Other commands do without all that the daemon is made of.
					const { daemonSettings } = await import("./settings/daemon-settings.ts");
					const { runDaemon } = await import("./daemon.ts");
					return await runDaemon(daemonSettings(given));
				}),
			);
	},
};

function collected(value: string, before: readonly string[] = []): readonly string[] {
	return [...before, value];
}
