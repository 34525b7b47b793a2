import type { Command } from "commander";
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
}
