import { releaseTests } from "./release/all.ts";

releaseTests("trixie");
