/** Storages as the command line and the API give them, asked until a starved machine has done its work in time. */
import { LabError, type Suite, until } from "../../src/index.ts";
import { isObject } from "../../src/unknown-json.ts";
import { isBusy, minute, patience } from "./patience.ts";
import type { Stage } from "./stage.ts";

/** Words of a second attempt after a first one that had done its work. */
const isDone = /already exists|already defined|does not exist/;

interface Volume {
	readonly volid: string;
	readonly size: number;
}

export function storageCommands(stage: Stage) {
	const cli = (...args: readonly string[]) => stage.fleet.server.cli("storage", ...args);
	/** Until it is done: a node of a starved machine may not take or end its work in time, and then says so. */
	async function run(...args: readonly string[]): Promise<string> {
		let asked = 0;
		const { stdout: told } = await until(
			`storage ${args.join(" ")}`,
			async () => {
				const { code, stdout, stderr } = await cli(...args);
				if (code === 0 || (asked++ > 0 && isDone.test(stderr))) return { stdout };
				if (isBusy.test(stderr)) return undefined;
				throw new LabError(`storage ${args.join(" ")}: exit code ${code}\n${stdout}${stderr}`);
			},
			{ timeout: 8 * minute, every: 2000 },
		);
		return told;
	}
	/** What a refusal says, once nobody is too busy to say it. */
	async function refusal(...args: readonly string[]): Promise<string> {
		return await until(
			`a refusal of storage ${args.join(" ")}`,
			async () => {
				const { code, stdout, stderr } = await cli(...args);
				if (code === 0) throw new LabError(`storage ${args.join(" ")} was not refused\n${stdout}`);
				return !isBusy.test(stderr) && stderr;
			},
			patience,
		);
	}

	async function volumes(name: Suite, storage: string): Promise<readonly Volume[]> {
		return await until(
			`the volumes of '${storage}' on ${name}`,
			async () => {
				const listed = await stage.fleet.server.get(`/nodes/${name}/storage/${storage}/content`);
				return Array.isArray(listed)
					? listed
							.filter(isObject)
							.map(({ volid, size }) => ({ volid: String(volid), size: Number(size) }))
							.sort((a, b) => (a.volid < b.volid ? -1 : 1))
					: undefined;
			},
			patience,
		);
	}

	async function statusOn(name: Suite, storage: string) {
		const listed = await until(
			`the storages of ${name}`,
			() => stage.fleet.server.get(`/nodes/${name}/storage`),
			patience,
		);
		const found = Array.isArray(listed)
			? listed.filter(isObject).find((one) => one["storage"] === storage)
			: undefined;
		return { active: found?.["active"] === 1, problem: String(found?.["problem"] ?? "") };
	}

	return { cli, run, refusal, volumes, statusOn };
}
