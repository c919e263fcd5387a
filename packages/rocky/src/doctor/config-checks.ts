import type { CommandContext } from "../commands/context.ts";
import type { AdapterConfig } from "../config/index.ts";
import type { Finding } from "./examination.ts";

export const checkConfig = (context: CommandContext): readonly Finding[] => {
  context.loadConfig();
  return [{ status: "healthy", message: "Config syntax valid", details: [["path", context.configPath]] }];
};

const credentialOf = (adapter: AdapterConfig): string => {
  if (adapter.token !== undefined) return "token";
  if (adapter.clientId !== undefined) return "client credentials";
  if (adapter.apiKey !== undefined) return "api key";
  if (adapter.password !== undefined || adapter.privateKeyPath !== undefined) return "user";
  return adapter.oauthToken !== undefined || adapter.pat !== undefined ? "token" : "none";
};

const missingOf = (adapter: AdapterConfig): readonly string[] => {
  if (adapter.type === "databricks")
    return [
      ...(adapter.host === undefined || adapter.host === "" ? ["host"] : []),
      ...(adapter.token === undefined && adapter.clientId === undefined ? ["token or client_id"] : []),
    ];
  return adapter.type === "fivetran" && adapter.apiKey === undefined ? ["api_key"] : [];
};

export const checkAdapters = (context: CommandContext): readonly Finding[] => {
  const { adapters } = context.loadConfig();
  const details = adapters.flatMap((adapter): readonly (readonly [string, string])[] => [
    [`${adapter.name}.type`, adapter.type],
    [`${adapter.name}.credential`, credentialOf(adapter)],
  ]);
  const lacking = adapters.filter((adapter) => missingOf(adapter).length > 0);
  if (lacking.length === 0)
    return [{ status: "healthy", message: `${adapters.length} adapter(s) configured`, details }];
  const suggestion = lacking
    .map((adapter) => `adapter.${adapter.name}: set ${missingOf(adapter).join(" and ")}`)
    .join("; ");
  return [{ status: "warning", message: "Some adapters lack settings", details, suggestion }];
};

export const checkPipelines = (context: CommandContext): readonly Finding[] => {
  const { pipelines } = context.loadConfig();
  const details = pipelines.map((pipeline): readonly [string, string] => [
    `pipeline.${pipeline.name}`,
    pipeline.type,
  ]);
  const broken = pipelines.filter(
    (pipeline) => pipeline.type === "replication" && pipeline.source.schemaPattern.separator === "",
  );
  return broken.length === 0
    ? [{ status: "healthy", message: `${pipelines.length} pipeline(s) valid`, details }]
    : [
        {
          status: "warning",
          message: `${broken.length} issue(s) found`,
          details,
          suggestion: broken
            .map(({ name }) => `pipeline '${name}': the schema pattern needs a separator`)
            .join("; "),
        },
      ];
};
