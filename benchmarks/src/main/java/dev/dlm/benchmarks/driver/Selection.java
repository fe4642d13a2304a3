package dev.dlm.benchmarks.driver;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a run measures.
 *
 * @param rows by name
 * @param subjects dlm first
 * @param threads one measurement for each count
 * @param seconds of each measurement
 * @param json where the report goes, if not to the usual place
 */
record Selection(
    List<String> rows,
    List<Subject> subjects,
    List<Integer> threads,
    double seconds,
    Optional<Path> json) {
  Selection {
    rows = List.copyOf(rows);
    subjects = List.copyOf(subjects);
    threads = List.copyOf(threads);
  }

  boolean holds(String row) {
    return rows.contains(row);
  }
}
