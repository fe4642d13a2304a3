package dev.dlm.dsl.format;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * A text with choices of where to break lines, after P. Wadler, "A prettier printer" (2003): a
 * group is printed on one line where it fits, and otherwise each of its own breaks becomes a line
 * end.
 */
sealed interface Layout {

  /** Characters without a line end. */
  record Text(String text) implements Layout {}

  /**
   * A break: a space (or nothing) in a group that fits its line, a line end in one that does not.
   */
  record Break(boolean space) implements Layout {}

  /**
   * A line end in any case. Several in a row are one.
   *
   * @param blank whether an empty line comes before what follows
   */
  record LineEnd(boolean blank) implements Layout {}

  /**
   * No empty line here, whatever was asked for: behind an opening brace and before a closing one.
   */
  record NoBlank() implements Layout {}

  /** A comment that stays at the end of the line on which this stands. */
  record Trailing(String text) implements Layout {}

  /** {@code body} with its lines indented further. */
  record Indented(int columns, Layout body) implements Layout {}

  /** A unit that is broken as a whole or not at all. */
  record Group(Layout body) implements Layout {}

  /** One after the other. */
  record Sequence(List<Layout> parts) implements Layout {
    public Sequence {
      parts = List.copyOf(parts);
    }
  }

  Layout EMPTY = new Sequence(List.of());
  Layout SPACE = new Text(" ");
  Layout LINE = new Break(true);
  Layout SOFT_LINE = new Break(false);
  Layout LINE_END = new LineEnd(false);

  static Layout sequence(Layout... parts) {
    return new Sequence(Arrays.asList(parts));
  }

  /** Whether a line end cannot be avoided in this layout. */
  default boolean mustBreak() {
    return switch (this) {
      case Text _, Break _, NoBlank _ -> false;
      case LineEnd _, Trailing _ -> true;
      case Indented indented -> indented.body().mustBreak();
      case Group group -> group.body().mustBreak();
      case Sequence sequence -> sequence.parts().stream().anyMatch(Layout::mustBreak);
    };
  }

  /** Prints this layout with lines of {@code width} columns where its breaks allow that. */
  default String print(int width) {
    Printer printer = new Printer(width);
    printer.print(this);
    return printer.finish();
  }

  /** The state of printing: what has been written and the line ends that are owed. */
  final class Printer {
    private record Task(int indent, boolean flat, Layout layout) {}

    private final int width;
    private final StringBuilder out = new StringBuilder();
    private final StringBuilder trailing = new StringBuilder();
    private final Deque<Task> tasks = new ArrayDeque<>();
    private int column;
    private int owedLineEnds;
    private int owedIndent;
    private boolean blankForbidden = true;

    private Printer(int width) {
      this.width = width;
    }

    private void print(Layout root) {
      tasks.push(new Task(0, false, root));
      while (!tasks.isEmpty()) {
        Task task = tasks.pop();
        int indent = task.indent;
        switch (task.layout) {
          case Text text -> write(text.text());
          case Break line -> {
            if (!task.flat) {
              owe(1, indent);
            } else if (line.space()) {
              write(" ");
            }
          }
          case LineEnd end -> owe(end.blank() && !blankForbidden ? 2 : 1, indent);
          case NoBlank _ -> {
            blankForbidden = true;
            owedLineEnds = Math.min(owedLineEnds, 1);
          }
          case Trailing comment -> trailing.append("  ").append(comment.text());
          case Indented body ->
              tasks.push(new Task(indent + body.columns(), task.flat, body.body()));
          case Group group -> {
            boolean flat = task.flat || (!group.body().mustBreak() && fits(group.body()));
            tasks.push(new Task(indent, flat, group.body()));
          }
          case Sequence sequence -> {
            List<Layout> parts = sequence.parts();
            for (int i = parts.size() - 1; i >= 0; i--) {
              tasks.push(new Task(indent, task.flat, parts.get(i)));
            }
          }
        }
      }
    }

    private void owe(int count, int indent) {
      owedLineEnds = Math.max(owedLineEnds, count);
      owedIndent = indent;
    }

    private void write(String text) {
      if (owedLineEnds > 0) {
        if (text.isBlank()) {
          return;
        }
        endLine();
        for (int i = 1; i < owedLineEnds; i++) {
          out.append('\n');
        }
        owedLineEnds = 0;
        out.append(" ".repeat(owedIndent));
        column = owedIndent;
      }
      blankForbidden = false;
      out.append(text);
      column += text.codePointCount(0, text.length());
    }

    private void endLine() {
      out.append(trailing);
      trailing.setLength(0);
      while (!out.isEmpty() && out.charAt(out.length() - 1) == ' ') {
        out.setLength(out.length() - 1);
      }
      if (!out.isEmpty()) {
        out.append('\n');
      }
    }

    private String finish() {
      endLine();
      return out.toString();
    }

    /**
     * Whether {@code group} on one line, and what follows it up to the next possible line end, stay
     * within the width.
     */
    private boolean fits(Layout group) {
      int room = width - (owedLineEnds > 0 ? owedIndent : column);
      Iterator<Task> following = tasks.iterator();
      List<Task> rest = new ArrayList<>();
      rest.add(new Task(0, true, group));
      while (room >= 0 && (!rest.isEmpty() || following.hasNext())) {
        Task task = rest.isEmpty() ? following.next() : rest.removeLast();
        switch (task.layout) {
          case Text text -> room -= text.text().codePointCount(0, text.text().length());
          case Break line -> {
            if (!task.flat) {
              return true;
            }
            room -= line.space() ? 1 : 0;
          }
          case LineEnd _ -> {
            return true;
          }
          case NoBlank _, Trailing _ -> {}
          case Indented body -> rest.add(new Task(0, task.flat, body.body()));
          case Group inner -> rest.add(new Task(0, task.flat, inner.body()));
          case Sequence sequence -> {
            for (Layout part : sequence.parts().reversed()) {
              rest.add(new Task(0, task.flat, part));
            }
          }
        }
      }
      return room >= 0;
    }
  }
}
