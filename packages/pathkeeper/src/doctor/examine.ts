import { statSync } from "node:fs";
import { posix } from "node:path";
import { type Host, ProgramRunner, type RunProgram, realHost, WWIDS_FILE } from "@pathkeeper/host";
import { RealMultipathTools } from "@pathkeeper/host/parts";
import { messageOf, PathkeeperError } from "@pathkeeper/model";
import { realRuntime } from "../runtime/real-runtime.ts";
import { defaultSettingsFile, gatherSettings } from "../settings/given.ts";
import { allChecks } from "./checks/all.ts";
import { type Diagnosis, diagnose } from "./diagnosis.ts";
import { answering } from "./facts/answering.ts";
import { reasonOf } from "./facts/fact.ts";
import { type Facts, gatherFacts } from "./facts/facts.ts";

export interface ExamineOptions {
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Settings file; null: the default one. */
	readonly file: string | null;
	readonly state?: string;
	readonly hostRoot?: string;
	readonly socket?: string;
	/** Milliseconds since the epoch. */
	readonly now: number;
	/** Stand in for this machine's own in tests. */
	readonly host?: Host;
	readonly run?: RunProgram;
	readonly nodeVersion?: string;
	readonly hostName?: string;
}

/** What a support archive is gathered with, while the host is open. */
export interface Gathering {
	readonly host: Host;
	readonly root: string;
	readonly run: RunProgram;
}

export interface Examination {
	readonly facts: Facts;
	/** Most urgent first. */
	readonly diagnoses: readonly Diagnosis[];
}

/** Looks at this machine once, judges what it saw, and lets `then` gather more. Throws nothing that a machine can be at fault for, and INPUT_UNREADABLE for a `hostRoot` that is no folder. */
export async function examine(
	options: ExamineOptions,
	then?: (examination: Examination, gathering: Gathering) => Promise<void>,
): Promise<Examination> {
	const { env, file, state, hostRoot, socket, now } = options;
	const flags = {
		...(state === undefined ? {} : { state }),
		...(hostRoot === undefined ? {} : { hostRoot }),
		...(socket === undefined ? {} : { socket }),
	};
	const settings = { flags, env, file };
	const programs = new ProgramRunner({ runtime: realRuntime });
	const look = options.run ?? programs.run;
	await answeringOr(look, hostRoot);
	// Of a root that is not there everything would be missing.
	if (hostRoot !== undefined && statSync(hostRoot, { throwIfNoEntry: false })?.isDirectory() !== true)
		throw new PathkeeperError("INPUT_UNREADABLE", { path: hostRoot, problem: "it is not a folder" });
	const root = hostRoot ?? (await rootIn(settings, look)) ?? "/";
	const run = options.run ?? (root === "/" ? programs.run : elsewhere(programs.run));
	const host = options.host ?? hostAt(root, programs);
	try {
		const facts = await gatherFacts({
			host,
			root,
			run,
			settings,
			now,
			nodeVersion: options.nodeVersion ?? process.versions.node,
			...(options.hostName === undefined ? {} : { hostName: options.hostName }),
		});
		const examination = { facts, diagnoses: diagnose(allChecks, facts, reasonOf) };
		await then?.(examination, { host, root, run });
		return examination;
	} finally {
		// One that was handed in is its owner's.
		if (options.host === undefined) await host.multipathd.close();
	}
}

function hostAt(root: string, programs: ProgramRunner): Host {
	const host = realHost({ runtime: realRuntime, root, programs });
	if (root === "/") return host;
	const wwidsFile = posix.join(root, WWIDS_FILE);
	return { ...host, tools: new RealMultipathTools({ run: elsewhere(programs.run), wwidsFile }) };
}

async function answeringOr(run: RunProgram, hostRoot: string | undefined): Promise<void> {
	if (hostRoot === undefined) return;
	try {
		await answering(run, [hostRoot]);
	} catch (error) {
		const values = { path: hostRoot, problem: messageOf(error) };
		throw new PathkeeperError("INPUT_UNREADABLE", values, { cause: error });
	}
}

async function rootIn(
	settings: Parameters<typeof gatherSettings>[0],
	run: RunProgram,
): Promise<string | undefined> {
	try {
		await answering(run, [settings.file ?? defaultSettingsFile]);
		return gatherSettings(settings).settings.get("hostRoot")?.text;
	} catch {
		// The check of the settings says why.
		return undefined;
	}
}

/** Programs here know nothing of a machine whose file tree is only mounted; these look at files. */
function elsewhere(run: RunProgram): RunProgram {
	return (program, args, options) => {
		if (["stat", "head", "ls"].includes(program)) return run(program, args, options);
		const problem = "it is not asked about a machine whose files start elsewhere (--host-root)";
		return Promise.reject(new PathkeeperError("PROCESS_FAILED", { program, problem }));
	};
}
