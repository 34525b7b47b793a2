import { expect, test } from "vitest";
import {
	abstractSocket,
	multipathdAddresses,
	pathSocket,
	showAddress,
} from "../../src/multipathd/address.ts";

test("the path socket of newer releases is tried before the abstract name of all", () => {
	expect(multipathdAddresses()).toEqual([pathSocket, abstractSocket]);
});

test("MULTIPATH_SOCKET_NAME takes the place of both, with @ for an abstract name", () => {
	const named = (name: string): readonly string[] =>
		multipathdAddresses({ env: { MULTIPATH_SOCKET_NAME: name } });
	expect(named("/run/other.socket")).toEqual(["/run/other.socket"]);
	expect(named("@/org/other")).toEqual(["\0/org/other"]);
	expect(named("")).toEqual([pathSocket, abstractSocket]);
});

test("below another root the machine's own daemon cannot be reached", () => {
	expect(multipathdAddresses({ root: "/tmp/trial/" })).toEqual(["/tmp/trial/run/multipathd.socket"]);
});

test("an abstract name is shown with @", () => {
	expect(showAddress(abstractSocket)).toBe("@/org/kernel/linux/storage/multipathd");
	expect(showAddress(pathSocket)).toBe("/run/multipathd.socket");
	expect(abstractSocket).toHaveLength(37);
});
