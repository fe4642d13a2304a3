package dev.dlm.cpu.device;

import dev.dlm.plan.Program;
import dev.dlm.plan.Storage;
import dev.dlm.plan.View;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Copies updates that were not made in place into their variables. A new value that stands in the
 * memory of another variable which is overwritten here goes through memory of its own first, so
 * that variables can change places.
 */
final class Commit {
  private final MemorySegment[] stagedFrom;
  private final MemorySegment[] stagedTo;
  private final MemorySegment[] from;
  private final MemorySegment[] to;
  private final long scratchBytes;

  private Commit(
      List<MemorySegment> stagedFrom,
      List<MemorySegment> stagedTo,
      List<MemorySegment> from,
      List<MemorySegment> to) {
    this.stagedFrom = stagedFrom.toArray(new MemorySegment[0]);
    this.stagedTo = stagedTo.toArray(new MemorySegment[0]);
    this.from = from.toArray(new MemorySegment[0]);
    this.to = to.toArray(new MemorySegment[0]);
    long bytes = 0;
    for (MemorySegment staged : stagedTo) {
      bytes += staged.byteSize();
    }
    this.scratchBytes = bytes;
  }

  static Commit bind(
      Program program,
      Function<View, MemorySegment> memoryOf,
      Function<String, MemorySegment> variable,
      Arena arena) {
    List<Program.Port> copied = new ArrayList<>();
    Set<String> overwritten = new HashSet<>();
    for (Program.Port update : program.updates()) {
      if (!update.name().equals(source(program, update))) {
        copied.add(update);
        overwritten.add(update.name());
      }
    }
    List<MemorySegment> stagedFrom = new ArrayList<>();
    List<MemorySegment> stagedTo = new ArrayList<>();
    List<MemorySegment> from = new ArrayList<>();
    List<MemorySegment> to = new ArrayList<>();
    for (Program.Port update : copied) {
      MemorySegment value = memoryOf.apply(update.view());
      if (overwritten.contains(source(program, update))) {
        MemorySegment staged = CpuMemory.allocate(arena, value.byteSize());
        stagedFrom.add(value);
        stagedTo.add(staged);
        value = staged;
      }
      from.add(value);
      to.add(variable.apply(update.name()));
    }
    return new Commit(stagedFrom, stagedTo, from, to);
  }

  /** The variable in whose memory the new value stands; empty if in no variable's. */
  private static String source(Program program, Program.Port update) {
    return switch (program.buffers().get(update.view().buffer()).storage()) {
      case Storage.OfVariable(String name) -> name;
      case Storage.Arena _, Storage.Constant _ -> "";
    };
  }

  void run() {
    copy(stagedFrom, stagedTo);
    copy(from, to);
  }

  private static void copy(MemorySegment[] sources, MemorySegment[] targets) {
    for (int i = 0; i < sources.length; i++) {
      MemorySegment.copy(sources[i], 0, targets[i], 0, sources[i].byteSize());
    }
  }

  /** Bytes that copying needs beside the variables. */
  long scratchBytes() {
    return scratchBytes;
  }
}
