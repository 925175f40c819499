// The warehouse of a local stack: the emulator with every table and view, before the first function starts.
import { warehouseResources } from '../../analytics/resources.js';
import { startBigQuery } from './emulator.js';
import { bigQuery, createWarehouse } from './rest.js';

/** Resolves with { rest, grpc }: where it is. */
export async function startWarehouse({ environment, project, logFile, onSpawn }) {
  const addresses = await startBigQuery({ environment, logFile, onSpawn });
  await createWarehouse(bigQuery({ rest: addresses.rest, project }), warehouseResources({ project }));
  return addresses;
}

/** What tells the functions of it, where it is there. */
export const functionsEnv = ({ bigquery }) => (bigquery ? { BIGQUERY_STORAGE_EMULATOR_HOST: bigquery } : {});
