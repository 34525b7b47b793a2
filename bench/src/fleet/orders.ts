/** Which part of the simulated fleet a process plays. */
export interface Share {
	/** URL of etcd. */
	readonly etcd: string;
	/** Holds a root folder for each host. */
	readonly folder: string;
	/** Of the whole fleet. */
	readonly nodes: number;
	readonly luns: number;
	readonly paths: number;
	/** Places of the nodes that are played here. */
	readonly from: number;
	readonly to: number;
}

/** What such a process is told to do. */
export type Order =
	| { readonly to: "loop over the nodes"; readonly config: string }
	| { readonly to: "fail a path" | "restore a path"; readonly node: string; readonly wwid: string }
	| { readonly to: "start an agent" | "start agents" | "fail a fabric" | "restore the fabric" | "leave" };

/** What it tells; `at`, `first` and `last` on the clock of the machine, in milliseconds. */
export type News =
	| { readonly told: "hosts are up" | "left" }
	| { readonly told: "looped"; readonly ms: readonly number[] }
	| { readonly told: "applied"; readonly node: string; readonly digest: string; readonly at: number }
	| { readonly told: "path failed"; readonly node: string; readonly wwid: string; readonly at: number }
	| { readonly told: "fabric failed"; readonly first: number; readonly last: number };
