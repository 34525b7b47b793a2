import { type FleetConfig, JudgedFleet, type LunStatus, type NodeFacts } from "@pathkeeper/model";

/** All that the state of a fleet's LUNs follows from, as it was read from the store. */
export interface JudgedInput {
	readonly config: FleetConfig;
	/** Digest of the document that the configuration was read from. */
	readonly configDigest: string;
	/** Every node that ever joined. */
	readonly nodes: readonly NodeFacts[];
}

/**
 * The judge of a server. It keeps one judged fleet: that of the watch while there is one, else that of the last call.
 * A call is answered from what it read itself, and never from what is kept: it starts from a copy of the kept fleet,
 * so that only the LUNs that differ are judged again, and the others share their memory with it. The watch does not
 * notice, so it shows and logs every change whoever read it first.
 */
export class FleetJudge {
	#kept = new JudgedFleet();
	#isFollowed = false;

	/** From now on a watch keeps this fleet true; it was read whole. */
	follow(fleet: JudgedFleet): void {
		this.#kept = fleet;
		this.#isFollowed = true;
	}

	/** Nobody keeps that fleet true any more. It is still a good start for the next call. Harmless when it is another. */
	unfollow(fleet: JudgedFleet): void {
		if (this.#kept === fleet) this.#isFollowed = false;
	}

	/** The state of every LUN as `fleetStatus` gives it for just this input. */
	judge({ config, configDigest, nodes }: JudgedInput): readonly LunStatus[] {
		const fleet = this.#kept.copy();
		if (fleet.configDigest !== configDigest) fleet.setConfig(config, { configDigest });
		const names = new Set(nodes.map(({ node }) => node));
		for (const { node } of fleet.nodes) if (!names.has(node)) fleet.removeNode(node);
		for (const node of nodes) fleet.setNode(node);
		fleet.judge();
		if (!this.#isFollowed) this.#kept = fleet;
		return fleet.luns;
	}
}
