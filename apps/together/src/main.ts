import { runTogether } from '@kilowatch/platform';
import { chosenServices, configured, loadService } from './services.js';

const names = chosenServices(process.argv.slice(2));
const services = await Promise.all(names.map(async (name) => [name, await loadService(name)] as const));
await runTogether(configured(new Map(services)));
