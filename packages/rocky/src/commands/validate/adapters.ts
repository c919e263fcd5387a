import { ADAPTER_ROLES, type AdapterConfig } from "../../config/index.ts";
import { didYouMean } from "../../suggest.ts";
import type { Report } from "./report.ts";

const KNOWN = Object.keys(ADAPTER_ROLES);

interface Requirement {
  readonly code: string;
  readonly key: string;
  readonly message: string;
  readonly isMet: (adapter: AdapterConfig) => boolean;
}

const isSet = (value: string | undefined): boolean => value !== undefined && value !== "";

const REQUIREMENTS: Readonly<Record<string, readonly Requirement[]>> = {
  databricks: [
    { code: "V011", key: ".host", message: "host not set", isMet: (adapter) => isSet(adapter.host) },
    {
      code: "V012",
      key: ".http_path",
      message: "http_path not set",
      isMet: (adapter) => isSet(adapter.httpPath),
    },
    {
      code: "V013",
      key: "",
      message: "no credentials: set token, or client_id and client_secret",
      isMet: (adapter) => adapter.token !== undefined || adapter.clientId !== undefined,
    },
  ],
  fivetran: [
    {
      code: "V014",
      key: ".api_key",
      message: "api_key not set",
      isMet: (adapter) => adapter.apiKey !== undefined,
    },
    {
      code: "V015",
      key: ".api_secret",
      message: "api_secret not set",
      isMet: (adapter) => adapter.apiSecret !== undefined,
    },
    {
      code: "V016",
      key: ".destination_id",
      message: "destination_id not set",
      isMet: (adapter) => adapter.destinationId !== undefined,
    },
  ],
};

const describe = (adapter: AdapterConfig): string => {
  if (adapter.type === "duckdb") return "duckdb (local)";
  return adapter.type === "databricks" ? "databricks (auth configured)" : adapter.type;
};

/** True when the adapter could be used as it stands. */
export const validateAdapter = (adapter: AdapterConfig, report: Report): boolean => {
  const at = `adapter.${adapter.name}`;
  if (!KNOWN.includes(adapter.type)) {
    const near = didYouMean(adapter.type, KNOWN);
    const suggestion = near === undefined ? "" : `. ${near.charAt(0).toUpperCase()}${near.slice(1)}`;
    report.say(
      "error",
      "V017",
      `${at}: unknown type '${adapter.type}'. Supported: ${KNOWN.join(", ")}${suggestion}`,
      {
        field: `${at}.type`,
      },
    );
    return false;
  }
  const missing = (REQUIREMENTS[adapter.type] ?? []).filter((requirement) => !requirement.isMet(adapter));
  for (const { code, key, message } of missing)
    report.say("warn", code, `${at}: ${message}`, { field: `${at}${key}` });
  // A Fivetran adapter counts as recognised even when its credentials are still missing.
  if (missing.length === 0 || adapter.type === "fivetran")
    report.say("ok", "V010", `${at}: ${describe(adapter)}`);
  return missing.length === 0;
};
