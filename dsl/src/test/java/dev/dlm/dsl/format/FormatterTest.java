package dev.dlm.dsl.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.dsl.Examples;
import dev.dlm.dsl.syntax.SourceParser;
import java.util.List;
import java.util.stream.Stream;
import org.antlr.v4.runtime.BufferedTokenStream;
import org.antlr.v4.runtime.Token;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class FormatterTest {

  static Stream<String> examples() {
    return Examples.ALL.stream();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void format_keepsEveryTokenAndComment(String example) {
    String text = Examples.read(example);
    String formatted = Formatter.format(example, text);
    assertThat(tokens(formatted)).isEqualTo(tokens(text));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void format_twiceGivesTheSameText(String example) {
    String once = Formatter.format(example, Examples.read(example));
    assertThat(Formatter.format(example, once)).isEqualTo(once);
  }

  @Test
  void format_laysOutTheCommentsExample() {
    assertThat(Formatter.format("comments", Examples.read("comments")))
        .isEqualTo(Examples.read("comments.formatted"));
  }

  @Test
  void format_laysOutScansLoopsAndBranches() {
    assertThat(Formatter.format("loops", Examples.read("loops")))
        .isEqualTo(Examples.read("loops.formatted"));
  }

  @Test
  void format_refusesATextWithMistakes() {
    assertThatThrownBy(() -> Formatter.format("a.dlm", "x = )"))
        .isInstanceOf(GraphException.class)
        .hasMessage("a.dlm:1:5: error[syntax]: expected an expression, found ')'");
  }

  private static List<String> tokens(String text) {
    BufferedTokenStream stream =
        (BufferedTokenStream) SourceParser.parser("text", text).getTokenStream();
    stream.fill();
    return stream.getTokens().stream().map(Token::getText).map(String::strip).toList();
  }
}
