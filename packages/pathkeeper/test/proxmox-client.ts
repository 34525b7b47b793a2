/** A program of somebody else's: npm's client for Proxmox VE, as it is. Prints what it was answered, as JSON. */
import proxmoxApi from "proxmox-api";

const [port = "", password = "", tokenID = "", tokenSecret = ""] = process.argv.slice(2);
const server = { host: "127.0.0.1", port: Number(port) };

const byTicket = proxmoxApi({ ...server, username: "root@local", password });
const byToken = proxmoxApi({ ...server, tokenID, tokenSecret });
const refused = proxmoxApi({ ...server, tokenID, tokenSecret: "00000000-0000-4000-8000-000000000000" });

const answers = {
	version: await byTicket.version.$get(),
	nodes: await byTicket.nodes.$get(),
	changed: await byTicket.access.users.$("jane@local").$put({ comment: "by a client" }),
	nodesByToken: await byToken.nodes.$get(),
	refused: await refused.nodes.$get().catch((error: unknown) => String(error)),
};
console.log(JSON.stringify(answers));
