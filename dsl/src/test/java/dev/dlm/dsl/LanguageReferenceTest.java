package dev.dlm.dsl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.dlm.dsl.elaborate.Elaborated;
import dev.dlm.dsl.format.Formatter;
import dev.dlm.dsl.source.Sources;
import dev.dlm.dsl.syntax.SourceParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The code in the language reference is code that works. */
final class LanguageReferenceTest {
  private static final Path REFERENCE = Path.of("../docs/language.md");
  private static final Pattern BLOCK =
      Pattern.compile("^```dlm( fragment)?\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  record Block(int line, boolean fragment, String text) {
    @Override
    public String toString() {
      return "line " + line;
    }
  }

  static Stream<Block> blocks() throws IOException {
    String page = Files.readString(REFERENCE);
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(page);
    while (matcher.find()) {
      int line = (int) page.substring(0, matcher.start()).lines().count() + 1;
      blocks.add(new Block(line, matcher.group(1) != null, matcher.group(2)));
    }
    assertThat(blocks).hasSizeGreaterThan(8);
    return blocks.stream();
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void block_isWhatItSaysItIs(Block block) {
    if (block.fragment) {
      String wrapped = "function fragment() {\n" + block.text + "}\n";
      assertThat(SourceParser.parse("fragment", wrapped).problems()).isEmpty();
      return;
    }
    String file = "block.dlm";
    Elaborated elaborated = Dsl.elaborate(file, Sources.of(Map.of(file, block.text)));
    assertThat(elaborated.models().size() + elaborated.tests().size()).isPositive();
    assertThatCode(() -> Formatter.format(file, block.text)).doesNotThrowAnyException();
  }
}
