/**
 * Words of a command: blanks part them, `"` quotes, `""` inside quotes is one quote, `#` and `!` start a comment
 * (the tokenizer of the configuration file, libmpathutil/parser.c).
 */
export function wordsOf(command: string): readonly string[] {
	const words: string[] = [];
	let word: string | null = null;
	let quoted = false;
	for (let at = 0; at < command.length; at++) {
		const character = command.charAt(at);
		if (quoted) {
			if (character !== '"') word = (word ?? "") + character;
			else if (command.charAt(at + 1) === '"') {
				word = `${word ?? ""}"`;
				at++;
			} else {
				quoted = false;
				words.push(word ?? "");
				word = null;
			}
		} else if (character === '"') {
			if (word !== null) words.push(word);
			word = "";
			quoted = true;
		} else if (character === "#" || character === "!") break;
		else if (/[\s\u0080-\uffff]/.test(character)) {
			if (word !== null) words.push(word);
			word = null;
		} else if (character === "{" || character === "}") {
			if (word !== null) words.push(word);
			words.push(character);
			word = null;
		} else word = (word ?? "") + character;
	}
	if (word !== null) words.push(word);
	return words;
}
