import type { Suites } from './conformance-case.js';
import { V16 } from './v16/suite.js';
import { V201 } from './v201/suite.js';
import { V21 } from './v21/suite.js';

/** All cases, by version and block. */
export const SUITES: Suites = { '1.6': V16, '2.0.1': V201, '2.1': V21 };
