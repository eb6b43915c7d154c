import { writeFileSync } from 'node:fs';
import { reportJsonSchema } from './schema.ts';

writeFileSync(new URL('../schema/report-1.json', import.meta.url), reportJsonSchema());
