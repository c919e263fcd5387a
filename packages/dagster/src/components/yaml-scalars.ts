import type { ScalarTag } from "yaml";

/**
 * Plain scalars as PyYAML's safe loader reads them, minus timestamps (Dagster removes that rule). The `yaml`
 * package's own 1.1 schema differs: it takes `y` and `n` for booleans and `1e3` for a number.
 */
const nullTag: ScalarTag = {
  tag: "tag:yaml.org,2002:null",
  default: true,
  test: /^(?:~|null|Null|NULL|)$/,
  resolve: () => null,
};

const boolTag: ScalarTag = {
  tag: "tag:yaml.org,2002:bool",
  default: true,
  test: /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
  resolve: (text) => /^(?:yes|true|on)$/i.test(text),
};

const sexagesimal = (digits: string): number =>
  digits.split(":").reduce((total, part) => total * 60 + Number(part), 0);

const parseInteger = (text: string): number | bigint => {
  const negative = text.startsWith("-");
  const digits = text.replace(/^[-+]/, "").replaceAll("_", "");
  const value = digits.includes(":")
    ? BigInt(sexagesimal(digits))
    : BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits}` : digits);
  const signed = negative ? -value : value;
  const plain = Number(signed);
  return Number.isSafeInteger(plain) ? plain : signed;
};

const intTag: ScalarTag = {
  tag: "tag:yaml.org,2002:int",
  default: true,
  test: /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/,
  resolve: parseInteger,
};

const parseFloating = (text: string): number => {
  const sign = text.startsWith("-") ? -1 : 1;
  const digits = text.replace(/^[-+]/, "").replaceAll("_", "").toLowerCase();
  if (digits === ".inf") return sign * Number.POSITIVE_INFINITY;
  if (digits === ".nan") return Number.NaN;
  return sign * (digits.includes(":") ? sexagesimal(digits) : Number(digits));
};

const floatTag: ScalarTag = {
  tag: "tag:yaml.org,2002:float",
  default: true,
  test: /^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  resolve: parseFloating,
};

export const pyYamlScalars: readonly ScalarTag[] = [nullTag, boolTag, intTag, floatTag];
