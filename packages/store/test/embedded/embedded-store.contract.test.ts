import { storeContract } from "../contract.ts";
import { embeddedBench } from "./bench.ts";

storeContract("embedded", embeddedBench);
