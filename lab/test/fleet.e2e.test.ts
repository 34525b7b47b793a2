/**
 * A fleet in the middle of an upgrade, for real: an array with two fabrics, three hosts of three releases, etcd, agents,
 * server and its page in a browser. The steps build on each other and share one fleet; each leaves it as it found it.
 *
 * What is measured is printed and not judged: four emulated guests share the processors of one machine.
 * PATHKEEPER_LAB_FLEET=fleet uses the one of `./dev lab up --fleet` instead, with no LUN allowed.
 */
import { afterAll, beforeAll, describe } from "vitest";
import { suites, suitesOfRun } from "../src/index.ts";
import { configSteps } from "./fleet/config.ts";
import { discoverySteps } from "./fleet/discovery.ts";
import { healthSteps } from "./fleet/health.ts";
import { minute } from "./fleet/patience.ts";
import { Stage } from "./fleet/stage.ts";
import { storageSteps } from "./fleet/storage.ts";

const whole = suites.every((suite) => suitesOfRun().includes(suite));

describe.runIf(whole)("a fleet of three releases", { timeout: 10 * minute }, () => {
	const stage = new Stage(process.env["PATHKEEPER_LAB_FLEET"]);
	beforeAll(() => stage.set(), 20 * minute);
	afterAll(() => stage.clear(), minute);

	healthSteps(stage);
	configSteps(stage);
	discoverySteps(stage);
	storageSteps(stage);
});
