package dev.dlm.benchmarks.driver;

import dev.dlm.cli.console.ExitCode;
import dev.dlm.diagnostic.Suggestion;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./dev bench}: dlm and its peers side by side. */
@Command(
    name = "./dev bench",
    header = "Measures dlm and its peers in one run and puts them side by side.",
    description = {
      "Each engine does each piece of work in a process of its own; those of one piece take turns."
          + " Exit codes: 0 done, 1 an engine"
          + " failed or computed something else than the others, 2 wrong usage."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class Bench implements Callable<Integer> {
  private static final String NONE = "none";

  @Spec private CommandSpec command = CommandSpec.create();

  @Parameters(paramLabel = "ROW", arity = "0..*", description = "Rows of the table (default: all).")
  private List<String> rows = List.of();

  @Option(
      names = "--peers",
      paramLabel = "PEER",
      split = ",",
      description = "tensorflow, onnxruntime, pytorch, onednn (default: all of them), or none.")
  private List<String> peers = Subject.peers().stream().map(Subject::engine).toList();

  @Option(
      names = "--threads",
      paramLabel = "COUNT",
      split = ",",
      description = "How many threads compute (default: 1,2).")
  private List<Integer> threads = List.of(1, 2);

  @Option(
      names = "--seconds",
      paramLabel = "SECONDS",
      description = "How long each measurement takes, after a warm-up (default: 5).")
  private double seconds = 5;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Where the report goes (default: target/bench/<time>.json).")
  private Optional<Path> json = Optional.empty();

  private final PrintStream out;

  private Bench(PrintStream out) {
    this.out = out;
  }

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(
        run(
            arguments,
            new PrintStream(System.out, true, StandardCharsets.UTF_8),
            new PrintStream(System.err, true, StandardCharsets.UTF_8)));
  }

  /** Runs the command line inside this process and returns the exit code. */
  static int run(String[] arguments, PrintStream out, PrintStream err) {
    return new CommandLine(new Bench(out))
        .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
        .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
        .setParameterExceptionHandler((exception, _) -> wrongUsage(exception))
        .execute(arguments);
  }

  private static int wrongUsage(ParameterException exception) {
    PrintWriter err = exception.getCommandLine().getErr();
    err.println("dev bench: " + exception.getMessage());
    err.println("Try './dev bench --help'.");
    return ExitCode.WRONG_USAGE;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    return begin(selection()).run() ? ExitCode.DONE : ExitCode.INPUT_AT_FAULT;
  }

  private Run begin(Selection selection) {
    try {
      return new Run(selection, out);
    } catch (IOException e) {
      throw fault("the report cannot be written: " + e);
    }
  }

  private Selection selection() {
    rows.forEach(row -> require(row, "row", Rows.all()));
    List<Subject> subjects = new ArrayList<>(List.of(Subject.DLM));
    if (!peers.equals(List.of(NONE))) {
      List<String> known = Subject.peers().stream().map(Subject::engine).toList();
      for (String peer : peers) {
        require(peer, "peer", known);
        Arrays.stream(Subject.values())
            .filter(subject -> subject.engine().equals(peer) && !subjects.contains(subject))
            .forEach(subjects::add);
      }
    }
    for (int count : threads) {
      if (count < 1) {
        throw fault("--threads: expected counts of at least 1, found " + count);
      }
    }
    if (!(seconds > 0 && seconds <= 3600)) {
      throw fault("--seconds: expected more than 0 and at most 3600, found " + seconds);
    }
    return new Selection(rows.isEmpty() ? Rows.all() : rows, subjects, threads, seconds, json);
  }

  private void require(String name, String kind, List<String> known) {
    if (!known.contains(name)) {
      throw fault(
          "there is no %s '%s'; %s"
              .formatted(kind, name, Suggestion.help(name, kind + "s", known)));
    }
  }

  private ParameterException fault(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
