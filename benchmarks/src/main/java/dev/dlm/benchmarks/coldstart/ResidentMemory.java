package dev.dlm.benchmarks.coldstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What of this process lies in memory, as Linux counts it. */
final class ResidentMemory {
  private static final String FIELD = "VmHWM:";

  private ResidentMemory() {}

  /** The most bytes so far; 0 where the system does not tell. */
  static long mostBytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith(FIELD)) {
        String kibibytes = line.substring(FIELD.length()).replace("kB", "").strip();
        return Long.parseLong(kibibytes) * 1024;
      }
    }
    return 0;
  }
}
