package dev.dlm.dsl.syntax;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.dsl.grammar.DlmLexer;
import dev.dlm.dsl.grammar.DlmParser;
import dev.dlm.dsl.grammar.SyntaxError;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.BufferedTokenStream;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;

/** Reads the text of a {@code .dlm} file into its syntax tree. */
public final class SourceParser {
  /** The longest text that is read, in characters. */
  public static final int MAXIMUM_LENGTH = 4 << 20;

  private static final int MAXIMUM_NESTING = 100;

  private SourceParser() {}

  /**
   * What reading a text gave. With problems, the declarations and statements that hold them are
   * {@code Invalid}, and the others stand.
   */
  public record Result(SourceFile file, List<SyntaxProblem> problems) {
    public Result {
      problems = List.copyOf(problems);
    }

    /** The problems as errors with code {@code syntax}. */
    public List<Diagnostic> diagnostics() {
      return problems.stream().map(problem -> problem.diagnostic(file.name())).toList();
    }
  }

  /**
   * Reads {@code text}.
   *
   * @param name what the file is called in messages
   */
  public static Result parse(String name, String text) {
    if (text.length() > MAXIMUM_LENGTH) {
      SyntaxProblem problem =
          new SyntaxProblem(
              new Span(1, 1, 1, 2),
              "the file is longer than " + MAXIMUM_LENGTH + " characters, the most that is read");
      return new Result(new SourceFile(name, List.of()), List.of(problem));
    }
    DlmParser parser = parser(name, text);
    Optional<SyntaxProblem> nesting = deepNesting((BufferedTokenStream) parser.getTokenStream());
    if (nesting.isPresent()) {
      return new Result(new SourceFile(name, List.of()), List.of(nesting.get()));
    }
    List<SyntaxProblem> problems = new ArrayList<>();
    TreeBuilder builder = new TreeBuilder(parser.getTokenStream(), problems);
    SourceFile file;
    try {
      file = new SourceFile(name, builder.file(parser.file()));
    } catch (ParseCancellationException _) {
      file = new SourceFile(name, List.of());
    }
    for (SyntaxError error : parser.errors()) {
      problems.add(
          new SyntaxProblem(
              spanOf(error.offendingToken()),
              error.message(),
              error.opening().map(SourceParser::spanOf)));
    }
    problems.sort(
        Comparator.comparingInt((SyntaxProblem p) -> p.span().line())
            .thenComparingInt(p -> p.span().column()));
    return new Result(file, problems);
  }

  /**
   * A parser over {@code text} that reports as {@link dev.dlm.dsl.grammar.RecoveringParser} does.
   */
  public static DlmParser parser(String name, String text) {
    String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    DlmLexer lexer = new DlmLexer(CharStreams.fromString(content, name));
    lexer.removeErrorListeners();
    DlmParser parser = new DlmParser(new CommonTokenStream(lexer));
    parser.getInterpreter().setPredictionMode(PredictionMode.LL);
    return parser;
  }

  /** Looking ahead, the parser recurses over brackets: they are counted before it begins. */
  private static Optional<SyntaxProblem> deepNesting(BufferedTokenStream tokens) {
    tokens.fill();
    int depth = 0;
    for (Token token : tokens.getTokens()) {
      switch (token.getType()) {
        case DlmParser.LEFT_BRACE, DlmParser.LEFT_BRACKET, DlmParser.LEFT_PARENTHESIS -> depth++;
        case DlmParser.RIGHT_BRACE, DlmParser.RIGHT_BRACKET, DlmParser.RIGHT_PARENTHESIS -> depth--;
        default -> {}
      }
      if (depth > MAXIMUM_NESTING) {
        return Optional.of(new SyntaxProblem(spanOf(token), "this is nested too deeply"));
      }
    }
    return Optional.empty();
  }

  static Span spanOf(Token token) {
    int column = token.getCharPositionInLine() + 1;
    int length =
        token.getType() == Token.EOF
            ? 1
            : Math.max(1, token.getStopIndex() - token.getStartIndex() + 1);
    return new Span(token.getLine(), column, token.getLine(), column + length);
  }
}
