/**
 * A float that JavaScript cannot tell from an integer (`1.0`, `-0.0`).
 * Python's JSON keeps the two apart, so a text that is read and written again must too.
 */
export class WireFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }

  valueOf(): number {
    return this.value;
  }
}

/** Marks a number as a float on the wire, whatever its value. Seconds and metadata floats need this. */
export const float = (value: number): WireFloat => new WireFloat(value);

/** Python's `repr` of a float. Both languages choose the same shortest digits; only the layout differs. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
  if (Object.is(value, -0)) return "-0.0";
  const [mantissa = "0", exponentText = "0"] = Math.abs(value).toExponential().split("e");
  const sign = value < 0 ? "-" : "";
  const exponent = Number(exponentText);
  const digits = mantissa.replace(".", "");
  if (exponent < -4 || exponent >= 16) {
    const padded = String(Math.abs(exponent)).padStart(2, "0");
    return `${sign}${mantissa}e${exponent < 0 ? "-" : "+"}${padded}`;
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${sign}${whole}.${digits.slice(exponent + 1) || "0"}`;
}

/** A plain number as Python would hold it: exact integers are ints, everything else is a float. */
export function numberText(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : floatText(value);
}
