import "./simulated.css";

/** Marks a host whose kernel and SAN are simulated. */
export function Simulated({ what }: { readonly what: string }) {
	return (
		<span className="simulated" title={`${what} Nothing that it reports is real.`}>
			Simulated
		</span>
	);
}
