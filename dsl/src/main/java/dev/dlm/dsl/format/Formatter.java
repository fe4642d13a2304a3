package dev.dlm.dsl.format;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.dsl.grammar.DlmParser;
import dev.dlm.dsl.syntax.SourceParser;
import org.antlr.v4.runtime.BufferedTokenStream;

/**
 * Brings a {@code .dlm} file into its one canonical layout: two columns of indentation, a statement
 * a line, at most one empty line in a row, lines of up to 100 columns where they can be broken. No
 * token changes, comments stay beside what they stood beside, and formatting twice gives the same
 * text.
 */
public final class Formatter {
  private static final int WIDTH = 100;

  private static final int MAXIMUM_ROUNDS = 4;

  private Formatter() {}

  /**
   * The text in its canonical layout.
   *
   * @param name what the file is called in messages
   * @throws GraphException with code {@code syntax} if the text is not a {@code .dlm} file
   */
  public static String format(String name, String text) {
    SourceParser.Result result = SourceParser.parse(name, text);
    if (!result.problems().isEmpty()) {
      throw new GraphException(result.diagnostics());
    }
    String laidOut = layOut(name, text);
    // A comment that moves to the end of its line may let what it stood in fit on one line.
    for (int round = 0; round < MAXIMUM_ROUNDS; round++) {
      String again = layOut(name, laidOut);
      if (again.equals(laidOut)) {
        return laidOut;
      }
      laidOut = again;
    }
    return laidOut;
  }

  private static String layOut(String name, String text) {
    DlmParser parser = SourceParser.parser(name, text);
    DlmParser.FileContext file = parser.file();
    return new TreeLayout((BufferedTokenStream) parser.getTokenStream()).file(file).print(WIDTH);
  }
}
