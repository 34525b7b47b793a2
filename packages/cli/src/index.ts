export { overSocket } from "./connection.ts";
export type { Io } from "./io.ts";
export { type Format, Output } from "./output/output.ts";
export { counted, shown } from "./output/words.ts";
export { type ExtraCommand, runProgram } from "./program.ts";
export { defaultSockets } from "./session.ts";
