import { expect, test } from "vitest";
import {
	ABSTRACT_SOCKET,
	multipathdAddresses,
	PATH_SOCKET,
	showAddress,
} from "../../src/multipathd/address.ts";

test("the path socket of newer releases is tried before the abstract name of all", () => {
	expect(multipathdAddresses()).toEqual([PATH_SOCKET, ABSTRACT_SOCKET]);
});

test("MULTIPATH_SOCKET_NAME takes the place of both, with @ for an abstract name", () => {
	const named = (name: string): readonly string[] =>
		multipathdAddresses({ env: { MULTIPATH_SOCKET_NAME: name } });
	expect(named("/run/other.socket")).toEqual(["/run/other.socket"]);
	expect(named("@/org/other")).toEqual(["\0/org/other"]);
	expect(named("")).toEqual([PATH_SOCKET, ABSTRACT_SOCKET]);
});

test("below another root the machine's own daemon cannot be reached", () => {
	expect(multipathdAddresses({ root: "/tmp/trial/" })).toEqual(["/tmp/trial/run/multipathd.socket"]);
});

test("an abstract name is shown with @", () => {
	expect(showAddress(ABSTRACT_SOCKET)).toBe("@/org/kernel/linux/storage/multipathd");
	expect(showAddress(PATH_SOCKET)).toBe("/run/multipathd.socket");
	expect(ABSTRACT_SOCKET).toHaveLength(37);
});
