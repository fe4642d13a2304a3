package dev.dlm.samples.small;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.proto.PlanCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Outputs and trained weights are the same bits for any number of threads, with vectors of 512, 256
 * and 128 bits, and without the Vector API.
 *
 * <p>A level that the processor lacks is said and counts as the one that the JVM takes instead.
 * Below {@code UseAVX=1} the JVM has no instruction for {@code fma} and computes it by big decimal
 * numbers, too slowly for a test.
 */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class SameBitsTest {
  private static final List<String> VECTORS = List.of("--add-modules", "jdk.incubator.vector");

  /** Flags of a JVM, and in a few words what they mean. */
  private record Variant(String meaning, List<String> flags) {
    static Variant vectors(int level, String meaning) {
      List<String> flags = new ArrayList<>(VECTORS);
      flags.add("-XX:UseAVX=" + level);
      return new Variant("UseAVX=" + level + " (" + meaning + ")", flags);
    }
  }

  private static final List<Variant> VARIANTS =
      List.of(
          new Variant("no Vector API", List.of()),
          Variant.vectors(3, "512 bits"),
          Variant.vectors(2, "256 bits"),
          Variant.vectors(1, "128 bits"));

  @TempDir private Path folder;

  @Test
  void outputsAndWeights_areTheSameBitsInEveryJvm() throws Exception {
    Path plans = Files.createDirectory(folder.resolve("plans"));
    for (var plan : SmallModels.compile().entrySet()) {
      Files.write(plans.resolve(plan.getKey()), PlanCodec.encode(plan.getValue()));
    }
    Map<String, String> expected = new TreeMap<>();
    for (Variant variant : VARIANTS) {
      Map<String, List<String>> hashes = run(variant, plans);
      hashes.forEach((model, ofThreads) ->
          assertThat(ofThreads)
              .as("hashes of the model '%s' for 1, 2 and 3 threads, %s", model, variant.meaning())
              .hasSize(3)
              .containsOnly(expected.computeIfAbsent(model, name -> ofThreads.getFirst())));
    }
    assertThat(expected).hasSize(6);
  }

  /** The hashes for rising numbers of threads, by model; none where the JVM lacks the flag. */
  private static Map<String, List<String>> run(Variant variant, Path plans)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(variant.flags());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(BitsOfModels.class.getName(), plans.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    if (output.contains("Unrecognized VM option")) {
      System.out.println(variant.meaning() + ": the JVM of this processor has no such option");
      return Map.of();
    }
    assertThat(exit).as("%s: %s", variant.meaning(), output).isZero();
    Map<String, List<String>> hashes = new TreeMap<>();
    for (String line : output.split("\\R")) {
      if (line.startsWith(BitsOfModels.HASHES)) {
        List<String> words = List.of(line.substring(BitsOfModels.HASHES.length()).split(" "));
        hashes.put(words.getFirst(), words.subList(1, words.size()));
      }
      System.out.println(variant.meaning() + ": " + line);
    }
    assertThat(hashes).as("%s: %s", variant.meaning(), output).hasSize(6);
    return hashes;
  }
}
