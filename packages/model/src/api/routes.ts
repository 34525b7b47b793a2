import * as access from "./access-routes.ts";
import * as acknowledgements from "./acknowledgement-routes.ts";
import * as cluster from "./cluster-routes.ts";
import * as live from "./live-routes.ts";
import * as multipath from "./multipath-routes.ts";
import * as nodes from "./node-routes.ts";
import type { Route } from "./route.ts";
import * as storage from "./storage-routes.ts";
import * as tasks from "./task-routes.ts";

const storageRouteList: readonly Route[] = [
	storage.listStorages,
	storage.listStorageTypes,
	storage.addStorage,
	storage.getStorage,
	storage.putStorage,
	storage.removeStorage,
	storage.nodeStorages,
	storage.nodeStorageStatus,
	storage.listContent,
	storage.allocVolume,
	storage.getVolume,
	storage.freeVolume,
	storage.resizeVolume,
	storage.renameVolume,
	storage.activateVolume,
	storage.deactivateVolume,
	storage.scanLvm,
	storage.scanIscsi,
];

/** Every route there is; the server refuses to start when one has no handler. */
export const routes: readonly Route[] = [
	...Object.values(access),
	...Object.values(acknowledgements),
	...Object.values(cluster),
	...Object.values(live),
	...Object.values(multipath),
	...Object.values(nodes),
	...Object.values(tasks),
	...storageRouteList,
];
export {
	access as accessRoutes,
	acknowledgements as acknowledgementRoutes,
	cluster as clusterRoutes,
	live as liveRoutes,
	multipath as multipathRoutes,
	nodes as nodeRoutes,
	storage as storageRoutes,
	tasks as taskRoutes,
};
