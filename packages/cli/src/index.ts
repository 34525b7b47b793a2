export { overSocket } from "./connection.ts";
export type { Io } from "./io.ts";
export { type ExtraCommand, runProgram } from "./program.ts";
