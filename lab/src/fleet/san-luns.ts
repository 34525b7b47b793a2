/** What the array of a fleet exports, and where. */
import type { Fabric } from "../guest/layout.ts";

export interface SanLun {
	/** LUN number on every node. */
	readonly number: number;
	readonly bytes: number;
	/** What LIO makes the WWID from. */
	readonly serial: string;
	/** As multipathd and udev show it. */
	readonly wwid: string;
}

const mebibyte = 1024 ** 2;

/**
 * LIO builds the identity from its company's number and the first 25 hex digits of the serial (drivers/target,
 * spc_gen_naa_6h_vendor_specific); LUNs whose serials differ only later are one LUN to everybody.
 */
export function sanLun(number: number, bytes: number, serial: string = serialOf(number)): SanLun {
	const digits = serial.replaceAll(/[^0-9a-f]/g, "").slice(0, 25);
	return { number, bytes, serial, wwid: `36001405${digits}` };
}

function serialOf(number: number): string {
	return `${number.toString(16).padStart(8, "0")}-5ca1-4ab1-8000-000000000000`;
}

/** Four LUNs of different sizes, so that nobody can take one for another. */
export const sanLuns: readonly [SanLun, SanLun, SanLun, SanLun] = [
	sanLun(0, 64 * mebibyte),
	sanLun(1, 128 * mebibyte),
	sanLun(2, 192 * mebibyte),
	sanLun(3, 256 * mebibyte),
];

/** The target's name. */
export const targetName = "iqn.2026-01.test.pathkeeper:san";

/** The initiator's name that a guest has after it woke. */
export function initiatorName(hostName: string): string {
	return `iqn.2026-01.test.pathkeeper:${hostName}`;
}

/** Each fabric is a network of its own, with the portal of one of the array's two controllers. */
export const networks: Readonly<Record<Fabric, { readonly prefix: string; readonly portal: string }>> = {
	a: { prefix: "192.168.71", portal: "192.168.71.1" },
	b: { prefix: "192.168.72", portal: "192.168.72.1" },
};
