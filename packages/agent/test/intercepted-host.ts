import type { Host } from "@pathkeeper/host";

/** One call of the agent to its host. */
export interface HostCall {
	readonly port: PortName;
	readonly method: string;
	readonly args: readonly unknown[];
}

const portNames = ["files", "folders", "iscsi", "lvm", "multipathd", "sysfs", "tools"] as const;
export type PortName = (typeof portNames)[number];

/** Decides what becomes of a call; `run` does it for real. */
export type Intercept = (call: HostCall, run: () => unknown) => unknown;

/** The same host, but that every call to its ports goes through `intercept`. */
export function interceptedHost(host: Host, intercept: Intercept): Host {
	const through = <T extends object>(port: PortName, target: T): T =>
		new Proxy(target, {
			get(_, name) {
				const member: unknown = Reflect.get(target, name, target);
				if (typeof member !== "function") return member;
				return (...args: unknown[]): unknown =>
					intercept({ port, method: String(name), args }, () => Reflect.apply(member, target, args));
			},
		});
	return {
		node: host.node,
		simulated: host.simulated,
		udev: host.udev,
		files: through("files", host.files),
		multipathd: through("multipathd", host.multipathd),
		sysfs: through("sysfs", host.sysfs),
		tools: through("tools", host.tools),
		lvm: through("lvm", host.lvm),
		iscsi: through("iscsi", host.iscsi),
		folders: through("folders", host.folders),
	};
}

/** The same host, but that one method does something else. */
export function hostWith(
	host: Host,
	port: PortName,
	method: string,
	instead: (args: readonly unknown[], run: () => unknown) => unknown,
): Host {
	return interceptedHost(host, (call, run) =>
		call.port === port && call.method === method ? instead(call.args, run) : run(),
	);
}
