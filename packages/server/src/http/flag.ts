/** A boolean as Proxmox VE's API answers it. */
export function flag(value: boolean): 0 | 1 {
	return value ? 1 : 0;
}
