import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { type Check, type ContractHost, configure, since } from "./contract-host.ts";

/** The wire and the command words. */
export const protocolChecks: readonly Check[] = [
	{
		name: "requests written at once are answered one after another",
		run: async (host) => {
			const bytes = Buffer.concat([frame("show daemon"), frame("show maps nonsense"), frame("show status")]);
			const [first = "", second = "", third = ""] = await conversation(host, bytes, 3);
			assert.match(first, /^pid /);
			assert.match(second, /show maps nonsense: not found\n/);
			assert.match(third, /^path checker states:/);
		},
	},
	{
		name: "a request needs no NUL, and blanks around it do not matter",
		run: async (host) => {
			const bare = Buffer.alloc(8 + 11);
			bare.writeBigUInt64LE(11n);
			bare.write("show daemon", 8);
			assert.match((await conversation(host, bare, 1))[0] ?? "", /^pid /);
			assert.match(await host.command("  show   daemon\n"), /^pid /);
		},
	},
	{
		name: "an idle connection stays usable",
		run: async (host) => {
			const socket = await host.connect();
			const answers = readFrames(socket);
			for (let at = 0; at < 2; at++) {
				socket.write(frame("show daemon"));
				assert.match((await answers.next()).value ?? "", /^pid /);
				await host.pause(2);
			}
			socket.destroy();
		},
	},
	{
		name: "a length of 0 or above 512, or a broken one, ends the connection without an answer",
		run: async (host) => {
			const tooLong = Buffer.alloc(8 + 513, " ");
			tooLong.writeBigUInt64LE(513n);
			for (const bytes of [Buffer.alloc(8), tooLong, Buffer.from([12, 0, 0])])
				assert.deepEqual(await conversation(host, bytes, 1), []);
		},
	},
	{
		name: "a request that does not come whole is answered with timeout",
		run: async (host) => {
			const half = frame("show daemon").subarray(0, 12);
			const [answer] = await conversation(host, half, 1);
			assert.equal(answer, since(host, "0.9.8") ? "fail\ntimeout\n" : "timeout\n");
		},
	},
	{
		name: "what is not understood is answered with the reason, the version and all commands",
		run: async (host) => {
			const start = since(host, "0.9.8") ? "fail\n" : "";
			const help = async (command: string, reason: string) => {
				const text = await host.command(command);
				assert.ok(text.startsWith(`${start}${command}: ${reason}\nmultipath-tools v${host.release} (`), text);
				assert.ok(text.includes("\nCLI commands reference:\n list|show paths\n"), text);
			};
			await help("bogus", "not found");
			await help("show bogus", "not found");
			await help("sh", "not found");
			await help("show map", "Missing argument");
			await help("list list", "Missing argument");
			await help("", "Not enough memory");
			assert.equal(await host.command("show bogus maps"), "fail\n");
		},
	},
	{
		name: "keywords may be cut short and have second names",
		run: async (host) => {
			await configure(host);
			const wanted = await host.command("show maps");
			for (const command of ["list multipaths", "sho maps", "lis multipaths"])
				assert.equal(await host.command(command), wanted, command);
		},
	},
	{
		name: "a map's name may be quoted, a quote in it doubled",
		run: async (host) => {
			const [lun] = host.luns;
			await configure(host, { allowed: [lun.wwid] });
			assert.equal(
				await host.command(`show map "${lun.wwid}" raw format "%n ""%w"""`),
				`${lun.wwid} "${lun.wwid}"\n`,
			);
		},
	},
];

function frame(text: string): Buffer {
	const length = Buffer.byteLength(text) + 1;
	const bytes = Buffer.alloc(8 + length);
	bytes.writeBigUInt64LE(BigInt(length));
	bytes.write(text, 8);
	return bytes;
}

/** Writes bytes at once and gives the answers until there are so many or the daemon hangs up. */
async function conversation(host: ContractHost, bytes: Buffer, answers: number): Promise<readonly string[]> {
	const socket = await host.connect();
	socket.write(bytes);
	const texts: string[] = [];
	for await (const text of readFrames(socket)) {
		texts.push(text);
		if (texts.length === answers) break;
	}
	socket.destroy();
	return texts;
}

async function* readFrames(socket: Socket): AsyncGenerator<string, undefined> {
	let pending = Buffer.alloc(0);
	try {
		for await (const piece of socket) {
			if (piece instanceof Buffer) pending = Buffer.concat([pending, piece]);
			while (pending.length >= 8) {
				const length = Number(pending.readBigUInt64LE());
				if (pending.length < 8 + length) break;
				const text = pending.toString("utf8", 8, 8 + length - 1);
				pending = pending.subarray(8 + length);
				yield text;
			}
		}
	} catch {
		// a daemon that hangs up on unread bytes resets the connection
	}
	return undefined;
}
