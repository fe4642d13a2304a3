package dev.dlm.dsl.elaborate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.dsl.source.StandardLibrary;
import dev.dlm.dsl.syntax.Declaration;
import dev.dlm.dsl.syntax.SourceParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class ReferenceCompletenessTest {
  private static Set<String> words() throws IOException {
    String page = Files.readString(Path.of("../docs/language.md"));
    return new TreeSet<>(Arrays.asList(page.split("[^A-Za-z0-9_]+")));
  }

  @Test
  void reference_namesEveryPrimitive() throws IOException {
    assertThat(Primitives.names()).hasSizeGreaterThan(40);
    assertThat(words()).containsAll(Primitives.names());
  }

  @Test
  void reference_namesEveryLayerInitializerOptimizerScheduleAndClip() throws IOException {
    Set<String> words = words();
    int count = 0;
    for (String file : StandardLibrary.files("nn")) {
      String text = StandardLibrary.text(file).orElseThrow();
      for (Declaration declaration : SourceParser.parse(file, text).file().declarations()) {
        if (declaration instanceof Declaration.Component component) {
          assertThat(words).contains(component.name().text());
          assertThat(component.documentation()).as(component.name().text()).isNotBlank();
          count++;
        }
      }
    }
    assertThat(count).isGreaterThan(20);
  }
}
