// Run the Open XML SDK's validator over many files in one process: starting it costs a second, a file far less.
// Prints one line of JSON for each file: {"file": ..., "errors": [...]}.
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [module, ...files] = process.argv.slice(2);
const { default: validate } = await import(pathToFileURL(module));
for (const file of files) {
  const errors = await validate(new Uint8Array(await readFile(file)), "Microsoft365");
  console.log(JSON.stringify({ file, errors }));
}
