package dev.dlm.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.DiagnosticRenderer;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.dsl.format.Formatter;
import dev.dlm.dsl.source.Sources;
import dev.dlm.dsl.syntax.SourceParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.antlr.v4.runtime.BufferedTokenStream;
import org.antlr.v4.runtime.Token;

/** Whatever a file holds, it elaborates or gives diagnostics that can be shown. */
final class DamagedFilesProperties {
  private static final String FILE = "damaged.dlm";

  private static final String SOUND =
      """
      import nn
      width = 8
      function twice(x: F[..S]) -> F[..S] = x * 2.0
      layer Block(units: int, act: function = relu) {
        inner = nn.Dense(units)
        apply(x: F[..B, N]) -> F[..B, N] {
          weight w: F[N] = normal(0.1)
          y = x |> inner |> act
          return x * w + (y |> nn.Dense(N))
        }
      }
      model M(classes: int = 3) {
        input x: f32[B, width]
        input label: i32[B]
        where B <= 16
        h = x |> twice
        repeat i in 0..2 {
          h = h |> Block(4) named block[i]
        }
        logits = h[:, 1:] |> nn.BatchNorm() |> nn.Dropout(0.5) |> nn.Dense(classes)
        output probability = softmax(logits)
        loss = mean(cross_entropy(logits, label))
        metric accuracy = mean(argmax(logits) == label)
      }
      train M {
        data x, label = idx("x", "label")
        validate x, label = idx("vx", "vlabel")
        minimize loss
        optimizer adam(rate = cosine(peak = 1e-3, warmup = 10))
        clip global_norm(1.0)
        batch 4
        stop when validate.accuracy stalls for 3 epochs
      }
      test "starts out undecided" {
        m = M()
        expect m.loss ≈ log(3.0) within 0.5
      }
      """;

  private static final List<String> STRAY =
      List.of(
          "(",
          ")",
          "[",
          "]",
          "{",
          "}",
          ",",
          ":",
          "..",
          "=",
          "|>",
          "-",
          "@",
          "if",
          "x",
          "loss",
          "0",
          "-1",
          "9999999999",
          "1e300",
          "\"s\"",
          "nn",
          "nn.Dense",
          "M()",
          "weights",
          "training",
          "f32",
          "[1, 2]",
          "model",
          "return",
          "named",
          "gradient",
          "≈",
          "😀",
          "\"");

  @Property(tries = 200)
  void elaborate_ofADamagedFileGivesDiagnostics(@ForAll Random random) {
    List<String> words = words();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(words.size());
      switch (random.nextInt(4)) {
        case 0 -> words.remove(at);
        case 1 -> words.add(at, STRAY.get(random.nextInt(STRAY.size())));
        case 2 -> words.set(at, STRAY.get(random.nextInt(STRAY.size())));
        default -> words.set(at, words.get(random.nextInt(words.size())));
      }
    }
    String text = String.join(" ", words).replace(" \n", "\n");
    try {
      assertThat(Dsl.elaborate(FILE, Sources.of(Map.of(FILE, text)))).isNotNull();
    } catch (GraphException fault) {
      DiagnosticRenderer renderer = new DiagnosticRenderer(file -> Optional.of(text));
      for (Diagnostic diagnostic : fault.diagnostics()) {
        assertThat(renderer.render(diagnostic)).contains(diagnostic.message());
        assertThat(diagnostic.location().source()).as(diagnostic.message()).isPresent();
      }
    }
  }

  @Property(tries = 200)
  void format_ofADamagedFileKeepsItsWordsOrRefuses(@ForAll Random random) {
    List<String> words = words();
    words.remove(random.nextInt(words.size()));
    words.add(random.nextInt(words.size()), "// c\n");
    String text = String.join(" ", words);
    try {
      String once = Formatter.format(FILE, text);
      assertThat(Formatter.format(FILE, once)).isEqualTo(once);
      // The comment may move to the end of its line.
      assertThat(once).contains("// c");
      assertThat(bare(once)).isEqualTo(bare(text));
    } catch (GraphException refused) {
      assertThat(refused.diagnostics()).isNotEmpty();
    }
  }

  private static String bare(String text) {
    return text.replace("// c\n", "").replaceAll("\\s", "");
  }

  /** The tokens of a sound file, each first one of a line with the line end before it. */
  private static List<String> words() {
    BufferedTokenStream stream =
        (BufferedTokenStream) SourceParser.parser(FILE, SOUND).getTokenStream();
    stream.fill();
    List<String> words = new ArrayList<>();
    int line = 1;
    for (Token token : stream.getTokens()) {
      if (token.getType() != Token.EOF) {
        String indent = " ".repeat(token.getCharPositionInLine());
        words.add((token.getLine() > line ? "\n" + indent : "") + token.getText());
        line = token.getLine();
      }
    }
    return words;
  }
}
