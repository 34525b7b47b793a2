import { type Check, type Diagnosis, error, note, warning } from "../diagnosis.ts";
import { known, NotKnown } from "../facts/fact.ts";
import type { Facts } from "../facts/facts.ts";
import type { UnitFacts } from "../facts/units.ts";
import { journal, quoted } from "./fixes.ts";

const ownUnits = ["pathkeeper.service", "pathkeeper-agent.service", "pathkeeper-server.service"] as const;

const settings: Check<Facts> = {
	name: "settings-problem",
	fine: "the settings are understood",
	judge: (facts) => {
		const { problems, file } = known(facts.own);
		return [...problems].map(([place, problem]) =>
			error({
				code: "settings-problem",
				what: `${place}: ${problem}`,
				where: place.startsWith("/") ? (place.split(" ")[0] ?? file) : file,
				fix: problem.includes("chown it to root")
					? [`chown root ${quoted(file)}`, `chmod go-w ${quoted(file)}`]
					: [`# fix it in ${file}; the settings are in pathkeeper.conf(5)`],
				why: "the daemon refuses to start, or runs with what it read before.",
			}),
		);
	},
};

const units: Check<Facts> = {
	name: "own-unit",
	fine: "Pathkeeper's service runs, and is started at boot",
	judge: (facts) => {
		const all = known(facts.units);
		const own = ownUnits.flatMap((name) => {
			const unit = all.get(name);
			return unit === undefined || unit.load === "not-found" ? [] : [unit];
		});
		// From a tarball or a checkout: there is nothing to say of units.
		if (own.length === 0) return null;
		const chosen = own.filter((unit) => isEnabled(unit) || isActive(unit));
		const unusable = [...unitConflict(chosen), ...own.flatMap(failureOf)];
		return [
			...unusable,
			...(chosen.length === 0 && unusable.length === 0 ? [noneChosen] : []),
			...chosen.flatMap(problemsOfChosen),
		];
	},
};

function isEnabled({ file }: UnitFacts): boolean {
	return file === "enabled";
}

function isActive({ active }: UnitFacts): boolean {
	return active === "active" || active === "activating" || active === "reloading";
}

function unitConflict(chosen: readonly UnitFacts[]): readonly Diagnosis[] {
	const single = chosen.some(({ name }) => name === "pathkeeper.service");
	const others = chosen.filter(({ name }) => name !== "pathkeeper.service");
	if (!single || others.length === 0) return [];
	return [
		error({
			code: "own-units-conflict",
			what: `pathkeeper.service, which is agent and server of one host, and ${others.map(({ name }) => name).join(" and ")} are both meant to run`,
			where: "pathkeeper.service",
			fix: [
				"# in a fleet on etcd:",
				"systemctl disable --now pathkeeper.service",
				"# on a host by itself:",
				"systemctl disable --now pathkeeper-agent.service pathkeeper-server.service",
			],
			why: "each stops the other, and which of them runs after a boot is random.",
		}),
	];
}

function failureOf({ name, active, result }: UnitFacts): readonly Diagnosis[] {
	if (active !== "failed") return [];
	return [
		error({
			code: "own-unit-failed",
			what: `${name} has failed (${result})`,
			where: name,
			fix: [journal(name), "# fix what its last lines say, then:", `systemctl restart ${name}`],
			why: "this machine is not managed; maps keep working.",
		}),
	];
}

const noneChosen = note({
	code: "own-unit-not-chosen",
	what: "Pathkeeper is installed, and none of its services is enabled",
	where: null,
	fix: [
		"# one host by itself:",
		"systemctl enable --now pathkeeper.service",
		"# a node of a fleet on etcd:",
		"systemctl enable --now pathkeeper-agent.service",
	],
	why: "nothing manages this machine; choose the service that it should run.",
});

/** Of a unit that is enabled or runs. */
function problemsOfChosen(unit: UnitFacts): readonly Diagnosis[] {
	const { name } = unit;
	const found: Diagnosis[] = [];
	if (!isEnabled(unit))
		found.push(
			warning({
				code: "own-unit-not-at-boot",
				what: `${name} runs, but is not started at boot (${unit.file})`,
				where: name,
				fix: [`systemctl enable ${name}`],
				why: "after the next boot nothing manages this machine.",
			}),
		);
	else if (unit.active === "inactive")
		found.push(
			error({
				code: "own-unit-not-running",
				what: `${name} is enabled and does not run`,
				where: name,
				fix: [`systemctl start ${name}`, journal(name)],
				why: "this machine is not managed now.",
			}),
		);
	found.push(...changesOf(unit));
	if (unit.needsReload)
		found.push(
			warning({
				code: "own-unit-stale",
				what: `the file of ${name} changed, and systemd has not read it again`,
				where: name,
				fix: ["systemctl daemon-reload", `systemctl restart ${name}`],
				why: "it runs as it was before.",
			}),
		);
	return found;
}

/** A drop-in is how an administrator sets limits and ordering; only what our program counts on is worth a word. */
function changesOf({ name, dropIns }: UnitFacts): readonly Diagnosis[] {
	const changing = dropIns
		.map(({ path, sets }) => ({ path, sets: known(sets) }))
		.filter(({ sets }) => sets.length > 0);
	const [first] = changing;
	if (first === undefined) return [];
	return [
		warning({
			code: "own-unit-changed",
			what: `${changing.map(({ path, sets }) => `${path} sets ${sets.join(", ")}`).join("; ")} of ${name}`,
			where: first.path,
			fix: [`systemctl cat ${name}`, `# if it is not intended: systemctl revert ${name}`],
			why: "the service may not start, run as another user or be stopped in the middle of a change, and changes to the unit from an upgrade may not take effect; settings belong in pathkeeper.conf.",
		}),
	];
}

const daemon: Check<Facts> = {
	name: "server-silent",
	fine: "the server on this machine answers, and the agent of this node gives signs of life",
	judge: (facts) => {
		const own = known(facts.ownDaemon);
		if (own === null || !own.isThere) return null;
		const { socket, problem, nodes } = own;
		if (problem?.includes("only root may")) throw new NotKnown(problem);
		if (problem !== null)
			return [
				error({
					code: "server-silent",
					what: `the server of this machine does not answer on its socket: ${problem}`,
					where: socket,
					fix: [
						journal("'pathkeeper*'"),
						"systemctl restart pathkeeper.service",
						"# in a fleet: systemctl restart pathkeeper-server.service",
					],
					why: "page and command line get no answer here. A server whose store does not answer says so in its journal.",
				}),
			];
		const roles = known(facts.own).roles;
		if (!roles.some((role) => role !== "server")) return [];
		const state = nodes?.get(facts.node);
		if (state === "online" || nodes === null) return [];
		return [
			error({
				code: "agent-silent",
				what:
					state === undefined
						? `the server does not know a node '${facts.node}': the agent of this machine has not reported`
						: `the agent of this node, '${facts.node}', gives no sign of life`,
				where: socket,
				fix: [
					journal("'pathkeeper*'"),
					"systemctl try-restart pathkeeper.service pathkeeper-agent.service",
					`pathkeeper node show ${quoted(facts.node)}`,
				],
				why: "what is shown of this node is what was last known, and nothing new is applied to it.",
			}),
		];
	},
};

/** One host with the store in itself, or none of our services yet. */
export function isAlone({ own }: Facts): boolean {
	if (!own.known) return false;
	const { roles, settings } = own.value;
	return (
		roles.every((role) => role === "both") &&
		[...settings.values()].every(({ store }) => store.kind !== "etcd")
	);
}

const nodeName: Check<Facts> = {
	name: "node-name",
	fine: "this machine has a name of its own",
	judge: (facts) => {
		const { node, own } = facts;
		if (own.known && !own.value.roles.some((role) => role !== "server")) return null;
		const common = ["localhost", "debian", "pve", "ubuntu", "linux", "template", ""];
		if (!common.includes(node.toLowerCase())) return [];
		const isLocal = node === "" || node.toLowerCase() === "localhost";
		const problem = {
			code: "node-name",
			what: isLocal
				? `this machine calls itself '${node}', and so would the node`
				: `this machine has the name of an installer, '${node}'; another one may have it too`,
			where: "/etc/hostname",
			fix: [
				"hostnamectl set-hostname NAME",
				"# or for Pathkeeper alone: PATHKEEPER_NODE=NAME in /etc/pathkeeper/pathkeeper.conf",
			],
			why: "a node's name is the first part of its host name; two nodes with one name overwrite each other's reports.",
		};
		// A host by itself has nobody to be taken for.
		return [isLocal ? error(problem) : isAlone(facts) ? note(problem) : warning(problem)];
	},
};

const folders: Check<Facts> = {
	name: "state-folder",
	fine: "the state folders belong to the daemon alone",
	judge: (facts) =>
		known(facts.stateFolders).flatMap(({ role, path, entry, problem }) => {
			if (entry === null) return [];
			const owner = role === "server" ? "pathkeeper" : "root";
			const fix = [
				`chown ${owner}: ${quoted(path)}`,
				`chmod 0700 ${quoted(path)}`,
				`namei -l ${quoted(path)}`,
			];
			const why =
				"anyone who can write there decides what root does on this host; anyone who can read there has the store and its keys.";
			if (problem !== null)
				return [
					error({
						code: "state-folder-open",
						what: `others can change the state of Pathkeeper: ${problem}`,
						where: path,
						fix,
						why,
					}),
				];
			if (role !== "server" && entry.uid !== 0)
				return [
					error({
						code: "state-folder-owner",
						what: `the state folder belongs to user ${entry.uid}, not to root`,
						where: path,
						fix,
						why,
					}),
				];
			if ((entry.mode & 0o077) === 0) return [];
			return [
				warning({
					code: "state-folder-mode",
					what: `the state folder has mode 0${entry.mode.toString(8)}, so other users may read it`,
					where: path,
					fix,
					why,
				}),
			];
		}),
};

const runtime: Check<Facts> = {
	name: "runtime-old",
	fine: "the JavaScript runtime is new enough",
	judge: ({ runtime: { version, needed } }) => {
		const [major = 0] = version.replace(/^v/, "").split(".").map(Number);
		if (major >= needed) return [];
		return [
			error({
				code: "runtime-old",
				what: `Node ${version} runs Pathkeeper, which needs ${needed} or newer`,
				where: null,
				fix: [
					"apt-get install --reinstall pathkeeper",
					"# the package brings a runtime of its own: /usr/bin/pathkeeper version",
				],
				why: "parts of it fail in ways that are not tested.",
			}),
		];
	},
};

export const ownChecks: readonly Check<Facts>[] = [runtime, settings, units, daemon, nodeName, folders];
