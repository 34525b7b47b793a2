/** Kernel names of SCSI disks (linux drivers/scsi/sd.c): `sda` … `sdz`, `sdaa` …, and their device numbers. */

const majors = [8, 65, 66, 67, 68, 69, 70, 71, 128, 129, 130, 131, 132, 133, 134, 135] as const;

/** `sda` for 0, `sdaa` for 26. */
export function diskName(index: number): string {
	let letters = "";
	for (let rest = index; rest >= 0; rest = Math.floor(rest / 26) - 1)
		letters = String.fromCharCode(97 + (rest % 26)) + letters;
	return `sd${letters}`;
}

/** `8:16` for 1; from the 257th disk on the minor grows beyond 255. */
export function diskNumber(index: number): string {
	const major = majors[(index >> 4) & 15] ?? 8;
	return `${major}:${((index & 15) << 4) + (index & ~255)}`;
}
