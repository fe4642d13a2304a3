package dev.dlm.benchmarks.limit;

/** What one thread does to find out how fast the machine is. */
interface Probe {
  /** Does it once, and says how much was done: operations or bytes. */
  double run();
}
