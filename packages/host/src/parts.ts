/** The real parts of a host one by one, for those that put some of them together with parts of their own. */
export { RealFolders, type RealFoldersOptions } from "./folders/real-folders.ts";
export { RealIscsi, type RealIscsiOptions } from "./iscsi/real-iscsi.ts";
export { RealLvm, type RealLvmOptions } from "./lvm/real-lvm.ts";
export { RealMultipathTools, type RealMultipathToolsOptions } from "./multipath-tools/real.ts";
export { MultipathdClient, type MultipathdClientOptions } from "./multipathd/client.ts";
export { type AskLiveness, type Liveness, livenessOnHost } from "./multipathd/liveness.ts";
