import { runTogether, splitEnvironment } from '@kilowatch/platform';
import { chosenServices, loadService } from './services.js';

const services = await Promise.all(
  chosenServices(process.argv.slice(2)).map(async (name) => ({ name, service: await loadService(name) })),
);
const environments = splitEnvironment(new Map(services.map(({ name, service }) => [name, service.settings])));
await runTogether(services.map(({ name, service }) => service.configured(environments.get(name))));
