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
		.option("--node <node>", "of this node only")
		.action((options: { node?: string }) => online((session) => listMaps(session, options.node)));
	map
		.command("show <name>")
		.description("groups, paths and users of a map, by name, WWID or dm-N")
		.option("--node <node>", "of this node only")
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
		.summary("take a node out of the fleet whose host is gone")
		.description(
			"Take a node out of the fleet whose host is gone, with its last report. Refused while its agent runs. A host that is only cut off looks the same: what was in use there when it was last heard is named, and then the name is to be given again with --confirm. Asks first where somebody can answer; a script is not asked.",
		)
		.option("--confirm <node>", "the name of the node again: its host is off for good, whatever it used")
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
	const finding = program.command("finding").description("what is wrong with nodes beside the paths");
	finding
		.command("list")
		.description("findings of the nodes with their codes")
		.option("--node <node>", "of this node only")
		.action((options: { node?: string }) => online((session) => listFindings(session, options.node)));
	finding
		.command("acknowledge <code>")
		.summary("say that a finding needs no work for now, and why")
		.description(
			"Say that the findings of a code need no work for now, and why: they are still shown, and no longer counted. It holds for the text that they have now; another text, as of another version, is a new finding.",
		)
		.option("--node <node>", "on this node only; else on every node that has it")
		.requiredOption("--reason <text>", "why, for those who look after you")
		.action((code: string, options: { node?: string; reason: string }) =>
			online((session) => acknowledgeFinding(session, code, options)),
		);
	finding
		.command("reopen <code>")
		.description("take an acknowledgement back")
		.option("--node <node>", "the one for this node only")
		.action((code: string, options: { node?: string }) =>
			online((session) => reopenFinding(session, code, options.node)),
		);
}
