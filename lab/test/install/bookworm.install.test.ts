import { describe } from "vitest";
import { oneHostInstall } from "./one-host.ts";

describe("Pathkeeper on a fresh server with bookworm", () => oneHostInstall("bookworm"));
