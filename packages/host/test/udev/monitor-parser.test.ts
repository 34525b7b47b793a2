import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MonitorParser } from "../../src/udev/monitor-parser.ts";

const head = `monitor will print the received events for:
UDEV - the event which udev sends out after rule processing
KERNEL - the kernel uevent

`;
const failed = `KERNEL[2394.395443] change   /devices/virtual/block/dm-0 (block)
ACTION=change
DEVPATH=/devices/virtual/block/dm-0
SUBSYSTEM=block
DM_TARGET=multipath
DM_ACTION=PATH_FAILED
DM_SEQNUM=1
DM_PATH=8:0
DM_NR_VALID_PATHS=1
DM_NAME=db-log
DM_UUID=mpath-36001405aabbccdd0000000000000001
SEQNUM=1830

`;
const added = `UDEV  [2395.000001] add      /devices/platform/host4/session1/target4:0:0/4:0:0:1/block/sda (block)
ACTION=add
DEVNAME=/dev/sda
ID_SERIAL=36001405aabbccdd0000000000000001

`;

function parser(): MonitorParser {
	return new MonitorParser(() => 42);
}

describe("output of udevadm monitor", () => {
	it("gives events of kernel and udev with their properties", () => {
		expect(parser().push(head + failed + added)).toEqual([
			{
				action: "change",
				dev: "dm-0",
				at: 42,
				properties: expect.objectContaining({
					DM_ACTION: "PATH_FAILED",
					DM_PATH: "8:0",
					DM_NR_VALID_PATHS: "1",
				}),
			},
			{
				action: "add",
				dev: "sda",
				at: 42,
				properties: { ACTION: "add", DEVNAME: "/dev/sda", ID_SERIAL: "36001405aabbccdd0000000000000001" },
			},
		]);
	});

	it("may come cut anywhere", () => {
		const text = head + failed + added + failed;
		const whole = parser().push(text);
		expect(whole).toHaveLength(3);
		fc.assert(
			fc.property(fc.array(fc.nat(text.length), { maxLength: 40 }), (cuts) => {
				const places = [0, ...cuts.toSorted((a, b) => a - b), text.length];
				const one = parser();
				const events = places.slice(1).flatMap((end, i) => one.push(text.slice(places[i], end)));
				expect(events).toEqual(whole);
			}),
		);
	});

	it("still gives an event whose end was lost when the next one begins", () => {
		const cut = failed.slice(0, failed.indexOf("DM_NR"));
		expect(parser().push(cut + added)).toMatchObject([
			{ dev: "dm-0", properties: { DM_PATH: "8:0" } },
			{ dev: "sda" },
		]);
	});

	it("never throws and never keeps more than its bounds, whatever comes", () => {
		const line = fc.oneof(
			fc.string({ unit: "binary", maxLength: 40 }),
			fc.constantFrom("", "=", "A=", "=x", "__proto__=x", "constructor=1", "KERNEL[1.1] add / (block)"),
			fc.constantFrom("KERNEL[1.1] add /a/sda (block)", "UDEV  [1.2] remove   /b/dm-1 (block)", "A=1=2"),
		);
		fc.assert(
			fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
				const events = parser().push(`${lines.join("\n")}\n\n`);
				for (const event of events) {
					expect(event.dev).not.toBe("");
					expect(event.dev).not.toContain("/");
					expect(Object.getPrototypeOf(event.properties)).toBe(Object.prototype);
					for (const value of Object.values(event.properties)) expect(value).toBeTypeOf("string");
				}
			}),
			{ numRuns: 10_000 },
		);
	});

	it("drops a line without end instead of keeping it", () => {
		const one = parser();
		one.push("UDEV  [1.0] add      /devices/x/block/sda (block)\nID_MODEL=");
		for (let i = 0; i < 2_000; i++) one.push("x".repeat(10_000));
		expect(one.push("\nID_SERIAL=1\n\n")).toEqual([
			{ action: "add", dev: "sda", at: 42, properties: { ID_SERIAL: "1" } },
		]);
	});

	it("keeps a bounded number of properties of one event", () => {
		const many = Array.from({ length: 5_000 }, (_, i) => `P${i}=x\n`).join("");
		const [event] = parser().push(`UDEV  [1.0] add      /devices/x/block/sda (block)\n${many}\n`);
		expect(Object.keys(event?.properties ?? {})).toHaveLength(512);
	});
});
