/**
 * `./dev start`: runs Pathkeeper here on the embedded store, over this host's multipathd where there is one, else
 * over a simulated SAN; says where to look and what it found. Arguments go to `pathkeeper daemon`. Ends with Ctrl-C.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { get } from "node:https";
import { buildPage, pageIsOld } from "./build-page.ts";

const main = "packages/pathkeeper/src/main.ts";
const socket = process.env["PATHKEEPER_SOCKET"] ?? "/run/pathkeeper/api.sock";
const given = process.argv.slice(2);
const why = given.includes("--simulate") ? "as you asked" : whySimulate();

if (why !== null)
	console.log(`A SIMULATED SAN is used, ${why}. Nothing below is real, and this host is not touched.`);
if (pageIsOld()) {
	console.log("Building the web page …");
	await buildPage();
}
const simulate = why === null || given.includes("--simulate") ? [] : ["--simulate"];
const daemon = spawn(process.execPath, [main, "daemon", ...simulate, ...given], { stdio: "inherit" });
daemon.on("exit", (code, signal) => {
	process.exitCode = code ?? (signal === null ? 1 : 0);
});
// The terminal sends Ctrl-C to the daemon as well; this script only waits for it to end.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => daemon.kill("SIGTERM"));

if (await answers(30_000)) {
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
		const { status } = spawnSync(process.execPath, [main, "--output", "json", "node", "list"], {
			encoding: "utf8",
		});
		if (status === 0) {
			await new Promise((resolve) => setTimeout(resolve, 1_500));
			return true;
		}
		await new Promise((resolve) => setTimeout(resolve, 300));
	}
	return false;
}

/** Where the page answers, as the settings have it; null when it does not. */
async function pageAddress(): Promise<string | null> {
	const at = given.findIndex((word) => word === "--listen" || word.startsWith("--listen="));
	const said = given[at]?.includes("=") ? given[at]?.slice("--listen=".length) : given[at + 1];
	const listen = (at < 0 ? process.env["PATHKEEPER_LISTEN"] : said) ?? "127.0.0.1:8010";
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
	spawnSync(process.execPath, [main, ...args], { stdio: "inherit" });
}
