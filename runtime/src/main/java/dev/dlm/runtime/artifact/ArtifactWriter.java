package dev.dlm.runtime.artifact;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.Variable;
import dev.dlm.plan.Plan;
import dev.dlm.plan.Program;
import dev.dlm.proto.PlanCodec;
import dev.dlm.runtime.checkpoint.AtomicFile;
import dev.dlm.runtime.checkpoint.Checkpoint;
import dev.dlm.runtime.checkpoint.CheckpointTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes artifacts. The same plan, weights and metadata give the same bytes. */
public final class ArtifactWriter {
  private ArtifactWriter() {}

  /**
   * Replaces an artifact as a whole or not at all.
   *
   * @param plan of programs that change no shared variable, with no variables but those that they
   *     use, as {@link Plan#restrictedTo} makes it
   * @param weights holds every shared variable of the plan; others in it are left out
   * @throws GraphException with code {@code checkpoint-mismatch} if the weights are of another
   *     model, or {@code file-write} if the file cannot be written
   * @throws IllegalArgumentException if a program changes shared variables
   */
  public static void write(Path file, Plan plan, Checkpoint weights, ArtifactMetadata metadata) {
    for (Program program : plan.programs()) {
      if (plan.changesSharedVariables(program)) {
        throw new IllegalArgumentException(
            "program '%s' changes variables, which an artifact cannot hold"
                .formatted(program.name()));
      }
    }
    WeightLayout layout = WeightLayout.of(plan);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment section = arena.allocate(layout.totalBytes(), SectionFile.ALIGNMENT);
      weights.copyInto(
          plan.sharedVariables().stream()
              .map(variable -> place(layout, section, variable))
              .toList(),
          Checkpoint.Unused.IGNORE);
      write(file, plan, section, metadata);
    }
  }

  /**
   * As the method above, for a plan without shared variables.
   *
   * @throws IllegalArgumentException if the plan has shared variables
   */
  public static void write(Path file, Plan plan, ArtifactMetadata metadata) {
    if (!plan.sharedVariables().isEmpty()) {
      throw new IllegalArgumentException("plan '%s' has weights".formatted(plan.name()));
    }
    write(file, plan, MemorySegment.NULL, metadata);
  }

  private static void write(
      Path file, Plan plan, MemorySegment weights, ArtifactMetadata metadata) {
    Map<Integer, MemorySegment> sections = new LinkedHashMap<>();
    sections.put(Artifact.METADATA, MemorySegment.ofArray(metadata.toBytes()));
    sections.put(Artifact.PLAN, MemorySegment.ofArray(PlanCodec.encode(plan)));
    sections.put(Artifact.WEIGHTS, weights);
    AtomicFile.write(file, "artifact", channel -> SectionFile.write(channel, sections));
  }

  private static CheckpointTensor place(
      WeightLayout layout, MemorySegment section, Variable variable) {
    List<Long> sizes = Arrays.stream(variable.type().shape().asLongs()).boxed().toList();
    return new CheckpointTensor(
        variable.name(), variable.type().dtype(), sizes, layout.slice(section, variable));
  }
}
