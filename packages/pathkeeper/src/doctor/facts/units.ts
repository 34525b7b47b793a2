import type { RunProgram } from "@pathkeeper/host";
import { type Fact, factOf } from "./fact.ts";
import type { Tree } from "./tree.ts";

/** What systemd says of a unit (systemctl(1) `show`). */
export interface UnitFacts {
	readonly name: string;
	/** `loaded`, `not-found`, `masked`, … */
	readonly load: string;
	/** `active`, `inactive`, `failed`, … */
	readonly active: string;
	/** `enabled`, `disabled`, `static`, `masked`, …; empty for a unit that is not there. */
	readonly file: string;
	readonly result: string;
	readonly needsReload: boolean;
	/** Of this unit; those of distributions and containers for every service (`service.d`) say nothing of it. */
	readonly dropIns: readonly DropIn[];
	/** Of its main process; 0: there is none. */
	readonly pid: number;
}

export interface DropIn {
	readonly path: string;
	/** Which of the directives that our units depend on it sets, such as `ExecStart`. */
	readonly sets: Fact<readonly string[]>;
}

export type Units = ReadonlyMap<string, UnitFacts>;

/** The units that are looked at. */
const watchedUnits = [
	"multipathd.service",
	"multipathd.socket",
	"open-iscsi.service",
	"iscsi.service",
	"iscsid.service",
	"iscsid.socket",
	"pathkeeper.service",
	"pathkeeper-agent.service",
	"pathkeeper-server.service",
] as const;

const properties = [
	"Id",
	"LoadState",
	"ActiveState",
	"UnitFileState",
	"Result",
	"NeedDaemonReload",
	"DropInPaths",
	"MainPID",
];
const deadlineMs = 10_000;
const fileMs = 5_000;
/** What our program counts on; limits, ordering and the environment are an administrator's to set. */
const ourDirective = /^[ \t]*(ExecStart|User|StateDirectory|Type|NotifyAccess|KillMode)[ \t]*=/gm;

/** Asks systemd. Throws when it does not run (sd_booted(3)) or does not answer. */
export async function gatherUnits(tree: Tree, run: RunProgram): Promise<Units> {
	if ((await tree.entry("/run/systemd/system")) === null)
		throw new Error("systemd does not run here, and other service managers are not asked");
	const args = ["show", `--property=${properties.join(",")}`, "--", ...watchedUnits];
	const { code, stdout, stderr } = await run("systemctl", args, { deadlineMs });
	if (code !== 0)
		throw new Error(`systemctl show: ${stderr.trim().split("\n").at(-1) || `exit code ${code}`}`);
	const units = readUnits(stdout);
	const missing = watchedUnits.filter((name, at) => unitAt(units, at, name) === null);
	if (missing.length > 0) throw new Error(`systemctl show said nothing of ${missing.join(", ")}`);
	const known = watchedUnits.flatMap((name, at) => {
		const unit = unitAt(units, at, name);
		return unit === null ? [] : [unit];
	});
	return new Map(
		await Promise.all(
			known.map(async (unit) => {
				const dropIns = await Promise.all(unit.dropIns.map((path) => dropInAt(tree, path)));
				return [unit.name, { ...unit, dropIns }] as const;
			}),
		),
	);
}

async function dropInAt(tree: Tree, path: string): Promise<DropIn> {
	const sets = await factOf(fileMs, async () => {
		const text = (await tree.read(path)) ?? "";
		return [...new Set([...text.matchAll(ourDirective)].map(([, name = ""]) => name))];
	});
	return { path, sets };
}

/** As systemd gives it, with the paths of drop-ins alone. */
type ShownUnit = Omit<UnitFacts, "dropIns"> & { readonly dropIns: readonly string[] };

/** Answers come in the order of the question; one for an alias carries the name of the real unit. */
function unitAt(units: readonly ShownUnit[], at: number, name: string): ShownUnit | null {
	const unit = units[at];
	return unit === undefined ? null : { ...unit, name };
}

/** Reads `KEY=VALUE` lines, units apart by a blank line. */
function readUnits(text: string): readonly ShownUnit[] {
	return text
		.split(/\n\s*\n/)
		.filter((block) => block.trim() !== "")
		.map((block) => {
			const values = new Map(
				block.split("\n").flatMap((line) => {
					const [, key, value] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
					return key === undefined || value === undefined ? [] : [[key, value] as const];
				}),
			);
			const said = (key: string) => values.get(key) ?? "";
			return {
				name: said("Id"),
				load: said("LoadState"),
				active: said("ActiveState"),
				file: said("UnitFileState"),
				result: said("Result"),
				needsReload: said("NeedDaemonReload") === "yes",
				dropIns: said("DropInPaths")
					.split(" ")
					.filter((path) => path !== "" && !path.includes("/service.d/")),
				pid: Number(said("MainPID")) || 0,
			};
		});
}
