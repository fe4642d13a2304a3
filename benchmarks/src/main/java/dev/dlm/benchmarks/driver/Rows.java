package dev.dlm.benchmarks.driver;

import dev.dlm.benchmarks.work.Workload;
import java.util.List;
import java.util.stream.Stream;

/** The rows of the table: those of work, and those of a process that has just begun. */
final class Rows {
  static final String COLD_START = "cold-start";
  static final String FOOTPRINT = "footprint";

  private Rows() {}

  /** All, in the order of the table. */
  static List<String> all() {
    return Stream.concat(
            Workload.all().stream().map(Workload::row).distinct(), Stream.of(COLD_START, FOOTPRINT))
        .toList();
  }
}
