import { connect } from "node:net";

/** Sends bytes over a unix socket and gives back what came until the server closed; ask for `Connection: close`. */
export function rawRequest(path: string, request: string): Promise<string> {
	return new Promise((resolve, reject) => {
		const socket = connect(path);
		let answer = "";
		socket.setEncoding("utf8");
		socket.on("data", (text: string) => (answer += text));
		socket.on("end", () => resolve(answer));
		socket.on("error", reject);
		socket.write(request);
	});
}
