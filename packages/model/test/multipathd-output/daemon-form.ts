import type { MultipathMap, Path, PathGroup } from "@pathkeeper/model";

/** Prints maps as multipathd prints them (multipath-tools libmultipath/print.c), escaping as little as it does. */
export function asJson(maps: readonly MultipathMap[]): string {
	return `{\n   "major_version": 0,\n   "minor_version": 1,\n   "maps": [${maps.map(mapJson).join(",")}]\n}\n`;
}

function mapJson(map: MultipathMap): string {
	const usable = map.groups
		.flatMap(({ paths }) => paths)
		.filter(({ checkerState }) => checkerState === "ready");
	return members(6, [
		["name", map.name],
		["uuid", map.wwid],
		["sysfs", map.dm ?? "undef"],
		["failback", map.failback ?? "-"],
		["queueing", queueingWord(map)],
		["paths", usable.length],
		["write_prot", map.readOnly === null ? "undef" : map.readOnly ? "ro" : "rw"],
		["dm_st", map.suspended ? "suspend" : "active"],
		["features", map.features ?? "0"],
		["hwhandler", map.hardwareHandler ?? "0"],
		["action", map.action ?? ""],
		["path_faults", 0],
		["vend", map.vendor ?? "##"],
		["prod", map.product ?? "##"],
		["rev", map.revision ?? "##"],
		["switch_grp", 0],
		["map_loads", 1],
		["total_q_time", 0],
		["q_timeouts", 0],
		["path_groups", map.groups.map(groupJson)],
	]);
}

function queueingWord({ queueing }: MultipathMap): string {
	if (queueing === "forever") return "on";
	if (queueing === "off" || queueing === null) return "off";
	return `${queueing.seconds} sec`;
}

function groupJson(group: PathGroup): string {
	return members(9, [
		["selector", group.selector ?? ""],
		["pri", group.priority ?? -1],
		["dm_st", group.dmState ?? "undef"],
		["marginal_st", group.marginal ? "marginal" : "normal"],
		["group", group.number],
		["paths", group.paths.map(pathJson)],
	]);
}

function pathJson(path: Path): string {
	const { transport } = path;
	const iscsi = transport?.protocol === "iscsi";
	return members(12, [
		["dev", path.dev],
		["dev_t", path.devT ?? "-"],
		["dm_st", path.dmState ?? "undef"],
		["dev_st", path.deviceState ?? "unknown"],
		["chk_st", path.checkerState ?? "undef"],
		["checker", path.checker ?? "(null)"],
		["pri", path.priority ?? -1],
		["host_wwnn", "[undef]"],
		["target_wwnn", iscsi ? (transport.target ?? "") : "[undef]"],
		["host_wwpn", iscsi ? "[undef]" : (transport?.initiator ?? "[undef]")],
		["target_wwpn", iscsi ? "[undef]" : (transport?.target ?? "[undef]")],
		["host_adapter", iscsi ? (transport.initiator ?? "[undef]") : "[undef]"],
		["lun_hex", "0x0000000000000000"],
		["marginal_st", path.marginal ? "marginal" : "normal"],
	]);
}

function members(
	indent: number,
	list: readonly (readonly [string, string | number | readonly string[]])[],
): string {
	const blanks = " ".repeat(indent);
	const lines = list.map(([key, value]) =>
		typeof value === "object"
			? `${blanks}"${key}": [${value.join(",")}]`
			: `${blanks}"${key}" : ${typeof value === "number" ? value : `"${value}"`}`,
	);
	return `{\n${lines.join(",\n")}\n${" ".repeat(indent - 3)}}`;
}

/** Prints maps as `multipath -ll` prints them since 0.4.9, columns padded as there. */
export function asTopology(maps: readonly MultipathMap[]): string {
	return maps.map(mapTree).join("");
}

function mapTree(map: MultipathMap): string {
	const action = map.action === null ? "" : `${map.action}: `;
	const identity = map.name === map.wwid ? map.wwid : `${map.name} (${map.wwid})`;
	const protection = map.readOnly === null ? "undef" : map.readOnly ? "ro" : "rw";
	const paths = map.groups.flatMap((group) => group.paths);
	const widths = [0, 1, 2, 3, 4].map((n) =>
		Math.max(0, ...paths.map((path) => columns(path)[n]?.length ?? 0)),
	);
	const lines = [
		`${action}${identity} ${map.dm ?? "undef"} ${map.vendor ?? "##"},${map.product ?? "##"}`,
		`size=1.0G features='${map.features ?? "0"}' hwhandler='${map.hardwareHandler ?? "0"}' wp=${protection}`,
	];
	map.groups.forEach((group, g) => {
		const last = g === map.groups.length - 1;
		const head = `policy='${group.selector ?? ""}' prio=${group.priority ?? -1} status=${group.dmState ?? "undef"}`;
		lines.push(`${last ? "`" : "|"}-+- ${head}`);
		group.paths.forEach((path, p) => {
			const drawn = `${last ? " " : "|"} ${p === group.paths.length - 1 ? "`" : "|"}- `;
			const padded = columns(path).map((text, n) => text.padEnd(widths[n] ?? 0));
			lines.push(`${drawn}${padded.join(" ").trimEnd()}`);
		});
	});
	return `${lines.join("\n")}\n`;
}

function columns(path: Path): string[] {
	return [
		path.hctl ?? "#:#:#:#",
		path.dev === "" ? "-" : path.dev,
		path.devT ?? "#:#",
		path.dmState ?? "undef",
		path.checkerState ?? "undef",
		path.deviceState ?? "unknown",
	];
}
