/** A demo from its folder to its end: the daemon over a simulated fleet, and what happens on it. */
import { tmpdir } from "node:os";
import { type Io, overSocket } from "@pathkeeper/cli";
import { createClient, messageOf } from "@pathkeeper/model";
import { runDaemon } from "../daemon.ts";
import { createLog } from "../log.ts";
import type { NetworkDoor } from "../serve/doors.ts";
import { demoParent, makeDemoFolder, removeDemoFolder, removeStaleDemos } from "./demo-folder.ts";
import { type DemoChoice, demoSettings } from "./demo-settings.ts";
import { demoEnding } from "./ending.ts";
import { type Administrator, fillStore } from "./first-config.ts";
import { plotFor } from "./plot.ts";
import { thisProcess } from "./process-identity.ts";
import { programName } from "./program-name.ts";
import { playStory, untilLogged } from "./story.ts";
import { welcomeDocument, welcomeText } from "./welcome.ts";

export interface DemoOptions extends DemoChoice {
	/** False: one JSON document on one line, when it is ready. */
	readonly forPeople: boolean;
	readonly io: Pick<Io, "out" | "err" | "env">;
}

/** What is well is seen on the page. */
const logLevel = "error";
/** How long each step of the story is waited for: seconds are enough, unless the machine has much else to do. */
const patienceMs = 240_000;

/** Runs until something ends it; gives the exit code. Throws SETTINGS_INVALID, DEMO_FOLDER_DENIED and what the daemon throws. */
export async function runDemo(options: DemoOptions): Promise<number> {
	const ending = demoEnding();
	const parent = demoParent(tmpdir());
	// What is wrong with the choice is said before anything is made.
	demoSettings(options, parent);
	const owner = thisProcess();
	for (const left of await removeStaleDemos(parent, owner))
		options.io.err(`${left} was removed: a demo that was killed had left it behind\n`);
	const folder = makeDemoFolder(parent, owner);
	const remove = () => removeDemoFolder(folder);
	// Also when an error that nobody caught ends this process.
	process.once("exit", remove);
	try {
		return await runIn(folder, ending, options);
	} finally {
		remove();
	}
}

async function runIn(folder: string, ending: AbortSignal, options: DemoOptions): Promise<number> {
	const { io, forPeople } = options;
	const settings = demoSettings(options, folder);
	const size = settings.simulate instanceof Object ? settings.simulate : null;
	const plot = plotFor(size);
	const { socketPath: socket } = settings;
	if (forPeople) io.err("Starting a simulated SAN and its hosts …\n\n");

	const over = new AbortController();
	const signal = AbortSignal.any([ending, over.signal]);
	const administrator = Promise.withResolvers<Administrator>();
	const show = async (door: NetworkDoor | null) => {
		const tools = { client: createClient(overSocket([socket])), socket, signal, patienceMs };
		await playStory(plot, tools);
		// A person reads on meanwhile, a program asks at once.
		if (!forPeople && plot.broken !== null) await untilLogged(["path", "lun"], tools);
		if (signal.aborted) return;
		const facts = { ...(await administrator.promise), folder, socket, door, plot };
		const command = programName({ execPath: process.execPath, script: process.argv[1] ?? "" });
		const namesServer = (io.env["PATHKEEPER_SERVER"] ?? "") !== "";
		io.out(
			forPeople
				? welcomeText({ ...facts, command, namesServer })
				: `${JSON.stringify(welcomeDocument(facts))}\n`,
		);
	};
	let shown: Promise<void> = Promise.resolve();
	try {
		return await runDaemon(settings, {
			log: createLog(process.stderr, logLevel),
			signal: ending,
			prepare: async (store) => administrator.resolve(await fillStore(store, plot.allowed)),
			onReady: (door) => {
				shown = show(door).catch((error: unknown) => {
					io.err(`the demo runs, but what should happen in it did not: ${messageOf(error)}\n`);
				});
			},
		});
	} finally {
		over.abort();
		await shown;
	}
}
