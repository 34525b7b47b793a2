export type { Io } from "./io.ts";
export { type ExtraCommand, runProgram } from "./program.ts";
export { defaultSockets } from "./session.ts";
