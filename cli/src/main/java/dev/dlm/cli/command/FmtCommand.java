package dev.dlm.cli.command;

import dev.dlm.cli.console.Console;
import dev.dlm.cli.console.Event;
import dev.dlm.cli.console.ExitCode;
import dev.dlm.cli.console.OutputOptions;
import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.dsl.format.Formatter;
import dev.dlm.runtime.checkpoint.AtomicFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dlm fmt}: brings files into the canonical layout. */
@Command(
    name = "fmt",
    header = "Bring files into the one canonical layout.",
    description = "Comments stay where they are. A file with syntax errors is left alone.",
    footer = {
      "",
      "Examples:",
      "  dlm fmt digits.dlm             lay the file out anew",
      "  dlm fmt --check *.dlm          change nothing; exit code 1 if a layout differs",
    })
final class FmtCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final OutputOptions output;

  @Option(names = "--check", description = "Change nothing, and name the files that would change.")
  private boolean check;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "A .dlm file.")
  private List<Path> files = List.of();

  FmtCommand(Console console) {
    this.console = console;
    this.output = new OutputOptions(console);
  }

  @Override
  public Integer call() {
    List<Diagnostic> mistakes = new ArrayList<>();
    boolean differs = false;
    for (Path file : files) {
      try {
        differs |= format(file);
      } catch (GraphException e) {
        mistakes.addAll(e.diagnostics());
      }
    }
    console.report(mistakes);
    return mistakes.isEmpty() && !(check && differs) ? ExitCode.DONE : ExitCode.INPUT_AT_FAULT;
  }

  private boolean format(Path file) {
    String before = TextFile.read(file);
    String after = Formatter.format(file.toString(), before);
    boolean differs = !after.equals(before);
    if (differs && !check) {
      byte[] bytes = after.getBytes(StandardCharsets.UTF_8);
      AtomicFile.write(
          file,
          "model file",
          channel -> {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
              channel.write(buffer);
            }
          });
    }
    console.emit(Event.of("format").with("file", file.toString()).with("changed", differs));
    if (differs) {
      console.println(check ? file + " would change" : file + " changed");
    }
    return differs;
  }
}
