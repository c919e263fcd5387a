import { describe, expect, it } from "vitest";
import { renderTemplate } from "./render.ts";
import { baseScope } from "./scope.ts";

const env = { HOME_DIR: "/home", PORT: "8080", EMPTY: "", NAMES: "a, b,c" };
const scope = {
  ...baseScope({ env, projectRoot: "/project" }),
  group_name: "acme",
  row_count: 12,
  source: { tags: ["x"] },
};
const render = (text: string): unknown => renderTemplate(text, scope);

describe("renderTemplate", () => {
  it("gives text, values and Python literals as Dagster's native templates do", () => {
    expect(render("retail_{{ group_name }}")).toBe("retail_acme");
    expect(render("{{ row_count }}")).toBe(12);
    expect(render("{{ row_count }} rows")).toBe("12 rows");
    expect(render("{{ env.PORT }}")).toBe(8080);
    expect(render("[1, 'two']")).toEqual([1, "two"]);
    expect(render("True")).toBe(true);
    expect(render("2024-01-01")).toBe("2024-01-01");
    expect(render("1, 2")).toEqual([1, 2]);
    expect(render("hello, world")).toBe("hello, world");
    expect(render("text\n")).toBe("text");
    expect(render("")).toBe("");
  });

  it("reads the environment", () => {
    expect(render("{{ env('HOME_DIR') }}")).toBe("/home");
    expect(render("{{ env.MISSING }}")).toBe(null);
    expect(render("{{ env('MISSING', 'x') }}")).toBe("x");
    expect(() => render("{{ env('MISSING') }}")).toThrow(/MISSING is not set/);
    expect(() => render("{{ env['PORT'] }}")).toThrow(/env\.PORT/);
  });

  it("evaluates expressions", () => {
    expect(render("{{ 'a' if row_count > 10 and not false else 'b' }}")).toBe("a");
    expect(render("{{ 1 + 2 * 3 - 4 // 3 }}")).toBe(6);
    expect(render("{{ 'x' ~ 1 ~ none }}")).toBe("x1None");
    expect(render("{{ 1 < 2 < 3 }}")).toBe(true);
    expect(render("{{ 'x' in source.tags }}")).toBe(true);
    expect(render("{{ {'a': [1, 2]}['a'][-1] }}")).toBe(2);
    expect(render("{{ missing is defined }}")).toBe(false);
    expect(render("{{ env.NAMES.split(',')[1].strip() | upper }}")).toBe("B");
    expect(render("{{ [3, 1, 2] | sort | join('-') ~ '!' }}")).toBe("1-2-3!");
    expect(render("{{ missing | default('fallback') }}")).toBe("fallback");
    expect(render("a {# no #} {{- ' b' }}")).toBe("a  b");
    expect(render("{{ '}}' }}")).toBe("}}");
    expect(render("{{ context.project_root }}/data")).toBe("/project/data");
  });

  it("makes what Dagster's scope makes", () => {
    expect(
      render("{{ dg.DailyPartitionsDefinition(start_date='2026-01-01', timezone='Europe/Berlin') }}"),
    ).toMatchObject({
      kind: "timeWindow",
      cronSchedule: "0 0 * * *",
      timezone: "Europe/Berlin",
      start: Date.UTC(2025, 11, 31, 23) / 1000,
    });
    expect(
      render("{{ dg.MonthlyPartitionsDefinition(datetime.datetime(2026, 2, 1), end_offset=1) }}"),
    ).toMatchObject({
      fmt: "%Y-%m-%d",
      endOffset: 1,
    });
    expect(render("{{ dg.StaticPartitionsDefinition(['a', 'b']) }}")).toEqual({
      kind: "static",
      keys: ["a", "b"],
    });
    expect(render("{{ dg.FreshnessPolicy.time_window(fail_window=datetime.timedelta(hours=2)) }}")).toEqual({
      kind: "timeWindow",
      failWindow: 7200,
    });
    expect(render("{{ automation_condition.eager() }}")).toMatchObject({
      kind: "automationCondition",
      label: "eager",
    });
    const labelled = "{{ dg.AutomationCondition.on_cron('@daily').with_label('nightly') }}";
    expect(render(labelled)).toMatchObject({ label: "nightly" });
  });

  it("refuses wrong arguments by name", () => {
    expect(() => render("{{ dg.DailyPartitionsDefinition(start='2026-01-01') }}")).toThrow(
      /no argument "start"; it takes start_date, end_date/,
    );
    expect(() => render("{{ dg.AutomationCondition.eagre() }}")).toThrow(
      /no "eagre"; did you mean "eager"\?/,
    );
    expect(() => render("{{ dg.AutomationCondition.on_cron('whenever') }}")).toThrow(
      /on_cron: .*not a cron string/,
    );
    expect(() => render("{{ dg.asset() }}")).toThrow(/dg\.asset is not available/);
    expect(() => render("a {{ dg.AutomationCondition.eager() }}")).toThrow(/cannot be part of a text/);
  });

  it("says what is wrong and what was meant", () => {
    expect(() => render("{{ group_nam }}")).toThrow(
      /"group_nam" is not in scope; did you mean "group_name"\?/,
    );
    expect(() => render("{{ group_name | uper }}")).toThrow(/no filter "uper"; did you mean "upper"/);
    expect(() => render("{{ 1 + }}")).toThrow(/unexpected the end/);
    expect(() => render("{{ group_name")).toThrow(/not closed/);
    expect(() => render("{% if x %}y{% endif %}")).toThrow(/not supported/);
  });

  it("reaches nothing but the scope", () => {
    expect(() => render("{{ group_name.constructor }}")).toThrow(/constructor/);
    expect(() => render("{{ source['__proto__'] }}")).toThrow(/__proto__/);
    expect(() => render("{{ constructor }}")).toThrow(/not in scope/);
    expect(() => render("{{ env.constructor.call() }}")).toThrow();
    expect(() => render(`{{ ${"(".repeat(100)}1${")".repeat(100)} }}`)).toThrow(/nested too deeply/);
    expect(() => render("{{ 'x' * 100000000 }}")).toThrow(/characters/);
  });
});
