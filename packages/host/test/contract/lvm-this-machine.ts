import { lvmContract } from "./lvm-contract.ts";
import { realLvmHost } from "./real-lvm-host.ts";

/**
 * The contract against the LVM of the machine that this runs on, without a test runner:
 * `node lvm-this-machine.ts --devices-are-for-tests DEVICE DEVICE`. As root; what the devices carry is lost.
 */
const [flag, first, second] = process.argv.slice(2);
if (flag !== "--devices-are-for-tests" || first === undefined || second === undefined) {
	console.error(
		"this overwrites devices; call it with --devices-are-for-tests DEVICE DEVICE in a test machine",
	);
	process.exit(64);
}

const host = realLvmHost([first, second]);
console.log(`TAP version 13\n1..${lvmContract.length}\n# LVM ${await host.lvm.version()}`);
for (const [index, check] of lvmContract.entries())
	try {
		await host.clear();
		await check.run(host);
		console.log(`ok ${index + 1} - ${check.name}`);
	} catch (error) {
		process.exitCode = 1;
		const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
		console.log(`not ok ${index + 1} - ${check.name}\n${words.replaceAll(/^/gm, "# ")}`);
	}
