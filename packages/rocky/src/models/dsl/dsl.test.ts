import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RockyError } from "../../errors.ts";
import { compileDsl } from "./compile-dsl.ts";

let query: (dsl: string) => Promise<unknown[][]>;
let close: () => void;

beforeAll(async () => {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(`CREATE TABLE orders AS SELECT * FROM (VALUES
    (1, 'ada', 'north', 40, DATE '2025-01-01'), (2, 'ben', 'north', 15, DATE '2025-01-02'),
    (3, 'ada', 'south', 20, DATE '2025-02-01'), (4, NULL, 'south', 5, DATE '2025-02-03')
  ) AS t (id, customer, region, amount, ordered_on)`);
  await connection.run(
    "CREATE TABLE customers AS SELECT * FROM (VALUES ('ada', 'NL'), ('ben', 'BE')) AS t (customer, country)",
  );
  query = async (dsl) => (await connection.runAndReadAll(compileDsl(dsl, "m.rocky"))).getRows();
  close = () => connection.closeSync();
});
afterAll(() => close());

describe("steps", () => {
  it("keep base columns when deriving, and drop them when selecting", async () => {
    expect(
      await query("from orders where id == 1 derive { doubled: amount * 2 } select { id, doubled }"),
    ).toEqual([[1, 80]]);
    expect((await query("from orders\nderive { doubled: amount * 2 }"))[0]).toHaveLength(6);
  });

  it("use derived names in later filters, groups and derivations", async () => {
    const rows = await query(
      "from orders | derive { big: amount >= 20 } | where big | derive { half: amount / 2, quarter: half / 2 } | select { id, quarter } | sort id",
    );
    expect(rows).toEqual([
      [1, 10],
      [3, 5],
    ]);
    expect(
      await query("from orders derive { big: amount >= 20 } group big { n: count() } sort n desc, big"),
    ).toEqual([
      [false, 2n],
      [true, 2n],
    ]);
  });

  it("filter groups behind a group", async () => {
    expect(
      await query(
        "from orders group region { total: sum(amount), n: count() } derive { mean: total / n } where total > 30 select { region, mean }",
      ),
    ).toEqual([["north", 27.5]]);
  });

  it("join on shared keys and keep columns of the other side", async () => {
    expect(
      await query(
        "from orders as o\nleft join customers as c on customer { keep c.country }\nselect { id, country }\nsort id",
      ),
    ).toEqual([
      [1, "NL"],
      [2, "BE"],
      [3, "NL"],
      [4, null],
    ]);
    expect(
      (await query("from orders as o join customers as c on customer { keep c.country }"))[0],
    ).toHaveLength(6);
  });

  it("group by a joined key without saying whose it is", async () => {
    expect(
      await query(
        "from orders join customers as c on customer { keep c.country } group country { total: sum(amount) } sort country",
      ),
    ).toEqual([
      ["BE", 15n],
      ["NL", 60n],
    ]);
  });

  it("filter after take sees only what was taken", async () => {
    expect(await query("from orders sort amount desc take 2 where region == 'south' select { id }")).toEqual([
      [3],
    ]);
  });

  it("group twice, and filter on a window", async () => {
    expect(
      await query(
        "from orders group customer { total: sum(amount) } group total { n: count() } sort total take 1",
      ),
    ).toEqual([[5n, 1n]]);
    expect(
      await query(
        "from orders derive { rn: row_number() over (partition region, sort -amount) } where rn == 1 select { id } sort id",
      ),
    ).toEqual([[1], [3]]);
  });

  it("write window frames", async () => {
    expect(
      await query(
        "from orders derive { running: sum(amount) over (sort id, rows unbounded..current) } select { running } sort running",
      ),
    ).toEqual([[40n], [55n], [75n], [80n]]);
  });

  it("bind sub-pipelines", async () => {
    expect(
      await query("let north = from orders where region == 'north'\nfrom north group { total: sum(amount) }"),
    ).toEqual([[55n]]);
  });

  it("distinct and replicate", async () => {
    expect(await query("from orders select { region } distinct sort region")).toEqual([["north"], ["south"]]);
    expect(compileDsl("from raw.sales.orders replicate", "m.rocky")).toBe("SELECT * FROM raw.sales.orders");
  });
});

describe("expressions", () => {
  const one = async (expression: string) =>
    (await query(`from customers take 1 derive { v: ${expression} } select { v }`))[0]?.[0];

  it("compare with null safely", async () => {
    expect(await query("from orders where customer != 'ada' select { id } sort id")).toEqual([[2], [4]]);
    expect(await query("from orders where customer is null select { id }")).toEqual([[4]]);
  });

  it.each([
    ["10 - (4 - 3)", 9],
    ["2 * (3 + 4)", 14],
    ["(1 + 2) * -3", -9],
    ["1_000 % 7", 6],
    ["not (true and false) or false", true],
    ["match 7 { > 5 => 'many', _ => 'few' }", "many"],
    ["match 'x' { 'x' => 1, _ => 2 }", 1],
    ['upper("it\'s")', "IT'S"],
    ["3 in [1, 2, 3]", true],
    ["3 not in [1, 2]", true],
    ["year(@2025-03-04)", 2025n],
    ["hour(@2025-03-04T05:06:07Z)", 5n],
  ])("%s", async (expression, value) => {
    expect(await one(expression)).toEqual(value);
  });
});

describe("problems", () => {
  it.each([
    ["from orders\nwher id == 1", 2, 1, /'where'/],
    ["from orders derive { group: 1 }", 1, 22, /reserved word/],
    ["orders", 1, 1, undefined],
    ["from orders where a == b == c", 1, 26, undefined],
    ["from orders where ?", 1, 19, undefined],
    ["from orders group region { total sum(amount) }", 1, 34, undefined],
  ])("%j", (source, line, column, hint) => {
    try {
      compileDsl(source, "models/m.rocky");
      expect.unreachable();
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(RockyError);
      if (!(thrown instanceof RockyError)) return;
      expect(thrown.where).toEqual({ file: "models/m.rocky", line, column });
      if (hint !== undefined) expect(thrown.hint).toMatch(hint);
    }
  });

  it.each(["(", "- ", "not "])("refuses to follow endless nesting of %j", (opening) => {
    expect(() => compileDsl(`from t where ${opening.repeat(20_000)}1`, "m.rocky")).toThrow(
      /nested too deeply/,
    );
  });
});
