import type { Page } from "playwright-core";
import type { Witness } from "./look.ts";

/** Where the stock webserver is, and the run that made the assets without partitions. */
export interface Place {
  readonly origin: string;
  readonly runId: string;
}

/** The pages of a project's day: graph, tables, checks, lineage, partitions, run, and a run of one's own. */
export async function tour(page: Page, witness: Witness, place: Place): Promise<void> {
  await witness.step("asset graph", () => assetGraph(page, witness, place));
  await witness.step("asset page", () => assetPage(page, witness, place));
  await witness.step("asset checks", () => assetChecks(page, witness, place));
  await witness.step("asset lineage", () => assetLineage(page, witness, place));
  await witness.step("run log", () => runLog(page, witness, place));
  await witness.step("column lineage", () => columnLineage(page, witness, place));
  await witness.step("partitions", () => partitions(page, witness, place));
  await witness.step("code location", () => codeLocation(page, witness, place));
  await witness.step("materialize", () => materialize(page, witness, place));
}

/** Runs in every page before it loads: more room for the page than for menus, and layers from top to bottom. */
export const preferences = `
  localStorage.setItem("dagster-nav-collapsed", "true");
  localStorage.setItem("asset-graph-direction", JSON.stringify("vertical"));
`;

async function assetGraph(page: Page, witness: Witness, { origin }: Place): Promise<void> {
  await page.goto(`${origin}/asset-groups`);
  await witness.sees(page, "groups", ["crm", "web", "staging", "intermediate", "marts"]);
  await page.getByRole("button", { name: "panel_show_right" }).last().click();
  await page.keyboard.press("Alt+e");
  await page.waitForURL(/expanded=/);
  const assets = ["customers", "page_views", "stg_orders", "int_order_totals", "fct_orders", "dim_customers"];
  await witness.sees(page, "assets in groups", assets);
  // Closing and opening the groups once more fits the graph to the window.
  await page.keyboard.press("Alt+e");
  await page.keyboard.press("Alt+e");
  await witness.sees(page, "assets in groups, fitted", [...assets, "daily_revenue"]);
  // The page asks for the states of assets in small batches.
  await witness.picture(page, "asset-graph", 6000);
}

async function assetPage(page: Page, witness: Witness, { origin }: Place): Promise<void> {
  await page.goto(`${origin}/assets/duckdb/web/orders`);
  await witness.sees(page, "asset page", [
    "Latest materialization",
    // Dagster 1.12 has fewer words for it.
    /^(Latest check|Check) results$/,
    "Row count",
    "data-platform",
    "Copy of orders from raw__web",
    "dagster-rocky/target_table_full_name",
    "shop.landing_web.orders",
  ]);
  await witness.picture(page, "asset-page");
}

async function assetChecks(page: Page, witness: Witness, { origin }: Place): Promise<void> {
  await page.goto(`${origin}/assets/duckdb/web/orders?view=checks&checkDetail=freshness`);
  await witness.sees(page, "asset checks", [
    "Checks (6)",
    "column_match",
    "compliance_exception",
    "order_id_present",
    "row_count_anomaly",
    "threshold_seconds",
    "Passed",
  ]);
  await witness.picture(page, "asset-checks");
}

async function assetLineage(page: Page, witness: Witness, { origin }: Place): Promise<void> {
  await page.goto(`${origin}/assets/shop/marts/dim_customers?view=lineage`);
  await witness.sees(page, "asset lineage", ["Nearest Neighbors", "fct_orders", "stg_customers"]);
  await witness.picture(page, "asset-lineage", 3000);
}

async function runLog(page: Page, witness: Witness, { origin, runId }: Place): Promise<void> {
  await page.goto(`${origin}/runs/${runId}`);
  await witness.sees(page, "run log", [
    "RUN_SUCCESS",
    "STEP_SUCCESS",
    "rocky_models_unpartitioned",
    "12 assets",
    "Materialized value shop marts dim_customers.",
  ]);
  await witness.picture(page, "run-log");
}

/**
 * The stock page of an asset leaves column lineage out, and its column tab is part of the hosted product only:
 * the run's log is where the open-source UI shows it.
 */
async function columnLineage(page: Page, witness: Witness, { origin, runId }: Place): Promise<void> {
  await page.goto(`${origin}/runs/${runId}`);
  await page.getByPlaceholder("Filter…").fill("Materialized value shop marts dim_customers");
  await witness.sees(page, "filtered log", ["Materialized value shop marts dim_customers."]);
  await page.getByText("View full message").last().click();
  const row = page.getByRole("dialog").locator("tr", { hasText: "dagster/column_lineage" }).last();
  await row.getByText("[Show JSON]").click();
  await witness.sees(page, "column lineage", [/"columnName": "lifetime_value"/, /"columnName": "total"/]);
  await page.evaluate(scrollTo("lifetime_value"));
  await witness.picture(page, "column-lineage");
}

/** Runs in the page: brings the line that holds `text` near the top of what scrolls around it. */
const scrollTo = (text: string): string => `{
  const text = ${JSON.stringify(text)};
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode() && !texts.currentNode.data.includes(text));
  const range = document.createRange();
  range.setStart(texts.currentNode, Math.max(0, texts.currentNode.data.indexOf(text)));
  let box = texts.currentNode.parentElement;
  while (box && box.scrollHeight <= box.clientHeight + 4) box = box.parentElement;
  box?.scrollBy(0, range.getBoundingClientRect().top - 200);
}`;

async function partitions(page: Page, witness: Witness, { origin }: Place): Promise<void> {
  await page.goto(`${origin}/assets/shop/marts/daily_revenue?view=partitions&partition=2026-11-14`);
  await witness.sees(page, "partitions", [
    "2026-11-01",
    /^Materialized \([1-9]\d*\)$/,
    "Failed (0)",
    "Missing (0)",
    "rocky/partition_key",
    "time_interval",
  ]);
  await witness.picture(page, "partitions");
}

/** Loaded, with its state; and a refresh, which the page itself offers for versioned state only. */
async function codeLocation(page: Page, witness: Witness, { origin }: Place): Promise<void> {
  const stateKey = "RockyComponent[rocky.toml]";
  await page.goto(`${origin}/locations/quickstart`);
  await witness.sees(page, "code location", ["Loaded", "@dagster-rocky/dagster", stateKey, "Up to date"]);
  const ask = (query: string, variables: Readonly<Record<string, string>> = {}) =>
    page.request.post(`${origin}/graphql`, { data: { query, variables }, timeout: 120_000 });
  const fields = await (await ask('{ __type(name: "Mutation") { fields { name } } }')).text();
  // Dagster 1.12 begins without it.
  if (!fields.includes('"refreshComponentState"')) return;
  const reply = await ask(
    `mutation ($key: String!) { refreshComponentState(locationName: "quickstart", defsStateKey: $key) {
        __typename ... on PythonError { message } } }`,
    { key: stateKey },
  );
  const text = await reply.text();
  witness.verdict("refresh from the page's API", text.includes("RefreshComponentStateSuccess"), text);
  await page.reload();
  await witness.sees(page, "refreshed code location", ["Loaded", stateKey, "Up to date"]);
}

/** What a person does: one button, and the new run is there. */
async function materialize(page: Page, witness: Witness, { origin }: Place): Promise<void> {
  await page.goto(`${origin}/assets/duckdb/crm/customers`);
  await witness.sees(page, "a table's page", ["Latest materialization", "shop.landing_crm.customers"]);
  await page.getByRole("button", { name: "Materialize" }).first().click();
  await witness.sees(page, "launched from the page", [/Launched run/]);
  await page.goto(`${origin}/runs`);
  // Two runs made everything before the tour; this is the third.
  await page.getByText("Success", { exact: true }).nth(2).waitFor({ timeout: 120_000 });
  await page.goto(`${origin}/assets/duckdb/crm/customers?view=events`);
  await witness.sees(page, "the page's own run", [/^Materialized( in run)?/]);
}
