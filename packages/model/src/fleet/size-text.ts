const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

/** Bytes for reading, rounded to three figures or so: `20 GiB`, `1.5 TiB`; `-` when not known. */
export function sizeText(bytes: number | null): string {
	if (bytes === null) return "-";
	const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
	const value = bytes / 2 ** (10 * power);
	return `${Number.isInteger(value) || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}
