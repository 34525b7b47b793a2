export { Agent, type AgentOptions } from "./agent.ts";
export { type Clock, systemClock } from "./clock.ts";
export type { Log } from "./log.ts";
export type { Pulse, Pulses } from "./progress.ts";
