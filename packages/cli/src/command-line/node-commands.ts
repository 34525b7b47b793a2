import type { Command } from "commander";
import { acknowledgeFinding, listFindings, reopenFinding } from "../commands/finding.ts";
import { listMaps, showMap } from "../commands/map.ts";
import { listNodes, showNode } from "../commands/node.ts";
import { removeNode } from "../commands/node-remove.ts";
import type { Online } from "./runs.ts";

export function addNodeCommands(program: Command, online: Online): void {
	const map = program.command("map").description("the maps of the nodes");
	map
		.command("list")
		.description("maps with states")
		.option("--node <node>", "only of this node")
		.action((options: { node?: string }) => online((session) => listMaps(session, options.node)));
	map
		.command("show <name>")
		.description("groups, paths and users of a map, by name, WWID or dm-N")
		.option("--node <node>", "only of this node")
		.action((name: string, options: { node?: string }) =>
			online((session) => showMap(session, name, options.node)),
		);
	const node = program.command("node").description("the nodes of the fleet");
	node
		.command("list")
		.description("nodes with what they applied")
		.action(() => online(listNodes));
	node
		.command("show <node>")
		.description("one node with its findings")
		.action((name: string) => online((session) => showNode(session, name)));
	node
		.command("remove <node>")
		.summary("remove a node from the fleet whose host is gone")
		.description(
			"Remove a node from the fleet whose host is gone, with its last report. Refused while its agent runs. A host that is only cut off looks the same: if its last report says that it used anything, that is listed, and the name must be given again with --confirm. Asks for confirmation on a terminal, not in a script.",
		)
		.option("--confirm <node>", "the name of the node again, to confirm that its host is off for good")
		.option("-y, --yes", "do not ask")
		.action((name: string, options: { confirm?: string; yes?: true }) =>
			online((session) =>
				removeNode(session, name, {
					yes: options.yes === true,
					...(options.confirm === undefined ? {} : { confirm: options.confirm }),
				}),
			),
		);
	addFindings(program, online);
}

function addFindings(program: Command, online: Online): void {
	const finding = program.command("finding").description("what is wrong with nodes, other than paths");
	finding
		.command("list")
		.description("findings of the nodes with their codes")
		.option("--node <node>", "only of this node")
		.action((options: { node?: string }) => online((session) => listFindings(session, options.node)));
	finding
		.command("acknowledge <code>")
		.summary("acknowledge a finding: no action is needed for now, and why")
		.description(
			"Acknowledge the findings with a code: no action is needed for now, and why. They are still shown, and no longer counted. This applies to the text that they have now; a finding with another text is a new one.",
		)
		.option("--node <node>", "only on this node (default: every node that has it)")
		.requiredOption("--reason <text>", "why, for the next person on duty")
		.action((code: string, options: { node?: string; reason: string }) =>
			online((session) => acknowledgeFinding(session, code, options)),
		);
	finding
		.command("reopen <code>")
		.description("withdraw an acknowledgement")
		.option("--node <node>", "only the one for this node")
		.action((code: string, options: { node?: string }) =>
			online((session) => reopenFinding(session, code, options.node)),
		);
}
