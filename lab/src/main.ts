/** `./dev lab`: guests with a real multipathd, to try things in; and a whole fleet of them. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { endFleet, Fleet, fleetAccess } from "./fleet/fleet.ts";
import { serverEnvironment } from "./fleet/fleet-server.ts";
import { bootGuest, connectGuest, prepareGuests } from "./guest/boot-guest.ts";
import { endGuest } from "./guest/end-guest.ts";
import { reap, runningGuests } from "./guest/guest-record.ts";
import { rootOf } from "./image/make-image.ts";
import { LabError } from "./lab-error.ts";
import { timed } from "./say.ts";
import { apiPort, bundle, sharedBundle } from "./shared-guest.ts";
import { isSuite, type Suite, suites } from "./suites.ts";

const usage = `usage: ./dev lab COMMAND

  up [SUITE…]        bring guests up in the background (trixie)
  up --fleet         an array, a host of each suite that is logged in to it, etcd, and Pathkeeper over all of it
  pathkeeper ARGS…   the command line, asking the server of that fleet
  ssh NAME [CMD]     a shell in a guest, or one command
  status             what is up
  down [NAME…]       end guests (all, with the fleet; 'fleet' is its name); their disks are gone then
  build [SUITE…]     only make the images (all)
  all                every test in guests (by ./dev lab all)
  roots [SUITE…]     folders to chroot into, as SUITE=FOLDER

suites: ${suites.join(", ")}
`;

/** What `up --fleet` brings up; its guests are fleet-san and so on. */
const fleetName = "fleet";

function suitesFrom(words: readonly string[], otherwise: readonly Suite[]): readonly Suite[] {
	if (words.length === 0) return otherwise;
	return words.map((word) => {
		if (!isSuite(word)) throw new LabError(`there is no suite '${word}'; there are ${suites.join(", ")}`);
		return word;
	});
}

async function up(words: readonly string[]): Promise<void> {
	for (const suite of suitesFrom(words, ["trixie"])) {
		if (connectGuest(suite) === undefined) {
			const share = sharedBundle();
			await timed(`bringing ${suite} up`, () =>
				bootGuest({ suite, share, forwardedPorts: [apiPort], life: "background" }),
			);
		}
	}
	status();
}

async function upFleet(): Promise<void> {
	if (!existsSync(bundle)) throw new LabError(`there is no ${bundle} yet; ./dev build makes it`);
	await prepareGuests(suites);
	await timed("bringing the fleet up", () => Fleet.start(fleetName, "background"));
	status();
}

function status(): void {
	const guests = runningGuests();
	const access = fleetAccess(fleetName);
	if (access !== undefined)
		console.log(`fleet  server ${access.url}, its certificate ${access.ca};  ./dev lab pathkeeper status`);
	if (guests.length === 0) console.log("nothing is up; ./dev lab up [SUITE…]");
	for (const { name, suite, process: qemu, ports } of guests) {
		const forwarded = Object.entries(ports).map(([guest, host]) => `${guest} at 127.0.0.1:${host}`);
		console.log(
			`${name}  ${suite}, process ${qemu.pid}, port ${forwarded.join(", port ")};  ./dev lab ssh ${name}`,
		);
	}
}

/** Ends the guests named, or all that `up` brought up: those of a test run that goes on are not ours to end. */
async function down(names: readonly string[]): Promise<void> {
	await reap();
	if (names.length === 0 || names.includes(fleetName)) await endFleet(fleetName);
	const guests = runningGuests();
	for (const name of names)
		if (name !== fleetName && !guests.some((guest) => guest.name === name))
			throw new LabError(`'${name}' is not up`);
	for (const guest of guests)
		if (names.length === 0 ? guest.owner === null : names.includes(guest.name)) await endGuest(guest);
}

function ssh([name, ...command]: readonly string[]): number {
	const guest = name === undefined ? undefined : connectGuest(name);
	if (guest === undefined) throw new LabError(`'${name ?? ""}' is not up; ./dev lab up [SUITE…]`);
	const terminal = command.length === 0 ? ["-t"] : [];
	const argv = ["-F", guest.sshConfig, ...terminal, "guest", ...command];
	return spawnSync("ssh", argv, { stdio: "inherit" }).status ?? 1;
}

/** The command line against the fleet that is up. */
function pathkeeper(args: readonly string[]): number {
	const access = fleetAccess(fleetName);
	if (access === undefined) throw new LabError("no fleet is up; ./dev lab up --fleet");
	const env = serverEnvironment(access);
	return spawnSync(process.execPath, [bundle, ...args], { stdio: "inherit", env }).status ?? 1;
}

async function main(argv: readonly string[]): Promise<number> {
	const [command = "help", ...words] = argv;
	// These pass words on that may look like options.
	if (command === "ssh") return ssh(words);
	if (command === "pathkeeper") return pathkeeper(words);
	const { positionals, values } = parseArgs({
		args: words,
		allowPositionals: true,
		options: { fleet: { type: "boolean", default: false } },
	});
	switch (command) {
		case "up":
			if (values.fleet) await upFleet();
			if (!values.fleet || positionals.length > 0) await up(positionals);
			return 0;
		case "down":
			await down(positionals);
			return 0;
		case "status":
			await reap();
			status();
			return 0;
		case "build":
			await prepareGuests(suitesFrom(positionals, suites));
			return 0;
		case "roots":
			for (const suite of suitesFrom(positionals, suites)) console.log(`${suite}=${await rootOf(suite)}`);
			return 0;
		case "help":
			console.log(usage);
			return 0;
		default:
			console.error(usage);
			return 2;
	}
}

try {
	process.exitCode = await main(process.argv.slice(2));
} catch (error) {
	console.error(error instanceof LabError ? `lab: ${error.message}` : error);
	process.exitCode = 1;
}
