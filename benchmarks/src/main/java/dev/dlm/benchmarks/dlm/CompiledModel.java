package dev.dlm.benchmarks.dlm;

import dev.dlm.benchmarks.work.Workload;
import dev.dlm.cli.console.Version;
import dev.dlm.compiler.Compiler;
import dev.dlm.ir.Variable;
import dev.dlm.plan.Plan;
import dev.dlm.runtime.artifact.ArtifactMetadata;
import dev.dlm.runtime.artifact.ArtifactWriter;
import dev.dlm.runtime.checkpoint.Checkpoint;
import dev.dlm.runtime.checkpoint.CheckpointTensor;
import dev.dlm.runtime.checkpoint.CheckpointWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Models compiled ahead of time, as {@code dlm compile} writes them. */
public final class CompiledModel {
  private CompiledModel() {}

  /** Writes the model of some inference, with its weights. */
  public static void write(Workload work, Path file) throws IOException {
    Source source = Source.of(work);
    Plan plan =
        Compiler.compile(source.elaborate().graph()).restrictedTo(List.of(source.signature()));
    List<CheckpointTensor> weights = new ArrayList<>();
    for (Variable variable : plan.sharedVariables()) {
      List<Long> sizes = Arrays.stream(variable.type().shape().asLongs()).boxed().toList();
      weights.add(
          new CheckpointTensor(
              variable.name(),
              variable.type().dtype(),
              sizes,
              MemorySegment.ofArray(Weights.of(work, variable))));
    }
    Path checkpointFile = Files.createTempFile("benchmark", ".safetensors");
    try {
      CheckpointWriter.write(checkpointFile, Map.of(), weights);
      try (Checkpoint checkpoint = Checkpoint.open(checkpointFile)) {
        ArtifactMetadata metadata =
            new ArtifactMetadata(
                source.file(),
                "",
                ArtifactMetadata.sha256(checkpointFile),
                Version.LINE,
                new TreeMap<>());
        ArtifactWriter.write(file, plan, checkpoint, metadata);
      }
    } finally {
      Files.deleteIfExists(checkpointFile);
    }
  }
}
