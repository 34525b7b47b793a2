/**
 * `./dev lab all`: everything that is tried in virtual machines: the releases, the fleet, and the installation from the
 * documents on every release and on a fleet. PATHKEEPER_LAB_SUITES names fewer releases. The last line is
 * `N passed, N failed`.
 */
import { suites, suitesOfRun } from "../lab/src/index.ts";
import { conclude } from "./counted-tests.ts";
import { fleet, hosts, installOnFleet } from "./lab-tests.ts";

const chosen = suitesOfRun();
const whole = suites.every((suite) => chosen.includes(suite));

conclude([hosts(chosen, "whole"), ...(whole ? [fleet(), installOnFleet()] : [])]);
