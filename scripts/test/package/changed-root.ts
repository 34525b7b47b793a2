import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How a command ended, and what it wrote to both streams. */
export interface Ended {
	readonly status: number | null;
	readonly output: string;
}

/**
 * This machine as a layer below an empty one in memory: what is installed there changes nothing here. systemctl and the
 * programs that could touch maps only write down what they were asked to do; `systemctl is-active` says yes for the
 * units in /run/active. The real systemctl is there as systemctl.real, for what it does without a running systemd.
 */
export class ChangedRoot {
	readonly #pid: number;
	readonly #folder: string;
	readonly #end: () => Promise<void>;

	private constructor(pid: number, folder: string, end: () => Promise<void>) {
		this.#pid = pid;
		this.#folder = folder;
		this.#end = end;
	}

	static async open(packages: string): Promise<ChangedRoot> {
		const folder = mkdtempSync(join(tmpdir(), "pk-root-"));
		const child = spawn(
			"unshare",
			["--mount", "--propagation", "private", "sh", "-ec", layers, "sh", folder, packages],
			{
				stdio: ["pipe", "pipe", "inherit"],
			},
		);
		await Promise.race([once(child.stdout, "data"), once(child, "exit")]);
		if (child.exitCode !== null || child.pid === undefined)
			throw new Error("no layer could be mounted; see above");
		return new ChangedRoot(child.pid, folder, async () => {
			const ended = once(child, "exit");
			child.stdin.end();
			await ended;
			rmSync(folder, { recursive: true });
		});
	}

	/** Runs a script of sh there. */
	run(script: string): Ended {
		const { status, stdout, stderr } = spawnSync(
			"nsenter",
			[
				`--mount=/proc/${this.#pid}/ns/mnt`,
				"chroot",
				join(this.#folder, "root"),
				"sh",
				"-c",
				`exec 2>&1\n${script}`,
			],
			{
				encoding: "utf8",
				maxBuffer: 64 * 1024 * 1024,
				env: {
					SYSTEMD_OFFLINE: "1",
					PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
					LC_ALL: "C.UTF-8",
					DEBIAN_FRONTEND: "noninteractive",
				},
			},
		);
		return { status, output: stdout + stderr };
	}

	/** The same, for what has to succeed; gives what it wrote. */
	done(script: string): string {
		const { status, output } = this.run(script);
		if (status !== 0) throw new Error(`${script}\nended with ${status}:\n${output}`);
		return output;
	}

	/** What the recording programs were asked since the last time, but for questions. */
	calls(): readonly string[] {
		const asked = this.done("cat /run/calls 2>/dev/null; : >/run/calls");
		return asked.split("\n").filter((line) => line !== "" && !/ is-(?:active|enabled) /.test(line));
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#end();
	}
}

/** Ends when its input does. */
const layers = `
mount -t tmpfs tmpfs "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
packages=$2
cd "$1/root"
mount -t proc proc proc
mount --rbind /dev dev
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs tmp
mkdir -p run/packages run/systemd/system etc/multipath/conf.d etc/systemd/system/multi-user.target.wants
mount --bind "$packages" run/packages
# Other tests make volume groups at the same time: a copy of its own does not change under a listing.
if [ -d etc/lvm ]; then
	cp -a etc/lvm run/lvm
	rm -r etc/lvm
	cp -a run/lvm etc/lvm
fi
rm -f usr/sbin/policy-rc.d
[ -e usr/bin/systemctl.real ] || mv usr/bin/systemctl usr/bin/systemctl.real
cat >usr/bin/systemctl <<'SH'
#!/bin/sh
echo "systemctl $*" >>/run/calls
for unit; do :; done
case $* in
*is-active*) grep -qx "$unit" /run/active 2>/dev/null ;;
*is-enabled*) SYSTEMD_OFFLINE=1 systemctl.real is-enabled "$unit" ;;
esac
SH
chmod 755 usr/bin/systemctl
for program in multipath multipathd dmsetup lvm iscsiadm udevadm update-initramfs; do
	printf '#!/bin/sh\\necho "%s $*" >>/run/calls\\n' "$program" >"usr/local/sbin/$program"
	chmod 755 "usr/local/sbin/$program"
	rm -f "usr/sbin/$program" "usr/bin/$program"
	cp "usr/local/sbin/$program" "usr/sbin/$program"
done
echo ready
exec cat >/dev/null
`;
