import type { Command } from "commander";
import { acknowledgeFinding, listFindings, reopenFinding } from "../commands/finding.ts";
import { listMaps, showMap } from "../commands/map.ts";
import { listNodes, showNode } from "../commands/node.ts";
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
