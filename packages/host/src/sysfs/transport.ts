import type { Transport } from "@pathkeeper/model";
import type { DevicePlace } from "./device-place.ts";
import { deviceText } from "./device-text.ts";

/** Text of an attribute below `/sys/class`, or undefined when it has none or the driver gave an error. */
export type ClassAttribute = (path: string) => string | undefined;

/** Attributes below `/sys/class` that `transportOf` looks at for a disk at this place. */
export function transportAttributes(place: DevicePlace): readonly string[] {
	const { session, remotePort, endDevice, controller, subsystem, host } = place;
	if (session !== null) {
		const connection = connectionOf(session);
		return [
			`iscsi_session/${session}/targetname`,
			`iscsi_host/${host}/ipaddress`,
			`iscsi_connection/${connection}/address`,
			`iscsi_connection/${connection}/port`,
			`iscsi_connection/${connection}/persistent_address`,
			`iscsi_connection/${connection}/persistent_port`,
		];
	}
	if (remotePort !== null) {
		return [`fc_remote_ports/${remotePort}/port_name`, `fc_host/${host}/port_name`];
	}
	if (endDevice !== null) {
		return [`sas_device/${endDevice}/sas_address`, `scsi_host/${host}/host_sas_address`];
	}
	if (controller !== null) {
		return ["transport", "address", "subsysnqn"].map((name) => `nvme/${controller}/${name}`);
	}
	return subsystem === null ? [] : [`nvme-subsystem/${subsystem}/subsysnqn`];
}

/**
 * The wire of a disk. An address that the driver does not tell (a session that is down has no local address) is
 * null. Attributes as in Linux Documentation/ABI and multipath-tools 0.15.0 libmultipath/discovery.c.
 */
export function transportOf(place: DevicePlace, attribute: ClassAttribute): Transport {
	const read = (path: string): string | null => deviceText(attribute(path), 255);
	const { session, remotePort, endDevice, controller, subsystem, host } = place;
	if (session !== null) {
		const connection = `iscsi_connection/${connectionOf(session)}`;
		// `address` is the peer of the live socket; without one, the configured portal still names the path.
		const address = read(`${connection}/address`);
		const portal =
			address === null
				? portalOf(read(`${connection}/persistent_address`), read(`${connection}/persistent_port`))
				: portalOf(address, read(`${connection}/port`));
		return {
			protocol: "iscsi",
			initiator: read(`iscsi_host/${host}/ipaddress`),
			target: read(`iscsi_session/${session}/targetname`),
			portal,
		};
	}
	if (remotePort !== null) {
		return {
			protocol: "fc",
			initiator: read(`fc_host/${host}/port_name`),
			target: read(`fc_remote_ports/${remotePort}/port_name`),
			portal: null,
		};
	}
	if (endDevice !== null) {
		return {
			protocol: "sas",
			initiator: read(`scsi_host/${host}/host_sas_address`),
			target: read(`sas_device/${endDevice}/sas_address`),
			portal: null,
		};
	}
	if (controller !== null) return nvmeTransport(controller, read);
	if (subsystem !== null) {
		const target = read(`nvme-subsystem/${subsystem}/subsysnqn`);
		return { protocol: "nvme", initiator: null, target, portal: null };
	}
	return { protocol: place.usb ? "usb" : "other", initiator: null, target: null, portal: null };
}

/** `address` reads `traddr=192.0.2.7,trsvcid=4420,src_addr=192.0.2.1` on fabrics and `0000:01:00.0` on PCIe. */
function nvmeTransport(controller: string, read: (path: string) => string | null): Transport {
	const address = read(`nvme/${controller}/address`);
	const target = read(`nvme/${controller}/subsysnqn`);
	if (address === null || read(`nvme/${controller}/transport`) === "pcie") {
		return { protocol: "nvme", initiator: null, target, portal: address };
	}
	const fields = new Map(address.split(",").map((field) => halves(field)));
	const traddr = fields.get("traddr") ?? null;
	const service = fields.get("trsvcid") ?? null;
	return {
		protocol: "nvme",
		initiator: fields.get("src_addr") ?? fields.get("host_traddr") ?? null,
		target,
		portal: service === null || service === "none" ? traddr : portalOf(traddr, service),
	};
}

function halves(field: string): readonly [string, string] {
	const at = field.indexOf("=");
	return at < 0 ? [field, ""] : [field.slice(0, at), field.slice(at + 1)];
}

/** The kernel numbers connections within a session, and open-iscsi uses one a session. */
function connectionOf(session: string): string {
	return `connection${session.slice("session".length)}:0`;
}

function portalOf(address: string | null, port: string | null): string | null {
	if (address === null) return null;
	const host = address.includes(":") && !address.startsWith("[") ? `[${address}]` : address;
	return port === null ? host : `${host}:${port}`;
}
