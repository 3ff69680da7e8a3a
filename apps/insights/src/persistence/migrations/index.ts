import { Watches1763700000000 } from './0001-watches.js';
import { Silence1764800000000 } from './0002-silence.js';
import { JudgementsDue1764900000000 } from './0003-judgements-due.js';
import { FewerLooks1765000000000 } from './0004-fewer-looks.js';

export const migrations = [
  Watches1763700000000,
  Silence1764800000000,
  JudgementsDue1764900000000,
  FewerLooks1765000000000,
];
