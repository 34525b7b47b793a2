export { Agent, type AgentOptions } from "./agent.ts";
export { ruleAgainst } from "./apply/host-rules.ts";
export type { Clock } from "./clock.ts";
export type { Log } from "./log.ts";
export type { Pulse, Pulses } from "./progress.ts";
