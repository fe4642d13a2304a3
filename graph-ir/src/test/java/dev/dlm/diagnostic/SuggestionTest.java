package dev.dlm.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionTest {
  @Test
  void closest_findsTheNameWithTheFewestEdits() {
    assertThat(Suggestion.closest("imgae", List.of("label", "image"))).contains("image");
    assertThat(Suggestion.closest("Labels", List.of("label", "image"))).contains("label");
    assertThat(Suggestion.closest("acuracy", List.of("loss", "accuracy"))).contains("accuracy");
  }

  @Test
  void closest_isEmptyWhereNothingIsAlike() {
    assertThat(Suggestion.closest("weights", List.of("label", "image"))).isEmpty();
    assertThat(Suggestion.closest("x", List.of("y"))).isEmpty();
    assertThat(Suggestion.closest("image", List.of())).isEmpty();
  }

  @Test
  void help_listsAllNamesWhereNoneIsAlike() {
    assertThat(Suggestion.help("imag", "inputs", List.of("image")))
        .isEqualTo("did you mean 'image'?");
    assertThat(Suggestion.help("weights", "inputs", List.of("a", "b"))).isEqualTo("inputs: a, b");
    assertThat(Suggestion.help("weights", "inputs", List.of())).isEqualTo("there are no inputs");
  }
}
