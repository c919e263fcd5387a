import { parentPort } from "node:worker_threads";
import { analyzeHere } from "./sql/index.ts";

// One thread of `node-analysis.ts`. Fewer answers than questions mean that the parser broke on the next one; the
// thread is then of no more use.
parentPort?.on("message", (queries: readonly string[]) => {
  void analyzeHere(queries).then((answers) => parentPort?.postMessage(answers));
});
