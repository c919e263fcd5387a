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

describe("automation conditions", () => {
  const scope = baseScope({ env: {}, projectRoot: "/project" });

  it("are Dagster's own", () => {
    expect(renderTemplate("{{ automation_condition.eager() }}", scope)).toMatchObject({ label: "eager" });
    expect(
      renderTemplate("{{ automation_condition.on_cron('@daily', cron_timezone='Europe/Berlin') }}", scope),
    ).toMatchObject({
      label: "on_cron(@daily, Europe/Berlin)",
    });
  });

  it("that do not exist are refused with those that do", () => {
    expect(() => renderTemplate("{{ automation_condition.eagerly() }}", scope)).toThrow(/eager/);
  });
});
