import { Definitions } from "@dagster-rocky/dagster";
import { assets, checks } from "./assets.ts";
import { automated, automatedChecks, automatedJobs, automationSensors } from "./conditions.ts";
import { jobs, schedules, sensors, timed } from "./instigators.ts";

export const defs = Definitions.create({
  assets: [...assets, ...automated, ...timed],
  assetChecks: [...checks, ...automatedChecks],
  jobs: [...jobs, ...automatedJobs],
  schedules,
  sensors: [...sensors, ...automationSensors],
});
