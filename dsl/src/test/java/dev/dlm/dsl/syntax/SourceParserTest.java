package dev.dlm.dsl.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.dsl.Examples;
import dev.dlm.dsl.grammar.RecoveringParser;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class SourceParserTest {

  static Stream<String> examples() {
    return Examples.ALL.stream();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void parse_acceptsTheExamples(String example) {
    assertThat(SourceParser.parse(example, Examples.read(example)).problems()).isEmpty();
  }

  @Test
  void parse_reportsSeveralMistakesInOrder_atTheOffendingWord() {
    List<String> problems =
        problems(
            """
            model A(x: int {
              input y f32[B]
            }
            model B {
              input y: f32[B
              z = = 3
              foo(3)
              if z { q = ) }
              s = "abc
              t = 3 $ 4
              repeat i 0..3 { }
            }
            }
            train X {
              batch 3 minimize
              foo 3
            }
            model C {
              x = 3
            layer D { apply(x) { return x } }
            """);
    assertThat(problems)
        .containsExactly(
            "1:16 expected ')' or ',', found '{'",
            "6:3 expected ']' or ',', found 'z'",
            "6:7 expected an expression, found '='",
            "7:6 expected '=', found '('",
            "8:14 expected an expression, found ')'",
            "9:7 this string is not closed before the end of its line",
            "10:9 the character $ has no meaning here",
            "11:12 expected 'in', found '0'",
            "13:1 expected a declaration or the end of the file, found '}'",
            "16:7 expected a training setting or '}', found '3'",
            "20:1 expected a statement or '}', found 'layer'");
  }

  @Test
  void parse_saysWhichBraceIsNotClosed() {
    SourceParser.Result result = SourceParser.parse("a.dlm", "model A {\n  x = 3\n");
    assertThat(result.problems()).hasSize(1);
    assertThat(result.problems().getFirst().message())
        .isEqualTo("expected a statement or '}', found the end of the file");
    assertThat(result.problems().getFirst().opening()).contains(new Span(1, 9, 1, 10));
  }

  @Test
  void parse_keepsWhatIsReadable_besideAMistake() {
    SourceFile file =
        SourceParser.parse("a.dlm", "model A {\n  x, y = ) 3\n  z = 4\n}\nmodel B { }\n").file();
    Declaration.Model model = (Declaration.Model) file.declarations().getFirst();
    assertThat(model.body().getFirst()).isInstanceOf(Statement.Invalid.class);
    assertThat(((Statement.Invalid) model.body().getFirst()).names())
        .extracting(Name::text)
        .containsExactly("x", "y");
    assertThat(model.body().get(1)).isInstanceOf(Statement.Binding.class);
    assertThat(file.declarations()).hasSize(2);
  }

  @Test
  void parse_boundsTheNumberOfProblems() {
    assertThat(problems("model A {\n" + "  x = )\n".repeat(100) + "}\n"))
        .hasSize(RecoveringParser.MAXIMUM_ERRORS);
  }

  @ParameterizedTest
  @CsvSource({"(,)", "[,]", "-,''", "'not ',''", "'if a then b else ',''", "f(,)"})
  void parse_refusesDeepNesting_withoutOverflow(String open, String close) {
    String text = "x = " + open.repeat(100_000) + "1" + close.repeat(100_000) + "\n";
    assertThat(problems(text)).singleElement().asString().contains("nested too deeply");
  }

  @Test
  void parse_refusesDeepBlocks_withoutOverflow() {
    String text = "model A { " + "if a { ".repeat(10_000) + "}".repeat(10_001);
    assertThat(problems(text)).singleElement().asString().contains("nested too deeply");
  }

  @ParameterizedTest
  @CsvSource({"' + 1'", "' |> f'", "'.a'", "'[0]'", "'(0)'"})
  void parse_refusesLongChains_withoutOverflow(String link) {
    assertThat(problems("x = a" + link.repeat(5_000) + "\n"))
        .singleElement()
        .asString()
        .contains("this expression is too long");
  }

  @Test
  void parse_refusesAHugeFile() {
    String text = " ".repeat(SourceParser.MAXIMUM_LENGTH + 1);
    assertThat(problems(text)).singleElement().asString().contains("the file is longer");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x = 99999999999999999999 | 1:5 99999999999999999999 does not fit in 64 bits",
        "x = 1e999 | 1:5 1e999 is larger than the largest f64",
        "layer D { } | 1:7 D has no apply(…) { … }",
        "layer D { apply() { } apply() { } } | 1:23 apply is already defined above: a second one is"
            + " not",
        "import | 1:7 expected a name or a string, found the end of the file",
        "import 3 | 1:8 expected a name or a string, found '3'",
        "model | 1:6 expected a name, found the end of the file",
        "model A { x = f(a b) } | 1:19 expected ')' or ',', found 'b'",
        "model A { repeat i in 0.. { } } | 1:27 expected an expression, found '{'",
        "model A { input x: f32[B, } | 1:27 expected an expression or '..', found '}'",
        "model A { x = [a for b c] } | 1:24 expected 'in', found 'c'",
        "model A { x.y = 3 } | 1:12 expected '=', found '.'",
        "model A { x = scan y in z over 1 { } } | 1:32 expected 'axis', found '1'",
        "model A { x = scan y, in z { } } | 1:23 expected a name, found 'in'",
        "model A { x = scan y in z carry { } } | 1:33 expected a name, found '{'",
        "model A { x = scan y in z carry h { } } | 1:35 expected '=', found '{'",
        "model A { x = scan y in z over axis 1 a } | 1:39 expected 'carry', 'recompute' or '{', found"
            + " 'a'",
        "model A { x = while y { } } | 1:23 expected 'carry', found '{'",
        "model A { x = while y carry a = 0 limit { } } | 1:41 expected an expression, found '{'",
        "model A { x = cond y { yield 1 } } | 1:34 expected 'else', found '}'",
        "model A { x = cond y { yield 1 } else 3 } | 1:39 expected 'cond' or '{', found '3'",
        "model A { 3 } | 1:11 expected a statement or '}', found '3'",
      })
  void parse_saysWhatWasExpected(String text, String problem) {
    assertThat(problems(text)).containsExactly(problem);
  }

  @Test
  void parse_takesLineEndsAsSpace() {
    String text = "model A {\n  x = f(a)\n  y\n  = x\n  |> g\n  h, c\n  = p(y)\n}\n";
    Declaration.Model spread =
        (Declaration.Model) SourceParser.parse("a", text).file().declarations().getFirst();
    assertThat(spread.body()).hasSize(3);
  }

  @Test
  void parse_allowsSoftKeywordsAsNames() {
    assertThat(problems("model A { input data: f32[B] step = data next = step batch = next }"))
        .isEmpty();
  }

  private static List<String> problems(String text) {
    return SourceParser.parse("a.dlm", text).problems().stream()
        .map(p -> p.span().line() + ":" + p.span().column() + " " + p.message())
        .toList();
  }
}
