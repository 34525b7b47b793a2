export {
	freezeMultipathd,
	startMultipathd,
	stopMultipathd,
	thawMultipathd,
	untilMultipathdIdle,
} from "./faults/multipathd.ts";
export { setNetworkLink } from "./faults/network.ts";
export {
	addLun,
	disksOf,
	localDeviceName,
	pathDeviceName,
	pathsTo,
	plugPath,
	pullPath,
	rescanPaths,
	resizeLun,
	type SeenDisk,
	setFabricState,
	setPathState,
} from "./faults/paths.ts";
export { Reader, type ReaderRecord } from "./faults/reader.ts";
export { Writer, type WriterRecord } from "./faults/writer.ts";
export { Fleet } from "./fleet/fleet.ts";
export type { FleetNode } from "./fleet/fleet-node.ts";
export type { FleetStatus, LunInFleet } from "./fleet/fleet-status.ts";
export { networks, sanLun, sanLuns, targetName } from "./fleet/san-luns.ts";
export { bootGuest, connectGuest, type GuestOptions, prepareGuests } from "./guest/boot-guest.ts";
export { Guest, shellWord } from "./guest/guest.ts";
export { type Fabric, fabrics, firstLuns, type Lun, localDisk, lunNumber } from "./guest/layout.ts";
export { bundleForGuest, type GuestTest, runTestsInGuest } from "./guest-tests.ts";
export { multipathRoots, rootOf } from "./image/make-image.ts";
export { type DocumentStep, documentSteps, runStep } from "./install/document-run.ts";
export { type Disturbance, type Maps, MapWatch, mapsOf } from "./install/map-watch.ts";
export { builtPackages, nextVersion, version } from "./install/packages.ts";
export { PlainFleet, type PlainNode, plainNodeNames } from "./install/plain-fleet.ts";
export { restamped } from "./install/restamped.ts";
export { LabError } from "./lab-error.ts";
export { LocalApi } from "./local-api.ts";
export { statusThrough } from "./local-status.ts";
export { Product, productLog } from "./product.ts";
export {
	apiPort,
	beginRun,
	bundle,
	dropSharedGuest,
	endRun,
	installSuitesOfRun,
	isShortRun,
	runOwner,
	sharedGuest,
	suitesOfRun,
} from "./shared-guest.ts";
export { isSuite, type Suite, suites } from "./suites.ts";
export { type Patience, until } from "./until.ts";
