/** The real parts of a host one by one, for those that put some of them together with parts of their own. */
export { RealFolders } from "./folders/real-folders.ts";
export { RealIscsi } from "./iscsi/real-iscsi.ts";
export { RealLvm } from "./lvm/real-lvm.ts";
export { RealMultipathTools } from "./multipath-tools/real.ts";
export { MultipathdClient } from "./multipathd/client.ts";
export { connectSocket } from "./multipathd/connect-socket.ts";
export { type Liveness, livenessOnHost } from "./multipathd/liveness.ts";
