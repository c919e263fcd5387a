import { type Instance, openInstance } from "../../packages/dagster/src/instance/open-instance.ts";

const PROCESSES = 3;
const CHANGES = 20;

/** Many changes of one value at once, over connections of their own: none is lost. */
export async function changeInTurns(instanceRef: string): Promise<string> {
  const instances: Instance[] = [];
  try {
    for (let who = 0; who < PROCESSES; who++) instances.push(await openInstance(instanceRef));
    const read = (text: string | undefined): readonly string[] => JSON.parse(text ?? "[]") as string[];
    await Promise.all(
      instances.flatMap(({ runs }, who) =>
        Array.from({ length: CHANGES }, (_, index) =>
          runs.updateKeyValue("turns", (text) => JSON.stringify([...read(text), `${who}.${index}`])),
        ),
      ),
    );
    const [first] = instances;
    const found = read((await first?.runs.getKeyValues(["turns"]))?.get("turns"));
    const kept = new Set(found).size;
    if (kept === PROCESSES * CHANGES) return "1 passed, 0 failed\n";
    return `FAIL changes of one value: ${kept} of ${PROCESSES * CHANGES} are there\n0 passed, 1 failed\n`;
  } finally {
    for (const instance of instances) await instance.close();
  }
}
