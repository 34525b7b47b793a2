/**
 * `./dev start`: runs Pathkeeper here on the embedded store, over this host's multipathd where there is one, else
 * over a simulated SAN; says where to look and what it found. Arguments go to `pathkeeper daemon`. Ends with Ctrl-C.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const main = "packages/pathkeeper/src/main.ts";
const socket = process.env["PATHKEEPER_SOCKET"] ?? "/run/pathkeeper/api.sock";
const given = process.argv.slice(2);
const why = given.includes("--simulate") ? "as you asked" : whySimulate();

if (why !== null)
	console.log(`A SIMULATED SAN is used, ${why}. Nothing below is real, and this host is not touched.`);
const simulate = why === null || given.includes("--simulate") ? [] : ["--simulate"];
const daemon = spawn(process.execPath, [main, "daemon", ...simulate, ...given], { stdio: "inherit" });
daemon.on("exit", (code, signal) => {
	process.exitCode = code ?? (signal === null ? 1 : 0);
});
// The terminal sends Ctrl-C to the daemon as well; this script only waits for it to end.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => daemon.kill("SIGTERM"));

if (await answers(30_000)) {
	console.log(`\nPathkeeper runs here; its API is on ${socket}. In another terminal:

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

function pathkeeper(...args: readonly string[]): void {
	spawnSync(process.execPath, [main, ...args], { stdio: "inherit" });
}
