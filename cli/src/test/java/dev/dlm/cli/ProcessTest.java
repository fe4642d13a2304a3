package dev.dlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own can show: signals, and a disk that is full. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "signals and limits are those of POSIX systems")
class ProcessTest {
  @TempDir private Path folder;
  private Path model = Path.of("");

  @BeforeEach
  void makeProject() throws IOException {
    model = TinyProject.in(folder).model();
  }

  @Test
  void trainingKilledInMidEpoch_resumesToTheSameBytes() throws Exception {
    byte[] whole = trainInOneGo("whole");

    Path out = folder.resolve("killed");
    Process process = start(command(out, "--save-steps", "1"));
    awaitSaves(process, 20);
    process.destroyForcibly().waitFor();

    CommandRun resumed = resume(out);
    assertThat(resumed.events().getFirst())
        .containsEntry("resumed", true)
        .hasEntrySatisfying("firstEpoch", epoch -> assertThat((double) epoch).isGreaterThan(1));
    assertThat(Files.readAllBytes(out.resolve("weights.safetensors"))).isEqualTo(whole);
  }

  @Test
  void trainingInterrupted_savesEndsWithItsOwnCodeAndResumesToTheSameBytes() throws Exception {
    byte[] whole = trainInOneGo("whole");

    Path out = folder.resolve("interrupted");
    Process process = start(command(out, "--save-steps", "1"));
    awaitSaves(process, 5);
    String signal = ignoresInterrupts() ? "-TERM" : "-INT";
    new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
    List<String> rest = process.inputReader().lines().toList();

    assertThat(process.waitFor()).isEqualTo(signal.equals("-INT") ? 130 : 143);
    assertThat(CommandRun.parse(rest.getLast()))
        .containsEntry("event", "interrupted")
        .containsEntry("outcome", "interrupted");
    resume(out);
    assertThat(Files.readAllBytes(out.resolve("weights.safetensors"))).isEqualTo(whole);
  }

  @Test
  void fullDisk_isSaidAndLeavesTheOldWeightsIntact() throws Exception {
    byte[] whole = trainInOneGo("out");
    // A limit on the size of files stands for a disk that is full; the JVM's own file is left out.
    List<String> limited = new ArrayList<>(List.of("sh", "-c", "ulimit -f 4 && exec \"$@\"", "sh"));
    List<String> command = command(folder.resolve("out"), "--seed", "3");
    command.add(1, "-XX:-UsePerfData");
    limited.addAll(command);
    Process process = start(limited);
    List<String> events = process.inputReader().lines().toList();

    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(CommandRun.parse(events.getLast()))
        .containsEntry("event", "diagnostic")
        .containsEntry("code", "file-write");
    assertThat(Files.readAllBytes(folder.resolve("out/weights.safetensors"))).isEqualTo(whole);
  }

  /**
   * Whether this process, and so the one that it starts, is deaf to interrupts: shells make those
   * so which they start in the background. A request to terminate takes the same way through a run.
   */
  private static boolean ignoresInterrupts() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    String ignored =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .map(line -> line.substring("SigIgn:".length()).strip())
            .findFirst()
            .orElse("0");
    return (Long.parseUnsignedLong(ignored, 16) & 0b10) != 0;
  }

  private byte[] trainInOneGo(String name) throws IOException {
    Path out = folder.resolve(name);
    CommandRun run = CommandRun.of("train", model, "--out", out, "--epochs", EPOCHS);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return Files.readAllBytes(out.resolve("weights.safetensors"));
  }

  private static final int EPOCHS = 40;

  private CommandRun resume(Path out) {
    CommandRun run =
        CommandRun.of("train", model, "--out", out, "--epochs", EPOCHS, "--resume", "--json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }

  private List<String> command(Path out, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("train", model.toString(), "--json", "--out", out.toString()));
    command.addAll(List.of("--epochs", Integer.toString(EPOCHS)));
    command.addAll(List.of(options));
    return command;
  }

  private Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectError(folder.resolve("standard-error.txt").toFile())
        .start();
  }

  /** Waits until a run that is far from its end has saved some times. */
  private static void awaitSaves(Process process, int count) throws IOException {
    BufferedReader events = process.inputReader(StandardCharsets.UTF_8);
    int saves = 0;
    while (saves < count) {
      String line = events.readLine();
      if (line == null) {
        throw new AssertionError("the process ended after " + saves + " saves");
      }
      saves += line.contains("\"event\":\"saved\"") ? 1 : 0;
    }
    assertThat(process.isAlive()).as("the run goes on when it is to be stopped").isTrue();
  }
}
