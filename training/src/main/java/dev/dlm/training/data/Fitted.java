package dev.dlm.training.data;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.runtime.checkpoint.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was learned from the training data before training: vocabularies, categories, means. It
 * belongs to the weights, which mean nothing without it, and is saved beside them as {@link #FILE}:
 * UTF-8 text, for each list a line with its name, a tab and its length, then a line for each value.
 * Immutable.
 *
 * @param lists values by what they are, for example {@code words}
 */
public record Fitted(SortedMap<String, List<String>> lists) {
  /** The name of the file beside the weights. */
  public static final String FILE = "fitted.txt";

  /** Nothing was learned. */
  public static final Fitted NOTHING = new Fitted(new TreeMap<>());

  private static final String HEAD = "dlm fitted 1";

  public Fitted {
    SortedMap<String, List<String>> copy = new TreeMap<>();
    lists.forEach((name, values) -> copy.put(name, List.copyOf(values)));
    lists = Collections.unmodifiableSortedMap(copy);
  }

  /** A single list. */
  public static Fitted of(String name, List<String> values) {
    return new Fitted(new TreeMap<>(Map.of(name, values)));
  }

  /** Whether nothing was learned. */
  public boolean isEmpty() {
    return lists.isEmpty();
  }

  /**
   * A list.
   *
   * @throws GraphException with code {@code data-mismatch} if there is none of that name
   */
  public List<String> list(String name) {
    List<String> values = lists.get(name);
    if (values == null) {
      throw DataDiagnostics.mismatch(
          "these data need the %s of the training data, which gave %s"
              .formatted(name, lists.isEmpty() ? "nothing" : String.join(", ", lists.keySet())));
    }
    return values;
  }

  /** A list whose places are the numbers of its words. */
  public Vocabulary vocabulary(String name) {
    return new Vocabulary(list(name));
  }

  /**
   * Writes this to a file, which appears whole or not at all.
   *
   * @throws GraphException with code {@code file-write}
   */
  public void save(Path file) {
    StringBuilder text = new StringBuilder(HEAD).append('\n');
    lists.forEach((name, values) -> {
      text.append(escaped(name)).append('\t').append(values.size()).append('\n');
      values.forEach(value -> text.append(escaped(value)).append('\n'));
    });
    ByteBuffer content = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
    AtomicFile.write(
        file,
        "file",
        channel -> {
          while (content.hasRemaining()) {
            channel.write(content);
          }
        });
  }

  /**
   * Reads what {@link #save} wrote.
   *
   * @return empty if there is no such file
   * @throws GraphException with code {@code file-read} or {@code data-invalid}
   */
  public static Optional<Fitted> load(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    List<String> lines;
    try {
      lines = List.of(Files.readString(file).split("\n", -1));
    } catch (IOException e) {
      throw DataDiagnostics.unreadable(file.toString(), e);
    }
    if (!lines.getFirst().equals(HEAD)) {
      throw DataDiagnostics.invalidAt(file.toString(), 1, 1, "expected '" + HEAD + "'");
    }
    SortedMap<String, List<String>> lists = new TreeMap<>();
    for (int line = 1; line < lines.size() - 1; ) {
      String[] head = lines.get(line).split("\t", -1);
      int count = head.length == 2 && head[1].matches("\\d{1,9}") ? Integer.parseInt(head[1]) : -1;
      if (count < 0 || count > lines.size() - 2 - line) {
        throw DataDiagnostics.invalidAt(
            file.toString(),
            line + 1L,
            1,
            "expected a name, a tab and the number of lines that follow");
      }
      List<String> values = new ArrayList<>();
      for (int i = 1; i <= count; i++) {
        values.add(unescaped(lines.get(line + i)));
      }
      lists.put(unescaped(head[0]), values);
      line += 1 + count;
    }
    return Optional.of(new Fitted(lists));
  }

  /**
   * Checks that a run goes on with what it was begun with.
   *
   * @throws GraphException with code {@code resume-mismatch}
   */
  public void requireSame(Fitted before) {
    if (!equals(before)) {
      List<String> names = new ArrayList<>();
      lists.forEach((name, values) -> {
        if (!values.equals(before.lists.get(name))) {
          names.add(name);
        }
      });
      throw new GraphException(
          Diagnostic.error(
                  "resume-mismatch",
                  "the training data give other %s than in the run to go on with"
                      .formatted(names.isEmpty() ? "lists" : String.join(", ", names)),
                  Location.UNKNOWN)
              .withHelp("begin anew, or in another folder, or resume with the same data"));
    }
  }

  private static String escaped(String value) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\t' -> text.append("\\t");
        case '\r' -> text.append("\\r");
        default -> text.append(c);
      }
    }
    return text.toString();
  }

  private static String unescaped(String text) {
    StringBuilder value = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\' || i + 1 == text.length()) {
        value.append(c);
        continue;
      }
      char escape = text.charAt(++i);
      value.append(
          switch (escape) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            default -> escape;
          });
    }
    return value.toString();
  }
}
