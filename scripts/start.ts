/**
 * `./dev start`: runs Pathkeeper here on the embedded store, over this host's multipathd where there is one, else
 * over a simulated SAN; says where to look and what it found. Arguments go to `pathkeeper daemon`. Ends with Ctrl-C.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { get } from "node:https";
import { buildPage, pageIsOld } from "./build-page.ts";

const main = "packages/pathkeeper/src/main.ts";
const given = process.argv.slice(2);
const role = flag("--role") ?? process.env["PATHKEEPER_ROLE"];
const usualSocket = `/run/pathkeeper${role === "server" ? "-server" : ""}/api.sock`;
const socket = flag("--socket") ?? process.env["PATHKEEPER_SOCKET"] ?? usualSocket;
const listen = flag("--listen") ?? process.env["PATHKEEPER_LISTEN"] ?? "127.0.0.1:8010";
const why = given.includes("--simulate") ? "as you asked" : whySimulate();

if (why !== null)
	console.log(`A SIMULATED SAN is used, ${why}. Nothing below is real, and this host is not touched.`);
if (listen !== "off" && pageIsOld()) {
	console.log("Building the web page …");
	await buildPage();
}
const simulate = why === null || given.includes("--simulate") ? [] : ["--simulate"];
const daemon = spawn(process.execPath, [main, "daemon", ...simulate, ...given], {
	stdio: ["inherit", "inherit", "inherit", "ipc"],
});
const ended = new Promise<null>((resolve) => {
	daemon.on("exit", (code, signal) => {
		process.exitCode = code ?? (signal === null ? 1 : 0);
		resolve(null);
	});
});
// It says so itself: on its socket another daemon may answer, while this one ends because of it.
const ready = new Promise<"ready">((resolve) => {
	daemon.on("message", (message) => {
		if (message === "ready") resolve("ready");
	});
});
// The terminal sends Ctrl-C to the daemon as well; this script only waits for it to end.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => daemon.kill("SIGTERM"));

if ((await Promise.race([ready, ended])) === null) {
	if (process.exitCode !== 0)
		console.error("\nPathkeeper does not run: it ended at its start, and says above why.");
} else if (await answers(30_000)) {
	const page = await pageAddress();
	const look =
		page === null
			? "The web page is not served; the log above says why."
			: `Look at ${page} (your browser will not know the certificate, which was made here) and log in
as root@local; the password was shown above at the first start, or lies in a file that the log names.`;
	console.log(`\nPathkeeper runs here. ${look}
Its API is on ${socket}, too. In another terminal:

  ./dev pathkeeper status                 the fleet at a glance
  ./dev pathkeeper lun list --candidates  LUNs that nobody allowed yet
  ./dev pathkeeper lun allow WWID         have the map of one assembled
  ./dev pathkeeper help                   everything else

What it found:
`);
	pathkeeper("status");
	console.log("");
	pathkeeper("lun", "list", "--candidates");
	console.log("\nCtrl-C ends it.");
}

/** Why this host can not be used, or null when it can. */
function whySimulate(): string | null {
	const found = ["/sbin", "/usr/sbin", "/bin", "/usr/bin"].some((folder) =>
		existsSync(`${folder}/multipathd`),
	);
	if (!found) return "for this host has no multipathd (apt install multipath-tools)";
	if (process.getuid?.() !== 0) return "for only root may manage this host's multipathd";
	const running = existsSync("/run/multipathd.pid");
	const startable = existsSync("/run/systemd/system");
	return running || startable ? null : "for multipathd does not run here and no systemd could start it";
}

/** Waits until the daemon has looked once; false when it ended or took too long. */
async function answers(withinMs: number): Promise<boolean> {
	for (const end = Date.now() + withinMs; Date.now() < end && daemon.exitCode === null; ) {
		const { status } = spawnSync(
			process.execPath,
			[main, "--socket", socket, "--output", "json", "node", "list"],
			{
				encoding: "utf8",
			},
		);
		if (status === 0) {
			await new Promise((resolve) => setTimeout(resolve, 1_500));
			return true;
		}
		await new Promise((resolve) => setTimeout(resolve, 300));
	}
	return false;
}

/** The value of a flag among the arguments; null when it is not given. */
function flag(name: string): string | null {
	const at = given.findIndex((word) => word === name || word.startsWith(`${name}=`));
	if (at < 0) return null;
	return given[at]?.startsWith(`${name}=`) ? given[at].slice(name.length + 1) : (given[at + 1] ?? null);
}

/** Where the page answers, as the settings have it; null when it does not. */
async function pageAddress(): Promise<string | null> {
	if (listen === "off") return null;
	const port = listen.slice(listen.lastIndexOf(":") + 1);
	const host = listen.slice(0, -port.length - 1);
	const url = `https://${host === "" || host === "*" ? "127.0.0.1" : host}:${port}/`;
	return (await servesPage(url)) ? url : null;
}

/** Only whether it is ours is asked, so nobody has to trust the certificate. */
function servesPage(url: string): Promise<boolean> {
	return new Promise((resolve) => {
		const asked = get(url, { rejectUnauthorized: false, timeout: 5000 }, (response) => {
			let text = "";
			response.on("data", (chunk: Buffer) => {
				text += chunk.toString();
			});
			response.on("end", () => resolve(text.includes("<title>Pathkeeper</title>")));
		});
		asked.on("timeout", () => asked.destroy());
		asked.on("error", () => resolve(false));
	});
}

function pathkeeper(...args: readonly string[]): void {
	spawnSync(process.execPath, [main, "--socket", socket, ...args], { stdio: "inherit" });
}
