/** A program of somebody else's: npm's client for Proxmox VE, as it is. Prints what it was answered, as JSON. */
import proxmoxApi, { ProxmoxEngine } from "proxmox-api";

const [port = "", password = "", tokenID = "", tokenSecret = "", wwid = ""] = process.argv.slice(2);
const server = { host: "127.0.0.1", port: Number(port) };
const guest = { userid: "npm@local", password: "correct horse" };

const byTicket = proxmoxApi({ ...server, username: "root@local", password });
const engine = new ProxmoxEngine({ ...server, tokenID, tokenSecret });
const byToken = proxmoxApi(engine);
const refused = proxmoxApi({ ...server, tokenID, tokenSecret: "00000000-0000-4000-8000-000000000000" });

/** Paths that the client has no types for are called as its own proxies call. */
const call = async (
	method: string,
	path: string,
	parameters: Record<string, unknown> = {},
): Promise<unknown> => await engine.doRequest(method, `/api2/json${path}`, path, parameters);

/** A session that the server ends is begun anew by the client, without a word to who uses it. */
async function renewed(): Promise<unknown> {
	await byTicket.access.users.$post({ ...guest, comment: "a guest" });
	await byTicket.access.acl.$put({ path: "/", roles: "Auditor", users: guest.userid });
	const guests = new ProxmoxEngine({ ...server, username: guest.userid, password: guest.password });
	const asGuest = proxmoxApi(guests);
	const before = await asGuest.nodes.$get();
	const { ticket } = guests;
	// Who is shut out loses all sessions.
	await byTicket.access.users.$(guest.userid).$put({ enable: false });
	await byTicket.access.users.$(guest.userid).$put({ enable: true });
	const after = await asGuest.nodes.$get();
	return { same: JSON.stringify(before) === JSON.stringify(after), anew: guests.ticket !== ticket };
}

/** A LUN becomes a storage, a group stands on it, and a volume comes and goes. */
async function storages(): Promise<unknown> {
	await call("POST", "/storage", { storage: "npm-san", type: "multipath", shared: 1 });
	const data = { storage: "npm-data", type: "lvm", vgname: "npm", base: `npm-san:${wwid}`, shared: 1 };
	const added = await call("POST", "/storage", data);
	const node = byToken.nodes.$("n2");
	const { content } = node.storage.$("npm-data");
	const volid = await content.$post({ filename: "", size: "8M", vmid: 100 });
	const { active, used } = await node.storage.$("npm-data").status.$get();
	const { path } = await content.$(volid).$get();
	const listed = await byTicket.nodes.$("n1").storage.$("npm-data").content.$get();
	const freed = await content.$(volid).$delete({ delay: 30 });
	const isBase = await byTicket.storage.$("npm-san").$delete().catch(String);
	for (const storage of ["npm-data", "npm-san"]) await byTicket.storage.$(storage).$delete();
	return { added, volid, active, used, path, listed, freed, isBase };
}

const answers = {
	version: await byTicket.version.$get(),
	nodes: await byTicket.nodes.$get(),
	changed: await byTicket.access.users.$("jane@local").$put({ comment: "by a client" }),
	nodesByToken: await byToken.nodes.$get(),
	cluster: await byToken.cluster.status.$get(),
	refused: await refused.nodes.$get().catch((error: unknown) => String(error)),
	allowed: await call("POST", "/cluster/multipath/wwids", { wwid, alias: "by-npm", "no-path-retry": "fail" }),
	lun: await call("GET", `/cluster/multipath/wwids/${wwid}`),
	wrong: await call("PUT", `/cluster/multipath/wwids/${wwid}`, { alias: "no spaces" }).catch(String),
	storages: await storages(),
	renewed: await renewed(),
};
console.log(JSON.stringify(answers));
