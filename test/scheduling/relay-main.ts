import { startRelay } from '#api/relay.ts';
import { openHub } from '#api/stream/hub.ts';
import { connectWorkflows } from '#api/workflows/temporal-gateway.ts';
import { openDatabase } from '#db/client.ts';

/** Entry of a process that is a relay and nothing else, to be killed: `relay-main.ts DATABASE_URL TEMPORAL_ADDRESS`. */
const [databaseUrl, address] = process.argv.slice(2);
if (!databaseUrl || !address) throw new Error('say the database and the address of Temporal');
const database = openDatabase(databaseUrl);
const workflows = connectWorkflows({ address, namespace: 'default', tls: null, apiKey: null });
startRelay({ database, workflows, hub: openHub(database) });
