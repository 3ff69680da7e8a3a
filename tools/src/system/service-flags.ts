/**
 * How Node runs a service, here and in the image (deploy/docker/Dockerfile). V8 begins with 1 MB for young objects and grows it only
 * when many of them survive; requests leave hardly any behind, so it would tidy up hundreds of times a second: with 32 MB a
 * message costs about an eighth less CPU. It is memory that is used, some 35 MB for each process. What survives is little: helper
 * threads for it wait for each other longer than they work (about a twentieth of a message's CPU). Pages that stood in V8's pool are
 * kept rather than given back and asked for again a moment later: each costs 64 page faults, a sixth of what collecting costs. A pause of
 * the load is no reason to shrink the heap: it marks everything to do so, and the smaller limit has it mark again as soon as the load is
 * back (28 times in 40 s of load with pauses, in all services; 15 without).
 */
export const SERVICE_FLAGS: readonly string[] = [
  '--enable-source-maps',
  '--min-semi-space-size=32',
  '--max-semi-space-size=32',
  '--no-parallel-scavenge',
  '--no-decommit-pooled-pages',
  '--no-memory-reducer',
];
