package dev.dlm.runtime.profile;

import jdk.jfr.FlightRecorder;

/** Recordings of this process. Not to be touched where the JVM lacks the module {@code jdk.jfr}. */
final class Recordings {
  private Recordings() {}

  /** Whether there was ever one; until then no event need be known to the flight recorder. */
  static boolean hasAny() {
    return FlightRecorder.isInitialized();
  }
}
